"""Records with the rows of one related table, in one query for both 连读.

For pages that show a few records with all that belongs to each: where ``prefetch_related`` asks
once more, the columns of the related rows come along here. The columns of a record are sent once
for each of its rows, so this is for few records with few rows.
"""

from functools import cache
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

M = TypeVar("M", bound=Model)


def with_rows(model: type[M], name: str, *order: str, **conditions: Any) -> list[M]:
    """The records that meet ``conditions``, each once; their rows of the reverse relation ``name`` count as prefetched.

    The records stand in ``order``, the rows of each in the order of their pk.
    """
    child, link, names, records = _prepared(model, name)
    aliases = [f"{name}_{column}" for column in names]
    pk = f"{name}_{child._meta.pk.attname}"
    found: dict[Any, M] = {}
    rows: dict[Any, list[Model]] = {}
    for line in records.filter(**conditions).order_by(*order):
        record = found.setdefault(line.pk, line)
        under = rows.setdefault(line.pk, [])
        if getattr(line, pk) is not None:
            row = child.from_db(records.db, names, [getattr(line, alias) for alias in aliases])
            link.set_cached_value(row, record)
            under.append(row)
    for key, record in found.items():
        keep(record, name, sorted(rows[key], key=lambda row: row.pk))
    return list(found.values())


@cache
def _prepared(model: type[M], name: str) -> "tuple[Any, Any, list[str], QuerySet[M]]":
    """The related model, its link, its columns, and all records with these; the same for every page."""
    relation: Any = model._meta.get_field(name)
    fields = relation.related_model._meta.concrete_fields
    wanted = {f"{name}_{field.attname}": F(f"{name}__{field.name}") for field in fields}
    names = [field.attname for field in fields]
    return relation.related_model, relation.field, names, model._base_manager.annotate(**wanted)


def keep(record: Model, name: str, rows: list[Any]) -> None:
    """Let ``record.<name>.all()`` answer with ``rows``, as after a prefetch."""
    known = getattr(record, name).all()
    known._result_cache, known._prefetch_done = rows, True
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known
