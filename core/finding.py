"""The one search box of the workspace 查找: each app says what it finds for a person, one page shows it all.

An app calls :func:`provide` in its ``AppConfig.ready()``. Nothing here knows any app, and each
finder begins with what the person may see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from core import navigation
from core.search import MAX_QUERY

MOST = 6
"""Hits shown of each kind; the list of the kind shows all."""


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, a line about it, its page."""

    title: str
    sub: str
    url: str


Find = Callable[[Any, str, int], Sequence[Hit]]


@dataclass(frozen=True)
class Finder:
    """A kind of things 类别: how they are found, and the list that takes ``?q=`` and shows all of them, if any."""

    label: str
    find: Find
    url_name: str
    order: int


@dataclass(frozen=True)
class Found:
    """What was found of one kind, and where all of it is listed (empty where it is all here)."""

    label: str
    hits: Sequence[Hit]
    more_url: str


_finders: list[Finder] = []


def provide(label: str, find: Find, url_name: str, *, order: int = 100) -> None:
    """Register ``find(user, text, most) -> hits``, the best first; registering again changes nothing."""
    finder = Finder(label, find, url_name, order)
    if finder not in _finders:
        _finders.append(finder)


def everywhere(user: Any, text: str) -> list[Found]:
    """What all apps find for ``user``, by kind; kinds without a hit are left out, a blank text finds nothing."""
    text = text.strip()[:MAX_QUERY]
    if not text:
        return []
    found = []
    for finder in sorted(_finders, key=lambda one: one.order):
        hits = finder.find(user, text, MOST + 1)
        if hits:
            more = navigation.address(finder.url_name, urlencode({"q": text})) if len(hits) > MOST else ""
            found.append(Found(finder.label, hits[:MOST], more))
    return found
