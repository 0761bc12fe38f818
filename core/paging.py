"""Turn the pages of a list by keyset (翻页): as quick on the last page as on the first.

The address holds ``page=`` with the place where a page begins or ends, so that rows added in
between neither repeat nor hide a row. A plain number (``page=3``) is understood too.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict

CAP = 10_000
"""Rows beyond which a list is not counted to the end."""

FOUND = 500
"""The same for what was found by words: whoever finds more will look for other words."""

PARAMETER = "page"
FURTHEST = 1_000
"""The last page that a plain number may ask for; further on, keysets lead."""


class Key(NamedTuple):
    """One column of an order; empty values of a ``nullable`` column come last."""

    field: str
    descending: bool = False
    nullable: bool = False


@dataclass
class Page:
    """The rows of one page and the ways to its neighbours; ``total`` stops at the cap."""

    rows: list[Any]
    total: int
    capped: bool
    previous_url: str
    next_url: str


def turn(
    queryset: QuerySet,
    query: QueryDict,
    order: Sequence[Key],
    *,
    size: int = 30,
    cap: int | None = None,
    keep: Callable[[Callable[[], int]], int] | None = None,
) -> Page:
    """The page that ``query`` (the address's parameters) asks for, in ``order``.

    ``order`` must end in a unique column. Two queries at most; an unreadable place gives the
    first page. The rows are counted up to ``cap`` (``CAP`` where none is given); ``keep`` takes
    the counting and may answer with what was counted a moment ago.
    """
    limit = CAP if cap is None else min(cap, CAP)

    def count() -> int:
        return queryset.order_by().values("pk")[: limit + 1].count()

    asked = query.get(PARAMETER, "")
    place = _read(queryset.model, asked, order)
    offset = (int(asked) - 1) * size if asked.isdecimal() and 1 < int(asked) <= FURTHEST else 0
    backwards = place is not None and place[0] == "p"
    rows = queryset.order_by(*(ordering(key, backwards) for key in order))
    if place is not None:
        rows = rows.filter(_beyond(order, place[1], backwards))
    found = list(rows[offset : offset + size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first = place is None and not offset
    has_previous, has_next = (more, True) if backwards else (not first, more)
    if first and not more:
        total = len(found)
    else:
        total = keep(count) if keep else count()
    return Page(
        rows=found,
        total=min(total, limit),
        capped=total > limit,
        previous_url=_url(query, "p", found[0], order) if found and has_previous else "",
        next_url=_url(query, "n", found[-1], order) if found and has_next else "",
    )


def without(query: QueryDict, *names: str) -> str:
    """The address's parameters without the page and without ``names``, as "?…" ("?" for none)."""
    rest = query.copy()
    for name in (PARAMETER, *names):
        rest.pop(name, None)
    return f"?{rest.urlencode()}"


def ordering(key: Key, backwards: bool = False) -> Any:
    """The ORDER BY term of one column, turned round when going ``backwards``."""
    descending = key.descending != backwards
    expression = F(key.field)
    if not key.nullable:
        return expression.desc() if descending else expression.asc()
    if backwards:
        return expression.desc(nulls_first=True) if descending else expression.asc(nulls_first=True)
    return expression.desc(nulls_last=True) if descending else expression.asc(nulls_last=True)


def _beyond(order: Sequence[Key], values: list[Any], backwards: bool) -> Q:
    """Rows after ``values`` in ``order`` (before them when going backwards)."""
    found = Q(pk__in=[])
    equal = Q()
    for key, value in zip(order, values, strict=True):
        found |= equal & _past(key, value, backwards)
        equal &= Q(**{f"{key.field}__isnull": True}) if value is None else Q(**{key.field: value})
    first, value = order[0], values[0]
    if len(order) > 1 and not first.nullable:
        # Says nothing new, but lets the database start in its index.
        way = "lte" if first.descending != backwards else "gte"
        found &= Q(**{f"{first.field}__{way}": value})
    return found


def _past(key: Key, value: Any, backwards: bool) -> Q:
    """Rows past ``value`` in one column, empty values standing last."""
    if value is None:
        return Q(**{f"{key.field}__isnull": False}) if backwards else Q(pk__in=[])
    way = "lt" if key.descending != backwards else "gt"
    past = Q(**{f"{key.field}__{way}": value})
    if key.nullable and not backwards:
        past |= Q(**{f"{key.field}__isnull": True})
    return past


def _url(query: QueryDict, direction: str, row: Model, order: Sequence[Key]) -> str:
    values = [getattr(row, key.field) for key in order]
    text = json.dumps([value if isinstance(value, int) else _text(value) for value in values])
    place = direction + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    target = query.copy()
    target[PARAMETER] = place
    return f"?{target.urlencode()}"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _read(model: type[Model], asked: str, order: Sequence[Key]) -> tuple[str, list[Any]] | None:
    """Direction and values of a place, or None when there is none that fits ``order``."""
    if asked[:1] not in ("n", "p"):
        return None
    try:
        padded = asked[1:] + "=" * (-len(asked[1:]) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded))
        if not isinstance(values, list) or len(values) != len(order):
            return None
        fields = [model._meta.get_field(key.field.removesuffix("_id")) for key in order]
        fields = [field.target_field if field.is_relation else field for field in fields]
        pairs = zip(fields, values, strict=True)
        read = [None if value is None else field.to_python(value) for field, value in pairs]
    except (ValueError, TypeError, binascii.Error, ValidationError):
        return None
    if any(value is None and not key.nullable for key, value in zip(order, read, strict=True)):
        return None
    return asked[0], read
