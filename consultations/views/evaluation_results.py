"""Reading quality evaluations 质量评价: the list, a year by committee and indicator, sheets to take away."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.evaluation import summary as summaries
from consultations.evaluation.forms import EvaluationFilter
from consultations.evaluation.workflow import RUN
from consultations.models import Evaluation, EvaluationStatus
from consultations.services.indicators import reading
from core import audit, paging, spreadsheets

PAGE = 30
MOST = 5000
NEWEST = (paging.Key("id", True),)


def _points(row: Evaluation, user: Any) -> Any:
    return row.points if user.has_perm("consultations.read_result", row) else None


def _sheet(request: HttpRequest, name: str, columns: tuple[spreadsheets.Column, ...], rows: Any) -> HttpResponse:
    """A workbook as the answer, written into the log."""
    file, count = spreadsheets.write(name[:30], columns, rows)
    audit.record(
        verb="evaluation.export", summary=f"导出{name}{count}行"[:200], actor=request.user,
        detail={"query": request.GET.urlencode(), "rows": count},
    )  # fmt: skip
    response = FileResponse(file, as_attachment=True, filename=f"{name}_{timezone.localdate():%Y%m%d}.xlsx")
    response["Content-Type"] = spreadsheets.CONTENT_TYPE
    return response


def _reads_all(request: HttpRequest) -> None:
    if not request.user.has_perm("consultations.read_evaluations"):
        raise Http404


def _narrowed(rows: Any, form: EvaluationFilter) -> Any:
    if not form.is_valid():
        return rows.none()
    asked = form.cleaned_data
    if asked["year"]:
        rows = rows.filter(consultation__on__year=asked["year"])
    if asked["organizer"]:
        rows = rows.filter(consultation__organizer=None if asked["organizer"] == "0" else asked["organizer"])
    if asked["grade"]:
        rows = rows.filter(grade=asked["grade"])
    if asked["state"]:
        rows = rows.filter(status=asked["state"])
    return rows


@require_safe
def evaluation_list(request: HttpRequest) -> HttpResponse:
    """The evaluations that this person may see, by the conditions in the address."""
    visible = Evaluation.objects.visible_to(request.user)
    grades = list(visible.exclude(grade="").order_by().values_list("grade", flat=True).distinct())
    form = EvaluationFilter(request.GET, years=summaries.years(), grades=grades)
    rows = _narrowed(visible, form)
    reads_all = request.user.has_perm("consultations.read_evaluations")
    if request.GET.get("format") == "xlsx":
        return _export(request, rows)
    page = paging.turn(rows.for_list(), request.GET, NEWEST, size=PAGE)
    chips = []
    if form.is_valid():
        for name, field in form.fields.items():
            if value := form.cleaned_data.get(name):
                words = dict(field.choices).get(value, value)
                chips.append((field.label, words, paging.without(request.GET, name)))
    context = {
        "rows": [(row, _points(row, request.user)) for row in page.rows], "page": page, "filters": form,
        "unit_word": "场", "active_filters": chips, "clear_url": reverse("consultations:evaluations"),
        "runs": request.user.has_perm(RUN), "reads_all": reads_all,
        "export_url": f"{paging.without(request.GET, 'format')}&format=xlsx".replace("?&", "?") if reads_all else "",
        "empty_title": "没有符合的评价" if chips else "还没有质量评价",
        "empty_text": "换个条件再看。" if chips else "协商举行以后请参加的人不记名评价；公布了等次的列在这里。",
    }  # fmt: skip
    return render(request, "consultations/evaluation_list.html", context)


def _export(request: HttpRequest, rows: Any) -> HttpResponse:
    _reads_all(request)
    if rows.order_by()[MOST:].exists():
        messages.error(request, f"超过{MOST:,}场，一次导不完。请先按年度筛选，再导出。")
        return redirect("consultations:evaluations")
    columns: tuple[spreadsheets.Column, ...] = (
        ("日期", 12, lambda row: row.consultation.on),
        ("协商", 46, lambda row: row.consultation.title),
        ("形式", 16, lambda row: row.consultation.get_form_display()),
        ("承办单位", 24, lambda row: str(row.consultation.organizer or "政协机关")),
        ("发出", 8, lambda row: row.invited),
        ("收回", 8, lambda row: row.answered),
        ("得分", 8, lambda row: row.points),
        ("等次", 8, lambda row: row.grade),
        ("状态", 12, lambda row: row.get_status_display()),
    )
    return _sheet(request, "质量评价", columns, rows.for_list().order_by("-consultation__on", "-id"))


def export_result(request: HttpRequest, row: Evaluation) -> HttpResponse:
    """One session's result by indicator."""
    indicators = reading(row.indicators)
    lines = [(part, line) for part, _, items in summaries.lines(row.result, indicators) for line in items]
    levels: tuple[spreadsheets.Column, ...] = tuple(
        (level.label, 8, lambda pair, at=at: pair[1].shares[at].count if pair[1].shares else None)
        for at, level in enumerate(indicators.levels)
    )
    columns: tuple[spreadsheets.Column, ...] = (
        ("部分", 20, lambda pair: pair[0]),
        ("指标", 40, lambda pair: pair[1].label),
        ("权重", 8, lambda pair: pair[1].weight),
        *levels,
        ("平均", 8, lambda pair: pair[1].mean),
        ("标准差", 8, lambda pair: pair[1].sd),
        ("份数", 8, lambda pair: pair[1].n or f"不足{row.minimum}份"),
    )
    return _sheet(request, f"质量评价结果_{row.consultation.title[:20]}", columns, lines)


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """A year by committee, grade and indicator, beside the year before; every number leads on."""
    _reads_all(request)
    years = summaries.years()
    this_year = timezone.localdate().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else (years[0] if years else this_year)
    found = summaries.of_year(year)
    if request.GET.get("format") == "xlsx":
        columns: tuple[spreadsheets.Column, ...] = (
            ("承办单位", 28, lambda group: group.label),
            ("协商场数", 10, lambda group: group.held),
            ("有结果场数", 12, lambda group: group.evaluated),
            (f"{year}年平均分", 12, lambda group: group.mean),
            (f"{year - 1}年平均分", 12, lambda group: group.mean_before),
            ("比上年", 10, lambda group: group.change),
        )
        return _sheet(request, f"{year}年质量评价汇总", columns, [*found.committees, found.total])
    lists = f"{reverse('consultations:evaluations')}?year={year}"
    open_now = Evaluation.objects.filter(status=EvaluationStatus.OPEN, consultation__on__year=year).count()
    figures = [
        {"value": found.total.evaluated, "unit": "场", "name": "有结果", "url": f"{lists}",
         "note": f"今年协商{found.total.held}场"},
        {"value": open_now, "unit": "场", "name": "正在评价", "url": f"{lists}&state=open", "note": ""},
    ]  # fmt: skip
    context = {"found": found, "years": years, "year": year, "figures": figures, "lists": lists}
    return render(request, "consultations/evaluation_summary.html", context)


@require_safe
def indicator(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """One indicator over the sessions of a year, the lowest mean first."""
    _reads_all(request)
    words, rows = summaries.of_indicator(year, code) if year <= date.max.year else ("", [])
    if not words:
        raise Http404
    return render(request, "consultations/evaluation_indicator.html", {"words": words, "rows": rows, "year": year})
