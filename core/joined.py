"""Records with the rows of one related table, in one query for both 连读.

For pages that show a few records with all that belongs to each: where ``prefetch_related`` asks
once more, the columns of the related rows come along here. The columns of a record are sent once
for each of its rows, so this is for few records with few rows.
"""

from functools import cache
from typing import Any, TypeVar

from django.db.models import F, Model

from core.prepared import Prepared

M = TypeVar("M", bound=Model)


def with_rows(model: type[M], name: str, *order: str, of: tuple[str, int], **conditions: Any) -> list[M]:
    """The records that belong to one other, each once; their rows of the reverse relation ``name`` count as prefetched.

    ``of`` names the link to that other record and its key: ``("proposal", 7)``. ``conditions`` are the
    same on every page. The records stand in ``order``, the rows of each in the order of their pk.
    """
    link_of, key = of
    relation: Any = model._meta.get_field(name)
    child, link = relation.related_model, relation.field
    names, aliases, records = _prepared(model, name, order, link_of, tuple(conditions.items()))
    pk = f"{name}_{child._meta.pk.attname}"
    found: dict[Any, M] = {}
    rows: dict[Any, list[Model]] = {}
    for line in records.rows(key):
        record = found.setdefault(line.pk, line)
        under = rows.setdefault(line.pk, [])
        values = line.__dict__
        if values[pk] is not None:
            row = child.from_db(line._state.db, names, [values[alias] for alias in aliases])
            link.set_cached_value(row, record)
            under.append(row)
    for key, record in found.items():
        keep(record, name, sorted(rows[key], key=lambda row: row.pk))
    return list(found.values())


@cache
def _prepared(
    model: type[M], name: str, order: tuple[str, ...], link_of: str, conditions: tuple[tuple[str, Any], ...]
) -> tuple[list[str], list[str], Prepared[M]]:
    """The columns of the related rows, under which names they come, and the query; the same for every page."""
    fields = model._meta.get_field(name).related_model._meta.concrete_fields  # type: ignore[union-attr]
    names = [field.attname for field in fields]
    wanted = {f"{name}_{field.attname}": F(f"{name}__{field.name}") for field in fields}
    records = model._base_manager.annotate(**wanted)
    query = Prepared[M](lambda key: records.filter(**{link_of: key}, **dict(conditions)).order_by(*order))
    return names, list(wanted), query


def keep(record: Model, name: str, rows: list[Any]) -> None:
    """Let ``record.<name>.all()`` answer with ``rows``, as after a prefetch."""
    known = getattr(record, name).all()
    known._result_cache, known._prefetch_done = rows, True
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known
