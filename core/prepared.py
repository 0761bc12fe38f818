"""Queries that are put into SQL once and then asked with other numbers 备好的查询.

To build a query and put it into SQL costs Django several times what the database needs to answer
one that goes by an index. A page that people open all day keeps the SQL of its fixed queries and
fills in the numbers; records come back as from any other query, with their types and links.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections

T = TypeVar("T")
_STAND_IN = 2_100_000_000
"""The first of the numbers that stand in for values while the SQL is made; nothing else in a query is so large."""


class _Made(NamedTuple):
    rows: Any
    compiler: Any
    sql: str
    params: tuple[Any, ...]


class Prepared(Generic[T]):
    """A query of which only whole numbers, such as the key of a record, differ from page to page.

    ``build`` gives the rows for these numbers. It is called once, with numbers that stand in for
    them, so it may look at nothing that changes: no date of today, no option, no person but by a
    ``Standing``.
    """

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._made: _Made | None = None

    def rows(self, *values: int) -> list[T]:
        """The records, or the tuples where ``build`` asks for such, for these values."""
        made = self._made or self._make(len(values))
        if not made.sql:
            return []
        filled = tuple(
            values[value - _STAND_IN] if isinstance(value, int) and value >= _STAND_IN else value
            for value in made.params
        )
        # All threads share what was made: what this one changes, it changes on copies.
        compiler, query = copy(made.compiler), copy(made.rows.query)
        compiler.connection = connections[made.rows.db]
        compiler.as_sql = lambda *args, **kwargs: (made.sql, filled)
        query.get_compiler = lambda *args, **kwargs: compiler
        rows = type(made.rows)(made.rows.model, query, using=made.rows.db)
        rows._fields = made.rows._fields
        return list(made.rows._iterable_class(rows))

    def one(self, *values: int) -> T | None:
        """The first of these rows, or None."""
        return next(iter(self.rows(*values)), None)

    def _make(self, count: int) -> _Made:
        """The SQL, made when it is first asked for: before that the database is not known."""
        stand_ins = [_STAND_IN + number for number in range(count)]
        rows = self._build(*stand_ins)
        compiler = rows.query.get_compiler(using=rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            self._made = made = self._nothing(rows, count)
            return made
        if missing := set(stand_ins) - set(params):
            raise ValueError(f"{len(missing)} of the values do not stand in the query as they were given: {sql}")
        self._made = made = _Made(rows, compiler, sql, tuple(params))
        return made

    def _nothing(self, rows: Any, count: int) -> _Made:
        """Rows of which Django knows that there are none, whatever the values: ``none()``, or in an empty list."""
        likely = self._build(*[1] * count)
        try:
            likely.query.get_compiler(using=likely.db).as_sql()
        except EmptyResultSet:
            return _Made(rows, None, "", ())
        raise ValueError("the column of a value holds no number as large as a key")
