"""Where the menus of the workspace (导航) come from: each app registers its own links.

An app calls :func:`register` in its ``AppConfig.ready()``; the frame asks :class:`Menu` for
what this person may see. Nothing here knows any app: the names of addresses are resolved late,
and a link whose address does not exist is left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

SECTIONS = ("我的工作", "提案", "社情民意", "协商", "委员与工作室", "履职", "民主监督", "门户", "统计", "系统", "帮助")
"""The sections in the order in which they stand; an unknown one comes last."""

COUNT_CAP = 999
"""Counts above this are shown as "999+": a menu need not know more, and counting on costs time."""

Counts = Callable[[Any], dict[str, int]]
Badge = Callable[[Any], int | None] | tuple[Counts, str]


@dataclass(frozen=True)
class Entry:
    """One registered link; see :func:`register` for its fields."""

    section: str
    label: str
    url_name: str
    query: str = ""
    badge: Badge | None = None
    show: Callable[[Any], bool] | None = None
    order: int = 100
    icon: str = ""
    phone_label: str = ""
    phone_order: int = 0

    @property
    def name(self) -> str:
        """What tells this link from all others: its address name and filter."""
        return f"{self.url_name}?{self.query}"


@dataclass(frozen=True)
class Link:
    """A link as one person sees it on one page."""

    label: str
    url: str
    current: bool = False
    count: int | None = None
    icon: str = ""
    phone_label: str = ""

    @property
    def count_text(self) -> str:
        """The count as written in the menu, capped."""
        if self.count is None:
            return ""
        return f"{COUNT_CAP}+" if self.count > COUNT_CAP else f"{self.count:,}"


@dataclass(frozen=True)
class Section:
    """A heading of the menu and the links under it."""

    label: str
    links: tuple[Link, ...]


_entries: list[Entry] = []


def register(
    section: str,
    label: str,
    url_name: str,
    *,
    query: str = "",
    badge: Badge | None = None,
    show: Callable[[Any], bool] | None = None,
    order: int = 100,
    icon: str = "",
    phone_label: str = "",
    phone_order: int = 0,
) -> None:
    """Put a link into the menu; registering the same one again changes nothing.

    ``query`` is the filter part of the address, without the question mark. ``badge`` counts what
    waits: either ``fn(user) -> int | None`` or ``(fn, key)`` where ``fn(user) -> dict`` is asked
    once per page for all links that share it. ``show(user)`` decides whether the person sees the
    link. ``phone_order`` above 0 puts it into the bottom bar of the phone, which holds three beside 查找 and 菜单, with
    ``icon`` (a symbol of static/img/icons.svg) and ``phone_label`` (two characters are best).
    """
    entry = Entry(section, label, url_name, query, badge, show, order, icon, phone_label, phone_order)
    if entry not in _entries:
        _entries.append(entry)


def entries() -> tuple[Entry, ...]:
    """Everything registered, in menu order."""

    def place(entry: Entry) -> tuple[int, int]:
        known = entry.section in SECTIONS
        return (SECTIONS.index(entry.section) if known else len(SECTIONS), entry.order)

    return tuple(sorted(_entries, key=place))


def address(url_name: str, query: str = "") -> str:
    """The address of a named page with its filter, or "" where no app serves it."""
    return _address(url_name, query, get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=512)
def _address(url_name: str, query: str, urlconf: str) -> str:
    """Looked up once for each table of addresses: a menu asks for all of its links on every page."""
    try:
        url = reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""
    return f"{url}?{query}" if query else url


def item_address(url_name: str, pk: int) -> str:
    """The address of one record's page: a list asks for that of each row."""
    head, tail = _around(url_name, get_urlconf() or settings.ROOT_URLCONF)
    return f"{head}{pk}{tail}"


@lru_cache(maxsize=512)
def _around(url_name: str, urlconf: str) -> tuple[str, str]:
    head, _, tail = reverse(url_name, args=[0], urlconf=urlconf).rpartition("0")
    return head, tail


def allowed(user: Any) -> list[Entry]:
    """The links that ``user`` sees, in menu order; none for a visitor."""
    if not user.is_authenticated:
        return []
    return [entry for entry in entries() if entry.show is None or entry.show(user)]


