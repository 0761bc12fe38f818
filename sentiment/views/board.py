"""The board 看板 of opinion reports: the figures of a year, what waits, and the ranking for those entitled."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import spreadsheets
from sentiment import board as figures_of
from sentiment import exports, ranking
from sentiment.board import Addresses
from sentiment.forms.filter import AGES

SHOWN = 20
FIRST_YEAR = 2000


@require_safe
@permission_required("sentiment.see_board", raise_exception=True)
def board(request: HttpRequest) -> HttpResponse:
    """A year's figures; ``format=xlsx`` takes them along, with ``what=ranking`` the ranking."""
    today, user = timezone.localdate(), request.user
    year = _year(request, today.year)
    office, ranks = ranking.opens_lists(user), ranking.may_see(user)
    found, to = ranking.facts(year), Addresses(year, office=office)
    sees_notes = user.has_perm("sentiment.see_notes")
    reporters, bodies = _ranking(year, found) if ranks else ([], [])
    now = figures_of.standing(to, today)
    if request.GET.get("format") == "xlsx":
        if request.GET.get("what") == "ranking":
            if not ranks:
                raise PermissionDenied
            rows = [("反映人", row) for row in reporters] + [("报送单位", row) for row in bodies]
            return _file(exports.write_ranking(rows, actor=user, year=year), f"{year}年排名")
        lines = figures_of.sheet(found, to, now, today, sees_notes=sees_notes)
        return _file(exports.write_figures(lines, actor=user, year=year), f"{year}年数字")
    for place in (*reporters[:SHOWN], *bodies[:SHOWN]):
        place.url = to.came_in(by=place.key)
    context = {
        "year": year,
        "today": today,
        "years": figures_of.years(today),
        "figures": figures_of.head(found, to, now, sees_notes=sees_notes),
        "levels": figures_of.levels(found, to),
        "tables": [
            ("source", "来源", figures_of.groups(found, to, "source")),
            ("category", "类别", figures_of.groups(found, to, "category")),
        ],
        "queues": figures_of.queues(to, now) if office else [],
        "ages": list(AGES.values()),
        "units": figures_of.units(to, today),
        "ranks": ranks,
        "rankings": [("reporters", "反映人", reporters[:SHOWN], len(reporters)), ("bodies", "报送单位", bodies[:SHOWN], len(bodies))],
        "office": office,
        "to": to,
    }  # fmt: skip
    return render(request, "sentiment/board.html", context)


def _ranking(year: int, found: list[ranking.Fact]) -> tuple[list[ranking.Place], list[ranking.Place]]:
    """Reporters and bodies by the rules of the year."""
    rules = ranking.rules_of_year(year)
    return ranking.reporters(year, found, rules), ranking.bodies(found, rules)


def _file(file, what: str) -> FileResponse:
    return FileResponse(
        file, as_attachment=True, filename=exports.file_name(what), content_type=spreadsheets.CONTENT_TYPE
    )


def _year(request: HttpRequest, default: int) -> int:
    """The year asked for, when it is a plausible one."""
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and FIRST_YEAR <= int(text) <= default else default
