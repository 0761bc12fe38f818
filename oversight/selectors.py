"""Reads of host units and supervisors: the list with its conditions, and its rows for export."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core import audit, paging, spreadsheets
from core.spreadsheets import Column
from members.models import User
from oversight.models import HostUnit, Supervisor

ORDER = (paging.Key("order"), paging.Key("id"))
NOW, PAST, ALL = "", "past", "all"
TIMES = [(NOW, "现在派驻的"), (PAST, "聘期已满的"), (ALL, "现在的和以前的")]

COLUMNS: tuple[Column, ...] = (
    ("受派单位", 40, lambda row: row.unit.name),
    ("类型", 12, lambda row: row.unit.category),
    ("驻点联系人", 16, lambda row: row.unit.contact),
    ("民主监督员", 14, lambda row: row.member.name),
    ("委员编号", 14, lambda row: row.member.code),
    ("界别", 16, lambda row: row.member.sector.name if row.member.sector else ""),
    ("工作单位及职务", 40, lambda row: row.member.post),
    ("聘期开始", 12, lambda row: row.starts),
    ("聘期结束", 12, lambda row: row.ends),
    ("提前结束的原因", 30, lambda row: row.end_reason),
)


def categories() -> list[str]:
    """The kinds of unit that are stored; one query."""
    found = HostUnit.objects.exclude(category="").values_list("category", flat=True)
    return list(found.distinct().order_by("category"))


def supervisors(user: User, *, q: str = "", category: str = "", time: str = NOW, today: date) -> QuerySet[Supervisor]:
    """Supervisors by unit that meet the conditions; ``q`` is part of a unit's or member's name, or a code."""
    found = _timed(Supervisor.objects.visible_to(user), time, today)
    if category:
        found = found.filter(unit__category=category)
    if q:
        found = found.filter(Q(unit__name__icontains=q) | Q(member__name__icontains=q) | Q(member__code__iexact=q))
    return found.select_related("unit", "member", "member__sector").order_by("unit__order", "unit_id", "starts", "id")


def units(user: User, *, q: str = "", category: str = "", time: str = NOW, today: date) -> QuerySet[HostUnit]:
    """Units that meet the conditions, each with ``shown``, its supervisors of that time; two queries.

    A unit without anybody appears only among all, so that the gap is seen.
    """
    timed = _timed(Supervisor.objects.visible_to(user), time, today)
    found = HostUnit.objects.visible_to(user)
    if time != ALL:
        found = found.filter(Exists(timed.filter(unit=OuterRef("pk"))))
    if category:
        found = found.filter(category=category)
    if q:
        named = timed.filter(unit=OuterRef("pk")).filter(Q(member__name__icontains=q) | Q(member__code__iexact=q))
        found = found.filter(Q(name__icontains=q) | Exists(named))
    shown = timed.select_related("member").order_by("-starts", "id")
    return found.prefetch_related(Prefetch("supervisors", shown, to_attr="shown"))


def _timed(rows, time: str, today: date):
    if time == ALL:
        return rows
    return rows.over(today) if time == PAST else rows.serving(today)


def export(rows: QuerySet[Supervisor], *, actor: User, query: str):
    """The supervisors as a spreadsheet, an open file; recorded in the log."""
    file, count = spreadsheets.write("民主监督员", COLUMNS, rows.iterator(chunk_size=1000))
    audit.record(
        verb="supervisors.export",
        summary=f"导出民主监督员{count}人",
        actor=actor,
        detail={"query": query, "rows": count},
    )
    return file