def count(user: Any, asked: Iterable[Entry]) -> dict[str, int | None]:
    """What waits under each of these links that counts something, by ``Entry.name``."""
    shared: dict[Counts, dict[str, int]] = {}
    found: dict[str, int | None] = {}
    for entry in asked:
        if isinstance(entry.badge, tuple):
            counts, key = entry.badge
            if counts not in shared:
                shared[counts] = counts(user)
            found[entry.name] = shared[counts].get(key)
        elif entry.badge is not None:
            found[entry.name] = entry.badge(user)
    return found


class Menu:
    """The links of one person on one page; ``counted`` gives what waits under them."""

    def __init__(self, request: HttpRequest, counted: Callable[..., dict[str, int | None]] = count) -> None:
        seen = [(entry, address(entry.url_name, entry.query)) for entry in allowed(request.user)]
        shown = [(entry, url) for entry, url in seen if url]
        here = current(request, [url for _, url in shown])
        self.counts = counted(request.user, [entry for entry, _ in shown])
        self.links = [
            (
                entry,
                Link(
                    label=entry.label,
                    url=url,
                    current=url == here,
                    count=self.counts.get(entry.name),
                    icon=entry.icon,
                    phone_label=entry.phone_label or entry.label,
                ),
            )
            for entry, url in shown
        ]

    def sections(self) -> tuple[Section, ...]:
        """The links under their headings."""
        found: dict[str, list[Link]] = {}
        for entry, link in self.links:
            found.setdefault(entry.section, []).append(link)
        return tuple(Section(label, tuple(links)) for label, links in found.items())

    def phone(self) -> tuple[Link, ...]:
        """The links of the phone's bottom bar, at most three: 查找 and 菜单 stand beside them.

        Of links that would stand under the same word, the first in the menu stands there.
        """
        chosen: dict[str, Link] = {}
        marked = [(entry, link) for entry, link in self.links if entry.phone_order]
        for _, link in sorted(marked, key=lambda pair: pair[0].phone_order):
            chosen.setdefault(link.phone_label, link)
        return tuple(chosen.values())[:3]


def belongs(request: HttpRequest, url_name: str) -> None:
    """Say of which link of the menu this page is a part, where its address does not tell."""
    request.menu_path = address(url_name)  # type: ignore[attr-defined]


def current(request: HttpRequest, urls: Iterable[str]) -> str:
    """The one of ``urls`` that this page belongs to, the most exact first, or "".

    A link belongs when the page's path is its own or lies below it, and all of its filter stands
    in the page's address; a longer path, then more of a filter, is more exact.
    """
    asked = {(key, value) for key, values in request.GET.lists() for value in values}
    here = getattr(request, "menu_path", request.path)
    best, best_rank = "", (-1, -1)
    for url in urls:
        path, wanted = _parts(url)
        below = path != "/" and here.startswith(path)
        if (here == path or (below and not wanted)) and wanted <= asked:
            rank = (len(path), len(wanted))
            if rank > best_rank:
                best, best_rank = url, rank
    return best


@lru_cache(maxsize=512)
def _parts(url: str) -> tuple[str, frozenset[tuple[str, str]]]:
    path, _, query = url.partition("?")
    return path, frozenset(parse_qsl(query))


_columns: list[tuple[int, str, str]] = []
_services: list[tuple[int, str, str]] = []


def register_column(label: str, url_name: str, *, order: int = 100) -> None:
    """Put a column (栏目) into the portal's header."""
    if (order, label, url_name) not in _columns:
        _columns.append((order, label, url_name))


def register_service(label: str, url_name: str, *, order: int = 100) -> None:
    """Put something that a resident can do here (办事) into the foot of the portal."""
    if (order, label, url_name) not in _services:
        _services.append((order, label, url_name))


def portal_columns() -> list[tuple[str, str]]:
    """Label and address name of each column, in order."""
    return [(label, name) for _, label, name in sorted(_columns)]


def portal_services() -> list[tuple[str, str]]:
    """Label and address name of each service, in order."""
    return [(label, name) for _, label, name in sorted(_services)]
