"""Counts kept for a person 角标: what waits under each link of the menu, unread messages, totals of long lists.

They are worked out once in ``KEPT_SECONDS`` for a person and kept in the cache that all processes
share. Whatever that person does, and every message, has them worked out anew; what others do shows
after that time at the latest. Without a cache they are worked out on every page.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from time import time

from django.core.cache import cache

from core.paging import CAP

KEPT_SECONDS = 30
TOTALS = 20
"""Totals kept for one person; with more, all of them are counted again."""

Counts = dict[str, int | None]


def counts(user_id: int, names: Iterable[str], work_out: Callable[[], Counts]) -> Counts:
    """The counts of one person by name; ``work_out`` is asked when they, or some of ``names``, are not kept."""
    key = _key(user_id, "badges")
    kept = cache.get(key)
    if kept is None or not kept.keys() >= set(names):
        kept = work_out()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def total(user_id: int, conditions: str, count: Callable[[], int], limit: int = CAP) -> int:
    """How many rows of a list of several pages meet ``conditions``; ``count`` is asked when that is not kept.

    A total above ``limit`` is only called more than that. The person's own acts do not change it,
    so it is kept beyond them.
    """
    name, now = sha256(conditions.encode()).hexdigest(), time()
    exact, above = _key(user_id, "totals"), _key(user_id, "above")
    kept: dict[str, dict[str, tuple[int, float]]] = cache.get_many([exact, above])
    for key in (exact, above):
        found, until = kept.get(key, {}).get(name, (0, 0.0))
        if until > now:
            return found
    found = count()
    key = above if found > limit else exact
    others = kept.get(key, {})
    cache.set(key, (others if len(others) < TOTALS else {}) | {name: (found, now + KEPT_SECONDS)}, KEPT_SECONDS)
    return found


def forget(user_ids: Iterable[int]) -> None:
    """Work the counts of these persons out anew on their next page, but for totals above their limit."""
    cache.delete_many([_key(pk, sort) for pk in user_ids for sort in ("badges", "totals")])


def forget_all(user_ids: Iterable[int]) -> None:
    """Keep nothing of these persons: the next page is as their first one."""
    cache.delete_many([_key(pk, sort) for pk in user_ids for sort in ("badges", "totals", "above")])


def _key(user_id: int, sort: str) -> str:
    return f"{sort}:{user_id}"
