"""Find the header (表头) of a table: which heading means which column, in one row or in two.

A heading is compared without spaces, stars, brackets and punctuation. In a header of two rows the
upper and the lower words are read together (答复情况 above 日期 is 答复日期) before each alone.
Boxes to tick, such as 满意, 基本满意, 不满意 under 办理结果, are one column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.papers.words import surface
from core.papers.workbooks import Grid

SEARCH_ROWS = 15
"""The header may stand below titles and notes, but not deeper than this many non-blank rows."""
LONGEST = 40
"""Characters of the longest heading; longer cells are text."""


class Named(Protocol):
    """What this module needs to know of a column."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The wordings of its heading, the usual one first."""

    @property
    def choices(self) -> Mapping[str, Any] | None:
        """The wordings of its values, where these are a closed list."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: as it is shown, and its forms for comparison, the most telling first."""

    shown: str
    forms: tuple[str, ...]
    above: str = ""
    """The heading above it, in its form for comparison, where it is one of several under it."""


@dataclass(slots=True)
class Header:
    """A header found: its last row, which column of the sheet is which, and what was not recognised."""

    row: int
    headings: list[Heading | None]
    positions: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, dict[int, str]] = field(default_factory=dict)
    """Key of a column to the boxes that stand for its values: place in the sheet to value."""
    doubled: dict[str, str] = field(default_factory=dict)
    """Headings left aside because a more usual one stands for the same column: heading to that one."""

    @property
    def unknown(self) -> list[str]:
        """Headings that mean no column, left to right."""
        taken = set(self.positions.values()) | {at for boxes in self.ticks.values() for at in boxes}
        return [h.shown for at, h in enumerate(self.headings) if h is not None and at not in taken]


def find_header(grid: Grid, columns: Sequence[Named], needed: set[str]) -> Header | None:
    """The header of a sheet that explains most headings and has all `needed` columns; None without one."""
    best: Header | None = None
    most = (0, False)
    for row, headings, is_single in _candidates(grid):
        header = _match(row, headings, columns)
        explains = (len(header.positions) + len(header.ticks) - len(header.doubled), is_single)
        if needed <= header.positions.keys() and (best is None or explains > most):
            best, most = header, explains
    return best


def _candidates(grid: Grid) -> Iterator[tuple[int, list[Heading | None], bool]]:
    """Each row that may be the header, alone and together with the next, and whether it stands alone."""
    numbers = sorted(grid.rows)[:SEARCH_ROWS]
    for index, number in enumerate(numbers):
        yield number, [_heading(value) for value in grid.rows[number]], True
        if index + 1 < len(numbers) and numbers[index + 1] == number + 1:
            yield number + 1, _two_rows(grid.rows[number], grid.rows[number + 1]), False


_NOISE = re.compile(r"[\s*＊※★▲:：。、，,.·“”\"'_\-—/／\\]+")
_BRACKETS = re.compile(r"[（(【\[〔]([^）)】\]〕]*)[）)】\]〕]")
_BRACKET_SIGNS = re.compile(r"[（(【\[〔）)】\]〕]")
_OPEN_BRACKET = re.compile(r"[（(【\[〔][^）)】\]〕]*$")
_GENERAL = re.compile(r"(?:的)?(?:情况|信息|意见|内容|栏|部分|环节|阶段)$")


def normal(label: Any) -> str:
    """A heading without spaces, stars, brackets with what is in them, and punctuation, for comparison."""
    words = surface(label)
    bare = _NOISE.sub("", _OPEN_BRACKET.sub("", _BRACKETS.sub("", words)))
    return (bare or _NOISE.sub("", words)).lower()


def _forms(value: Any) -> tuple[str, ...]:
    """The ways to read one heading: 承办单位（主办） as 承办单位主办, then 承办单位, then 主办."""
    words = surface(value)
    whole = _NOISE.sub("", _BRACKET_SIGNS.sub("", words)).lower()
    inner = [_NOISE.sub("", part).lower() for part in _BRACKETS.findall(words)]
    return tuple(dict.fromkeys(form for form in (whole, normal(value), *inner) if form))


