"""The timeline 全部经过 of a record: entries of the log as ``components/_timeline.html`` takes them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone


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
