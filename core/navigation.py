"""Where the menus of the workspace (导航) come from: each app registers its own links.

An app calls :func:`register` in its ``AppConfig.ready()``; the frame asks :class:`Menu` for
what this person may see. Nothing here knows any app: the names of addresses are resolved late,
and a link whose address does not exist is left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

SECTIONS = ("我的工作", "提案", "社情民意", "协商", "委员与工作室", "民主监督", "门户", "统计", "系统", "帮助")
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


@dataclass
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


@dataclass
class Section:
    """A heading of the menu and the links under it."""

    label: str
    links: list[Link] = field(default_factory=list)


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
    try:
        url = reverse(url_name)
    except NoReverseMatch:
        return ""
    return f"{url}?{query}" if query else url


class Menu:
    """The links of one person on one page, and the counts that they share."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._shared: dict[Counts, dict[str, int]] = {}
        allowed = [(entry, address(entry.url_name, entry.query)) for entry in self._allowed()]
        here = current(request, [url for _, url in allowed if url])
        self.links = [
            (
                entry,
                Link(
                    label=entry.label,
                    url=url,
                    current=url == here,
                    count=self._count(entry.badge),
                    icon=entry.icon,
                    phone_label=entry.phone_label or entry.label,
                ),
            )
            for entry, url in allowed
            if url
        ]

    def sections(self) -> list[Section]:
        """The links under their headings."""
        found: dict[str, Section] = {}
        for entry, link in self.links:
            found.setdefault(entry.section, Section(entry.section)).links.append(link)
        return list(found.values())

    def phone(self) -> list[Link]:
        """The links of the phone's bottom bar, at most three: 查找 and 菜单 stand beside them."""
        chosen = sorted(
            ((entry.phone_order, link) for entry, link in self.links if entry.phone_order),
            key=lambda pair: pair[0],
        )
        return [link for _, link in chosen[:3]]

    def _allowed(self) -> Iterable[Entry]:
        user = self._request.user
        if not user.is_authenticated:
            return []
        return [entry for entry in entries() if entry.show is None or entry.show(user)]

    def _count(self, badge: Badge | None) -> int | None:
        if badge is None:
            return None
        if isinstance(badge, tuple):
            counts, key = badge
            if counts not in self._shared:
                self._shared[counts] = counts(self._request.user)
            return self._shared[counts].get(key)
        return badge(self._request.user)


def current(request: HttpRequest, urls: Iterable[str]) -> str:
    """The one of ``urls`` that this page belongs to, the most exact first, or "".

    A link belongs when the page's path is its own or lies below it, and all of its filter stands
    in the page's address; a longer path, then more of a filter, is more exact.
    """
    asked = {(key, value) for key, values in request.GET.lists() for value in values}
    best, best_rank = "", (-1, -1)
    for url in urls:
        path, _, query = url.partition("?")
        wanted = set(parse_qsl(query))
        below = path != "/" and request.path.startswith(path)
        if (request.path == path or (below and not wanted)) and wanted <= asked:
            rank = (len(path), len(wanted))
            if rank > best_rank:
                best, best_rank = url, rank
    return best


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
