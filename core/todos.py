"""What waits for a person 待办, from every app: each registers what it knows, the first page asks all.

An app gives finished todos, or rows to be read: these are put together into one query for all apps,
so that a further app costs the first page no further query.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value
from django.db.models.functions import JSONObject


@dataclass(frozen=True)
class Todo:
    """One thing that waits: what, where, the one next act, until when and since when.

    ``tidying``: work on finished records that nobody waits for; it stands behind all other work of its day.
    """

    kind: str
    title: str
    sub: str
    url: str
    action: str
    due: date | None = None
    since: date | None = None
    tidying: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows that wait, in their order, and how one is told.

    ``columns`` are read for each row, by name: a path or an expression; those in ``days`` become dates.
    ``tell`` is given an object with these names and answers with the todo.
    """

    query: QuerySet
    columns: Mapping[str, Any]
    tell: Callable[[Any], Todo]
    days: tuple[str, ...] = ()
    most: int = 50


Provider = Callable[[Any, date], Iterable[Todo | Rows]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Register ``(user, today) -> todos and rows``; rows cost no query, todos at most one."""
    if provider not in _providers:
        _providers.append(provider)


def collect(user: Any, today: date, limit: int = 50) -> list[Todo]:
    """What all apps have for ``user``, the nearest day first, at most ``limit``."""
    found = settle(one for provider in _providers for one in provider(user, today))
    found.sort(key=lambda todo: (*urgency(todo, today), todo.url))
    return found[:limit]


def urgency(todo: Todo, today: date) -> tuple[bool, date, bool, date]:
    """The order of what waits: the nearest day, work before tidying, the longest wait."""
    return todo.due is None, todo.due or today, todo.tidying, todo.since or today


def settle(given: Iterable[Todo | Rows]) -> list[Todo]:
    """The todos among ``given``, and those that its rows tell; one query for all rows."""
    found: list[Todo] = []
    kinds: list[Rows] = []
    for one in given:
        if isinstance(one, Rows):
            kinds.append(one)
        else:
            found.append(one)
    parts = [_part(number, rows) for number, rows in enumerate(kinds)]
    if not parts:
        return found
    read = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    for number, values in read:
        rows = kinds[number]
        values |= {name: _day(values[name]) for name in rows.days}
        found.append(rows.tell(SimpleNamespace(**values)))
    return found


def _part(number: int, rows: Rows) -> QuerySet:
    """The first rows of one kind; chosen by their pk, since SQLite knows no limit within a union."""
    chosen = rows.query.model._base_manager.filter(pk__in=rows.query.values("pk")[: rows.most]).order_by()
    columns = {name: F(column) if isinstance(column, str) else column for name, column in rows.columns.items()}
    told = chosen.annotate(todo_kind=Value(number, IntegerField()), todo_row=JSONObject(**columns))
    return told.values_list("todo_kind", "todo_row")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
