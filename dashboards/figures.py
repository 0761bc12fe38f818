"""The six figures 六个数字 of a year's proposals, each beside the same day of the year before and with its list."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from proposals import statistics
from proposals.statistics import Step, YearCounts


def this_year(rows: QuerySet, today: date) -> list[dict]:
    """The six figures of the present year, out of the cases ``rows``; three queries."""
    now = statistics.count_year(rows, today.year)
    before = statistics.count_year(rows, today.year - 1, statistics.year_before(today))
    return six_figures(rows, now, before, today)


def six_figures(rows: QuerySet, now: YearCounts, before: YearCounts, today: date) -> list[dict]:
    """Received, filed, replied, closed, overdue, satisfied: ``{value, unit, name, note, url}`` each; one query."""
    base = reverse("proposals:list")
    steps = {step.code: step for step in statistics.funnel(now, before)}
    names = (("received", "收到提案"), ("filed", "立案"), ("replied", "已答复"), ("closed", "办结"))
    counts = [_count(steps[code], base, name) for code, name in names]
    late = statistics.late_total(rows, today)
    overdue = {
        "value": late.value,
        "unit": "件",
        "name": "现在超期未办",
        "note": "按今天算",
        "url": f"{base}?{late.query}",
    }
    return [*counts, overdue, _satisfied(now, before, base)]


def _count(step: Step, base: str, name: str) -> dict:
    more = step.now.value - step.before.value
    word = "持平" if more == 0 else (f"多{more}" if more > 0 else f"少{-more}")
    note = f"去年同日{step.before.value}，{word}"
    return {"value": step.now.value, "unit": "件", "name": name, "note": note, "url": f"{base}?{step.now.query}"}


def _satisfied(now: YearCounts, before: YearCounts, base: str) -> dict:
    rate, past = (statistics.satisfied_rate(statistics.ratings(counts)["rating"]) for counts in (now, before))
    answered = statistics.link(year=now.year, rating="satisfied,basically,unsatisfied")
    return {
        "value": "－" if rate is None else rate,
        "unit": "" if rate is None else "%",
        "name": "满意率",
        "note": "去年还没有反馈" if past is None else f"{before.year}年{past}%",
        "url": f"{base}?{answered}",
    }
