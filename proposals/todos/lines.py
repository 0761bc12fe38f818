"""The common shape of all that waits: one line of plain columns, so that every duty fits into one query."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    Count,
    DateField,
    DateTimeField,
    Expression,
    F,
    IntegerField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from core.models import Deadline

Column = F | Expression | Subquery
Columns = dict[str, Column]

COUNT_CAP = 1000
TOGETHER_FROM = 3


class Line(NamedTuple):
    """One thing that waits, as the database tells it.

    ``row`` is the pk that the address needs; ``words`` and ``unit`` are what the duty tells of it;
    ``at`` stands in where ``since`` is not known. In a line of the kind ``<duty>#`` ``row`` counts.
    """

    kind: str
    row: int
    proposal: int
    title: str
    number: int | None
    intake_no: str | None
    words: str
    unit: int | None
    round: int
    due: date | None
    since: date | None
    at: datetime | None

    @property
    def case(self) -> str:
        """The case number, or what stands for it before filing."""
        return f"第{self.number}号" if self.number else self.intake_no or "草稿"

    @property
    def began(self) -> date | None:
        """Since when it waits."""
        return self.since or (timezone.localdate(self.at) if self.at else None)


@dataclass(frozen=True)
class Duty:
    """A kind of work: its rows for a person in their order (None where it is not his), and how one is told."""

    kind: str
    action: str
    rows: Callable[[Any], QuerySet | None]
    columns: Callable[[], Columns]
    page: str
    tell: Callable[[Line], str]
    together: str = ""
    """Query of the proposal list under which many of these stand as one line; empty keeps them apart."""
    tidying: bool = False
    """Whether it is about finished cases, for which nobody waits."""


NO_DAY = Cast(Value(None), DateField())
NO_MOMENT = Cast(Value(None), DateTimeField())
NO_UNIT = Cast(Value(None), IntegerField())


def case_columns(path: str = "", **others: Column) -> Columns:
    """The columns of a line whose case stands at ``path`` (such as ``proposal__``), with what differs."""
    return {
        "row": F("pk"),
        "proposal": F(f"{path}pk"),
        "title": F(f"{path}title"),
        "number": F(f"{path}number"),
        "intake_no": F(f"{path}intake_no"),
        "words": Value("", CharField()),
        "unit": NO_UNIT,
        "round": Value(1, IntegerField()),
        "due": NO_DAY,
        "since": NO_DAY,
        "at": NO_MOMENT,
    } | others


def term(model: type[Model], kind: str, column: str, key: str = "pk") -> Subquery:
    """A column of the open deadline of ``kind`` that a row (or the row at ``key``) has."""
    rows = Deadline.objects.open().filter(subject_type=model._meta.label_lower, subject_id=OuterRef(key), kind=kind)
    return Subquery(rows.values(column)[:1])


def term_columns(model: type[Model], kind: str) -> Columns:
    """Until when and since when, by the open deadline of ``kind``."""
    return {"due": term(model, kind, "due"), "since": term(model, kind, "starts")}


def first_known(one: Column, other: str) -> Coalesce:
    """A day, or the column ``other`` where it is not known."""
    return Coalesce(one, F(other), output_field=DateField())


def read(duties: Iterable[Duty], user: Any, limit: int) -> list[Line]:
    """What ``duties`` have for ``user``, at most ``limit`` lines of each: one query for all of them.

    A duty whose rows are told together gives a few, and a line with their number.
    """
    parts: list[QuerySet] = []
    for duty in duties:
        rows = duty.rows(user)
        if rows is None:
            continue
        parts.append(_part(duty, rows, TOGETHER_FROM if duty.together else limit))
        if duty.together:
            parts.append(_count(duty, rows))
    if not parts:
        return []
    found = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return [Line(*line) for line in found]


def _part(duty: Duty, rows: QuerySet, limit: int) -> QuerySet:
    """The first rows of one duty; chosen by their pk, since SQLite knows no limit within a union."""
    chosen = rows.model._base_manager.filter(pk__in=rows.values("pk")[:limit]).order_by()
    return _told(chosen, duty.kind, duty.columns())


def _count(duty: Duty, rows: QuerySet) -> QuerySet:
    """How many rows a duty has, up to the cap, in the place of ``row``."""
    some = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")[:COUNT_CAP]).order_by()
    kind = some.values(line_kind=Value(f"{duty.kind}#", CharField())).annotate(line_row=Count("pk"))
    nothing = case_columns(proposal=Value(0, IntegerField()), title=Value("", CharField()))
    nothing |= {"number": NO_UNIT, "intake_no": Value("", CharField())}
    rest = {f"line_{name}": value for name, value in nothing.items() if name != "row"}
    return kind.annotate(**rest).values_list(*(f"line_{name}" for name in Line._fields))


def _told(rows: QuerySet, kind: str, columns: Columns) -> QuerySet:
    named = {f"line_{name}": value for name, value in ({"kind": Value(kind, CharField())} | columns).items()}
    return rows.annotate(**named).values_list(*(f"line_{name}" for name in Line._fields))
