"""The small counts of the frame 角标: what waits under each link of the menu, and how many messages are unread.

They are worked out once in ``KEPT_SECONDS`` for a person and kept in the cache that all processes
share. Whatever that person does, and every message, has them worked out anew; what others do shows
after that time at the latest. Without a cache they are worked out on every page.
"""

from collections.abc import Callable, Iterable

from django.core.cache import cache

KEPT_SECONDS = 30

Counts = dict[str, int | None]


def counts(user_id: int, names: Iterable[str], work_out: Callable[[], Counts]) -> Counts:
    """The counts of one person by name; ``work_out`` is asked when they, or some of ``names``, are not kept."""
    key = _key(user_id)
    kept = cache.get(key)
    if kept is None or not kept.keys() >= set(names):
        kept = work_out()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def forget(user_ids: Iterable[int]) -> None:
    """Work the counts of these persons out anew on their next page."""
    cache.delete_many([_key(pk) for pk in user_ids])


def _key(user_id: int) -> str:
    return f"badges:{user_id}"
