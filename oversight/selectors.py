"""Reads of host units and supervisors: the list with its conditions, and its rows for export."""

from datetime import date
from typing import IO

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core import audit, paging, spreadsheets
from core.spreadsheets import Column
from members.models import User
from oversight.models import HostUnit, Supervisor

ORDER = (paging.Key("order"), paging.Key("id"))
NOW, NOBODY, PAST, ALL = "", "nobody", "past", "all"
TIMES = [(NOW, "现在派驻的"), (NOBODY, "现在没有人的"), (PAST, "聘期已满的"), (ALL, "现在的和以前的")]

COLUMNS: tuple[Column, ...] = (
    ("受派单位", 40, lambda row: row[0].name),
    ("类型", 12, lambda row: row[0].category),
    ("驻点联系人", 16, lambda row: row[0].contact),
    ("民主监督员", 14, lambda row: row[1].member.name if row[1] else "没有派驻"),
    ("委员编号", 14, lambda row: row[1].member.code if row[1] else ""),
    ("界别", 16, lambda row: row[1].member.sector.name if row[1] and row[1].member.sector else ""),
    ("工作单位及职务", 40, lambda row: row[1].member.post if row[1] else ""),
    ("聘期开始", 12, lambda row: row[1].starts if row[1] else None),
    ("聘期结束", 12, lambda row: row[1].ends if row[1] else None),
    ("提前结束的原因", 30, lambda row: row[1].end_reason if row[1] else ""),
)
"""Of a pair: a unit, and one of its supervisors or nobody."""


def categories() -> list[str]:
    """The kinds of unit that are stored; one query."""
    found = HostUnit.objects.exclude(category="").values_list("category", flat=True)
    return list(found.distinct().order_by("category"))


def units(user: User, *, q: str = "", category: str = "", time: str = NOW, today: date) -> QuerySet[HostUnit]:
    """Units that meet the conditions, each with ``shown``, its supervisors of that time; two queries.

    ``NOBODY`` are the gaps: units in use at which nobody serves now.
    """
    timed = _timed(Supervisor.objects.visible_to(user), time, today)
    found = HostUnit.objects.visible_to(user)
    if time == NOBODY:
        found = found.filter(~Exists(timed.filter(unit=OuterRef("pk"))), is_active=True)
    elif time != ALL:
        found = found.filter(Exists(timed.filter(unit=OuterRef("pk"))))
    if category:
        found = found.filter(category=category)
    if q:
        named = timed.filter(unit=OuterRef("pk")).filter(Q(member__name__icontains=q) | Q(member__code__iexact=q))
        found = found.filter(Q(name__icontains=q) | Exists(named))
    shown = timed.select_related("member", "member__sector").order_by("-starts", "id")
    return found.prefetch_related(Prefetch("supervisors", shown, to_attr="shown"))


def _timed(rows, time: str, today: date):
    if time == ALL:
        return rows
    return rows.over(today) if time == PAST else rows.serving(today)


def export(found: QuerySet[HostUnit], *, actor: User, query: str) -> IO[bytes]:
    """The units of the list with their supervisors as a spreadsheet, an open file; recorded in the log."""
    pairs = ((unit, row) for unit in found.order_by("order", "id").iterator(500) for row in unit.shown or [None])
    file, count = spreadsheets.write("民主监督员", COLUMNS, pairs)
    audit.record(
        verb="supervisors.export",
        summary=f"导出民主监督员{count}行",
        actor=actor,
        detail={"query": query, "rows": count},
    )
    return file
