"""The leadership page 领导看板: six figures, the funnel, what is overdue and whose, and breakdowns."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from dashboards.charts import stacked_bars
from dashboards.figures import six_figures
from proposals import statistics
from proposals.models import Proposal

BREAKDOWNS = (("unit", "主办单位"), ("category", "类别"), ("sector", "界别"))
SHOWN_UNITS = 10


@permission_required("proposals.see_figures", raise_exception=True)
def leadership(request: HttpRequest) -> HttpResponse:
    """Figures of one year beside the same day of the year before, from what this person may see."""
    today = timezone.localdate()
    year = _year(request, today.year)
    rows = Proposal.objects.visible_to(request.user)
    counts = statistics.count_year(rows, year, None if year == today.year else today)
    counts_before = statistics.count_year(rows, year - 1, statistics.year_before(today))
    steps = statistics.funnel(counts, counts_before)
    ratings = statistics.ratings(counts)
    late = statistics.late_units(rows, today)
    tables = [(code, label, statistics.breakdown(rows, year, code, today)) for code, label in BREAKDOWNS]
    context = {
        "year": year,
        "today": today,
        "years": range(today.year, today.year - 5, -1),
        "figures": six_figures(rows, counts, counts_before, today),
        "steps": steps,
        "late": late[:SHOWN_UNITS],
        "late_more": max(0, len(late) - SHOWN_UNITS),
        "late_all": statistics.link(overdue=today),
        "late_labels": statistics.LATE_LABELS,
        "ratings": _rating_lines(ratings),
        "rates": statistics.rates(counts, counts_before),
        "tables": tables,
        "list_url": reverse("proposals:list"),
        "charts": {
            "funnel": {
                "names": [step.label for step in steps],
                "now": [step.now.value for step in steps],
                "before": [step.before.value for step in steps],
                "years": [f"{year}年", f"{year - 1}年同日"],
            },
            "late": stacked_bars(late[:SHOWN_UNITS], statistics.LATE_LABELS),
        },
    }
    return render(request, "dashboards/leadership.html", context)


def _year(request: HttpRequest, default: int) -> int:
    """The year asked for, when it is a plausible one."""
    text = request.GET.get("year", "")
    return int(text) if text.isdigit() and 2000 <= int(text) <= default else default


def _rating_lines(ratings: dict) -> list[dict]:
    """Attitude and result apart, as one table line each, with shares for the bar."""
    lines = []
    for column, label in (("attitude", "办理态度"), ("rating", "办理结果")):
        counts = ratings[column]
        total = sum(item.value for item in counts.values()) or 1
        left, parts = 0.0, []
        for code, colour in (("satisfied", "green"), ("basically", "amber"), ("unsatisfied", "over")):
            width = 100 * counts[code].value / total
            parts.append({"x": f"{left:.2f}", "width": f"{width:.2f}", "colour": colour})
            left += width
        lines.append({"label": label, "counts": counts, "parts": parts})
    return lines
