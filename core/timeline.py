"""The timeline 全部经过 of a record: entries of the log as ``components/_timeline.html`` takes them."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.utils import timezone

from core import audit
from core.prepared import Prepared
from core.subjects import subject_key

Narrow = Callable[[QuerySet], QuerySet]


class Told(NamedTuple):
    """Entries as a page shows them, the latest first, and how many earlier ones are folded."""

    events: list[dict[str, Any]]
    folded: int


def everything(rows: QuerySet) -> QuerySet:
    """For readers from whom nothing of the log is kept."""
    return rows


def of(root: Model, narrow: Narrow = everything, *, most: int | None = None) -> Told:
    """What happened to ``root``; at most ``most`` entries, the earlier ones folded.

    ``narrow`` leaves out what the reader may not know. Its query is kept, so it is a function of a
    module that depends on nothing but the rows.
    """
    label, pk = subject_key(root)
    rows = latest_first(_entries(label, narrow).rows(pk))
    shown = rows[:most]
    return Told(told(shown), len(rows) - len(shown))


@cache
def _entries(label: str, narrow: Narrow) -> Prepared[Any]:
    def build(pk: int) -> QuerySet:
        rows = narrow(audit.timeline_of(label, pk)).order_by()
        return rows.values_list("seq", "at", "occurred_on", "actor_name", "summary", "reason", named=True)

    return Prepared(build)


def told(entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Each entry as ``{at, on, recorded, who, what, reason}``; ``on`` is the earlier day of what was recorded later."""
    return [_told(entry) for entry in entries]


def latest_first(entries: Iterable[Any]) -> list[Any]:
    """Entries by the day on which a thing happened, then by when it was recorded, the latest first."""
    return sorted(entries, key=lambda entry: (entry.occurred_on or _recorded(entry), entry.seq), reverse=True)


def _recorded(entry: Any) -> date:
    return timezone.localtime(entry.at).date()


def _told(entry: Any) -> dict[str, Any]:
    recorded = _recorded(entry)
    return {
        "at": entry.at,
        "on": entry.occurred_on if entry.occurred_on and entry.occurred_on != recorded else None,
        "recorded": recorded,
        "who": entry.actor_name or "系统",
        "what": entry.summary,
        "reason": entry.reason,
    }