def _heading(value: Any) -> Heading | None:
    if value is None or not str(value).strip() or len(str(value)) > LONGEST:
        return None
    return Heading(" ".join(surface(value).split()), _forms(value))


def _two_rows(upper: Sequence[Any], lower: Sequence[Any]) -> list[Heading | None]:
    """A header of two rows: both words together, then the lower, then the upper where it covers one column only."""
    width = max(len(upper), len(lower))
    pairs = [
        (_heading(upper[at]) if at < len(upper) else None, _heading(lower[at]) if at < len(lower) else None)
        for at in range(width)
    ]
    found: list[Heading | None] = []
    for at, (up, low) in enumerate(pairs):
        if up is None or low is None or up.forms == low.forms:
            found.append(low or up)
            continue
        beside = [pairs[near][0] for near in (at - 1, at + 1) if 0 <= near < width]
        several = any(other is not None and other.forms == up.forms for other in beside)
        short = _GENERAL.sub("", up.forms[-1])
        together = (up.forms[0] + low.forms[0], short + low.forms[0])
        forms = (*together, *low.forms, *(() if several else up.forms))
        above = up.forms[0] if several else ""
        found.append(Heading(f"{up.shown}（{low.shown}）" if several else low.shown, forms, above))
    return found


def _match(row: int, headings: list[Heading | None], columns: Sequence[Named]) -> Header:
    """Which heading means which column; of two for one column the more usual wording wins, then the one further left."""
    header = Header(row, headings)
    wanted = _wanted(columns)
    ranks: dict[str, int] = {}
    for at, heading in enumerate(headings):
        hit = _lookup(heading, wanted) if heading is not None else None
        if heading is None or hit is None:
            continue
        rank, key = hit
        if key in ranks:
            loser = heading.shown if rank >= ranks[key] else header.labels[key]
            header.doubled[loser] = key
        if key not in ranks or rank < ranks[key]:
            ranks[key], header.positions[key], header.labels[key] = rank, at, heading.shown
    header.doubled = {words: header.labels[key] for words, key in header.doubled.items()}
    _find_ticks(header, columns, wanted)
    return header


def _wanted(columns: Iterable[Named]) -> dict[str, tuple[int, str]]:
    wanted: dict[str, tuple[int, str]] = {}
    for column in columns:
        for rank, label in enumerate(column.labels):
            for form in (normal(label), _NOISE.sub("", _BRACKET_SIGNS.sub("", surface(label))).lower()):
                wanted.setdefault(form, (rank, column.key))
    return wanted


def _lookup(heading: Heading, wanted: Mapping[str, tuple[int, str]]) -> tuple[int, str] | None:
    for form in heading.forms:
        hit = (
            wanted.get(form)
            or wanted.get(re.sub(r"时间$", "日期", form))
            or wanted.get(re.sub(r"日期$", "时间", form))
            or wanted.get(re.sub(r"^提案的?(?=..)", "", form))
        )
        if hit is not None:
            return hit
    return None


def _find_ticks(header: Header, columns: Sequence[Named], wanted: Mapping[str, tuple[int, str]]) -> None:
    """Boxes under one heading, each called like a value of that heading's column."""
    choices = {column.key: column.choices for column in columns if column.choices}
    for at, heading in enumerate(header.headings):
        if heading is None or not heading.above or at in header.positions.values():
            continue
        hit = wanted.get(heading.above)
        value = heading.forms[2] if len(heading.forms) > 2 else ""
        if hit and hit[1] in choices and hit[1] not in header.positions and value in (choices[hit[1]] or {}):
            header.ticks.setdefault(hit[1], {})[at] = value
    for key, boxes in list(header.ticks.items()):
        if len(boxes) < 2:
            del header.ticks[key]
            continue
        header.positions[key] = min(boxes)
        header.labels[key] = (header.headings[min(boxes)] or Heading(key, ())).shown.partition("（")[0]
