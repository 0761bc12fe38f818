"""What the pulldowns of proposals offer 选项: sessions, units, sectors, categories, classes, kept in the process.

The same names stand in the rows of the list, which therefore reads one table only.
"""

from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, IntegerField, Model, QuerySet, Value
from django.db.models.functions import Cast

from core import revisions
from members import reference
from members.models import Body, HandlingUnit, Session
from proposals.models import Category, ResultClass

NAME = "proposals.reference"

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Choices:
    """(value, words) of each pulldown, and the names of rows by their pk.

    ``kept`` is for what is built from these choices alone; it goes when they change.
    """

    session: Pairs
    unit: Pairs
    sector: Pairs
    category: Pairs
    result: Pairs
    current: str
    short: dict[str, dict[int, str]]
    kept: dict[Any, Any] = field(default_factory=dict)


def load_choices() -> Choices:
    """All of it, in one query when a row changed since and in none otherwise."""
    return _table.get()


def changed() -> None:
    """Say that categories or classes were written many at once; saving one says so by itself."""
    revisions.bump(NAME)


def name_of(table: str, pk: int | None) -> str:
    """The short name of a unit or sector, the name of a session; "" for none."""
    if pk is None:
        return ""
    names = load_choices().short[table]
    if pk not in names:
        # Written behind the services: read once more rather than leave a name out.
        _table.clear()
        names = load_choices().short[table]
    return names[pk]


def current_session() -> Session | None:
    """The session whose case numbers run now, or None before the first."""
    pk = load_choices().current
    return copy(_instances.get()[Session][int(pk)]) if pk else None


def attach(row: Model, *names: str) -> None:
    """Give a record its sector, unit, session, category or class as kept here, so that none is read again."""
    for name in names:
        link = row._meta.get_field(name)
        kept = _instances.get()[link.related_model].get(getattr(row, link.attname))
        if kept is not None:
            link.set_cached_value(row, copy(kept))


def _read_instances() -> dict[type[Model], dict[int, Model]]:
    tables = {
        Session: Session.objects.all(),
        HandlingUnit: HandlingUnit.objects.all(),
        Body: Body.objects.filter(kind="sector"),
        Category: Category.objects.all(),
        ResultClass: ResultClass.objects.all(),
    }
    return {model: {row.pk: row for row in rows} for model, rows in tables.items()}


def _read() -> Choices:
    parts = [
        _part("session", Session.objects.all(), "name", "number", "name"),
        _part("current", Session.objects.filter(is_current=True), "name", "number", "name"),
        _part("unit", HandlingUnit.objects.all(), "short_name", "order", "name"),
        _part("sector", Body.objects.filter(kind="sector"), "name", "order", "short_name"),
        _part("category", Category.objects.all(), "name", "order", "name"),
        _part("result", ResultClass.objects.all(), "letter", "order", "name"),
    ]
    found: dict[str, Pairs] = {name: [] for name in ("session", "current", "unit", "sector", "category", "result")}
    short: dict[str, dict[int, str]] = {name: {} for name in found}
    for table, _, pk, name, other in sorted(parts[0].union(*parts[1:], all=True)):
        found[table].append((name if table == "result" else str(pk), name))
        short[table][pk] = (other or name) if table == "sector" else (name or other)
    found["session"].sort(key=lambda pair: -int(pair[0]))
    current = found.pop("current")
    return Choices(**found, current=current[0][0] if current else "", short=short)


def _part(table: str, rows: QuerySet, name: str, order: str, other: str) -> QuerySet:
    """Rows of one table; sessions are put in order by their pk later."""
    place = Value(0, IntegerField()) if order == "number" else Cast(order, IntegerField())
    named = rows.order_by().annotate(table=Value(table, CharField()), place=place)
    return named.values_list("table", "place", "pk", name, Cast(other, CharField()))


_table = revisions.Cached((reference.NAME, NAME), _read)
_instances = revisions.Cached((reference.NAME, NAME), _read_instances)

revisions.watch(NAME, Category, ResultClass)
