"""What waits for a person 待办, from every app: each registers what it knows, the first page asks all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Todo:
    """One thing that waits: what, where, the one next act, until when and since when."""

    kind: str
    title: str
    sub: str
    url: str
    action: str
    due: date | None = None
    since: date | None = None


Provider = Callable[[Any, date], Iterable[Todo]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Register ``(user, today) -> todos``; at most two queries, none for people whom it never concerns."""
    if provider not in _providers:
        _providers.append(provider)


def collect(user: Any, today: date, limit: int = 50) -> list[Todo]:
    """What all apps have for ``user``, the nearest day first, at most ``limit``."""
    found = [todo for provider in _providers for todo in provider(user, today)]
    found.sort(key=lambda todo: (todo.due is None, todo.due or today, todo.since or today, todo.url))
    return found[:limit]
