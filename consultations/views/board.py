"""The board 协商看板 and the two lists that its numbers open: outcomes sent up, and what units took up of them."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import board as figures_of
from consultations import progress
from consultations.forms_plan import Selects
from consultations.models import Outcome, UptakeResult
from consultations.plan_sheets import OUTCOME_COLUMNS, UPTAKE_COLUMNS, send
from consultations.views.plan_items import chips_of, export_url
from core import audit, paging, spreadsheets
from members.models import HandlingUnit

FIRST_YEAR = 2000
BACK = 5
SHOWN_UNITS = 15
NEWEST_SENT = (paging.Key("sent_on", True), paging.Key("id", True))
NEWEST_GIVEN = (paging.Key("assigned_on", True), paging.Key("id", True))
FIGURES: tuple[spreadsheets.Column, ...] = (
    ("部分", 14, lambda row: row[0]),
    ("名称", 44, lambda row: row[1]),
    ("今年", 12, lambda row: row[2]),
    ("去年", 12, lambda row: row[3]),
)


class OutcomeFilter(Selects):
    """The conditions of the list of outcomes, in the address."""

    year = forms.IntegerField(
        label="报送年份",
        required=False,
        min_value=1950,
        max_value=2150,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部类型"), *Outcome.Kind.choices])
    state = forms.ChoiceField(
        label="转化", required=False, choices=[("", "全部"), ("converted", "已转化"), ("waiting", "还没有转化")]
    )


class UptakeFilter(Selects):
    """The conditions of the list of uptakes, in the address."""

    STATES = (
        ("", "全部结果"), ("taken", "采纳和部分采纳"), *UptakeResult.choices, ("overdue", "逾期未答复"),
    )  # fmt: skip

    year = forms.IntegerField(
        label="交办年份",
        required=False,
        min_value=1950,
        max_value=2150,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    state = forms.ChoiceField(label="结果", required=False, choices=STATES)
    unit = forms.ModelChoiceField(
        label="承办单位", required=False, queryset=HandlingUnit.objects.filter(is_active=True), empty_label="全部单位"
    )


@require_safe
@permission_required("consultations.see_board", raise_exception=True)
def board(request: HttpRequest) -> HttpResponseBase:
    """The figures of one year beside the year before; ``format=xlsx`` takes them along."""
    today, user = timezone.localdate(), request.user
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and FIRST_YEAR <= int(text) <= today.year + 1 else today.year
    now, before = figures_of.count(user, year, today)
    units = figures_of.by_unit(user, now, today)
    if request.GET.get("format") == "xlsx":
        return _figures_file(request, figures_of.sheet(now, before, units), year)
    forms_, quarters = figures_of.by_form(now, before), figures_of.by_quarter(now, before)
    context = {
        "year": year, "today": today, "years": range(today.year + 1, today.year - BACK, -1),
        "figures": figures_of.head(now, before, figures_of.late_total(units)),
        "tables": [("forms", "形式", forms_), ("quarters", "季度", quarters)],
        "rates": figures_of.rates(now, before), "units": units[:SHOWN_UNITS],
        "units_more": max(0, len(units) - SHOWN_UNITS), "all_uptakes": now.to.uptakes(),
        "empty": not now.items and not now.sessions and not before.items,
        "charts": {"forms": figures_of.chart(forms_), "quarters": figures_of.chart(quarters)},
    }  # fmt: skip
    return render(request, "consultations/board.html", context)


def _figures_file(request: HttpRequest, rows: list[tuple[str, str, Any, Any]], year: int) -> FileResponse:
    file, count = spreadsheets.write(f"{year}年协商数字", FIGURES, rows)
    audit.record(verb="consultation.figures", summary=f"导出{year}年协商看板{count}行", actor=request.user)
    name = f"{year}年协商看板.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=spreadsheets.CONTENT_TYPE)


@require_safe
@permission_required("consultations.see_board", raise_exception=True)
def outcome_list(request: HttpRequest) -> HttpResponseBase:
    """Outcomes that were sent up, by the conditions in the address."""
    form = OutcomeFilter(request.GET)
    rows = figures_of.outcomes(request.user)
    if form.is_valid():
        asked = form.cleaned_data
        if asked["year"]:
            rows = rows.filter(sent_on__year=asked["year"])
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["state"]:
            rows = rows.filter(progress.converted() if asked["state"] == "converted" else ~progress.converted())
    else:
        rows = rows.none()
    rows = rows.select_related("consultation")
    if request.GET.get("format") == "xlsx":
        return send(request, "协商成果", OUTCOME_COLUMNS, rows.order_by("-sent_on", "-id"), "outcome.export")
    slim = rows.only("title", "kind", "status", "sent_on", "sent_to", "consultation__title")
    page = paging.turn(slim, request.GET, NEWEST_SENT)
    context = _context(request, page, form, "board_outcomes", "份", "成果报送以后列在这里。")
    return render(request, "consultations/board_outcomes.html", context)


@require_safe
@permission_required("consultations.see_board", raise_exception=True)
def uptake_list(request: HttpRequest) -> HttpResponseBase:
    """What units were given, with what they made of it, by the conditions in the address."""
    form, today = UptakeFilter(request.GET), timezone.localdate()
    rows = figures_of.uptakes(request.user)
    if form.is_valid():
        asked = form.cleaned_data
        if asked["year"]:
            rows = rows.filter(assigned_on__year=asked["year"])
        if asked["unit"]:
            rows = rows.filter(unit=asked["unit"])
        if asked["state"] == "overdue":
            rows = rows.filter(figures_of.overdue(today))
        elif asked["state"]:
            rows = rows.filter(result__in=figures_of.TAKEN if asked["state"] == "taken" else (asked["state"],))
    else:
        rows = rows.none()
    rows = figures_of.with_due(rows.select_related("outcome__consultation", "unit"))
    if request.GET.get("format") == "xlsx":
        return send(request, "采纳情况", UPTAKE_COLUMNS, rows.order_by("-assigned_on", "-id"), "uptake.export")
    slim = rows.only(
        "result", "assigned_on", "answered_on", "policy", "outcome__title", "outcome__consultation__title", "unit__name",
        "unit__short_name",
    )  # fmt: skip
    page = paging.turn(slim, request.GET, NEWEST_GIVEN)
    context = _context(request, page, form, "board_uptakes", "份", "成果交单位办理以后列在这里。")
    return render(request, "consultations/board_uptakes.html", context)


def _context(request: HttpRequest, page: Any, form: Any, name: str, unit: str, empty: str) -> dict[str, Any]:
    chips = chips_of(request, form)
    return {
        "rows": page.rows, "page": page, "filters": form, "active_filters": chips, "unit_word": unit,
        "clear_url": reverse(f"consultations:{name}"), "export_url": export_url(request),
        "empty_title": "没有符合的" if chips else "还没有", "empty_text": "换个条件再看。" if chips else empty,
    }  # fmt: skip
