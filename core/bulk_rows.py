"""Many rows at once 批量写入 for large worlds of measurements: by COPY on PostgreSQL, by INSERT elsewhere."""

import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model

_BATCH = 500
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Table:
    """The table of one model, written with the named columns; all others take their field's default.

    Keys are handed out here, so that rows of several tables can point at each other before any is
    written: nobody else may write to the table meanwhile. ``finish()`` lets the database count on
    from the last one. Neither ``save()`` nor signals run, so this is for worlds made of numbers.
    """

    def __init__(self, model: type[Model], *columns: str) -> None:
        self.model = model
        fields = {field.attname: field for field in model._meta.concrete_fields}
        key = model._meta.pk.attname
        given = [key, *(name for name in columns if name != key)]
        rest = [field for name, field in fields.items() if name not in given]
        self._fields = [fields[name] for name in given] + rest
        self._rest = tuple(_default(field) for field in rest)
        self._next = (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1

    def key(self) -> int:
        """The key of a new row."""
        self._next += 1
        return self._next - 1

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows, each given as its key and the named columns in order."""
        if connection.vendor != "postgresql":
            self._insert((*row, *self._rest) for row in rows)
            return
        rest = "".join(f"\t{_text(value)}" for value in self._rest) + "\n"
        text = io.StringIO("".join("\t".join(map(_text, row)) + rest for row in rows))
        names = ", ".join(f'"{field.column}"' for field in self._fields)
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{self.model._meta.db_table}" ({names}) FROM STDIN', text)

    def _insert(self, rows: Iterable[Sequence[Any]]) -> None:
        names = [field.attname for field in self._fields]
        made = [self.model(**dict(zip(names, row, strict=True))) for row in rows]
        self.model._base_manager.bulk_create(made, batch_size=_BATCH)

    def finish(self) -> None:
        """Let the database hand out the next key."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [self.model]):
                cursor.execute(statement)


def _default(field: Any) -> Any:
    """What a column holds that nobody named."""
    value = field.pre_save(field.model(), add=True) if getattr(field, "auto_now", False) else field.get_default()
    if value is None and not field.null:
        return ""
    return str(value) if isinstance(value, str) else value


def _escaped(value: str) -> str:
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPED)


_FORMS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    str: _escaped,
    date: date.isoformat,
    datetime: datetime.isoformat,
    dict: lambda value: _escaped(json.dumps(value, ensure_ascii=False)),
    list: lambda value: _escaped(json.dumps(value, ensure_ascii=False)),
}
"""How a value of each type stands in a COPY; a type that is not named here is refused."""


def _text(value: Any) -> str:
    return _FORMS[type(value)](value)
