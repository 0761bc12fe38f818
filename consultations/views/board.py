"""The board 协商看板: plan against done, outcomes and what units took up; its numbers open the lists of the app."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import board as figures_of
from core import audit, spreadsheets

FIRST_YEAR = 2000
BACK = 5
SHOWN_UNITS = 15
FIGURES: tuple[spreadsheets.Column, ...] = (
    ("部分", 14, lambda row: row[0]),
    ("名称", 44, lambda row: row[1]),
    ("今年", 12, lambda row: row[2]),
    ("去年", 12, lambda row: row[3]),
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
