"""Messages 消息 to people: write each once, read them, mark them read."""

from collections.abc import Iterable
from functools import cache

from django.db import transaction
from django.utils import timezone

from core import badges
from core.models import Notice
from core.prepared import Prepared


def notify(
    user_ids: Iterable[int], *, key: str, title: str, body: str = "", url: str = "", urgent: bool = False
) -> None:
    """Write one message to each person; whoever already has one under ``key`` gets none."""
    recipients = sorted(set(user_ids))
    Notice.objects.bulk_create(
        [Notice(recipient_id=pk, key=key, title=title[:120], body=body, url=url, urgent=urgent) for pk in recipients],
        ignore_conflicts=True,
        batch_size=500,
    )
    _changed(recipients)


@cache
def _unread(cap: int) -> Prepared[tuple[int]]:
    """The keys of a person's unread messages, one more than ``cap`` at most."""
    rows = Notice.objects.filter(read_at__isnull=True)
    return Prepared(lambda person: rows.filter(recipient=person).order_by().values_list("pk")[: cap + 1])


def unread_count(user, cap: int = 99) -> int:
    """How many messages a person has not read, counted up to ``cap`` + 1."""
    return len(_unread(cap).rows(user.pk))


def mark_read(user, ids: Iterable[int] | None = None) -> int:
    """Mark a person's own messages read (all of them when ``ids`` is None); the number marked."""
    rows = Notice.objects.filter(recipient=user, read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    marked = rows.update(read_at=timezone.now())
    _changed([user.pk])
    return marked


def _changed(user_ids: list[int]) -> None:
    """Count their unread messages anew; again after the commit, for a page drawn in between counts the old ones."""
    badges.forget(user_ids)
    transaction.on_commit(lambda: badges.forget(user_ids))
