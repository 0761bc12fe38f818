"""Read which units lead and which support (主办、会办) out of cells that say so in words.

Registers keep them in two columns, or in one: 区水利局（主办）、区林业局（会办）;
区水利局牵头，区林业局、区财政局配合; 主办：区水利局；会办：区林业局.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.papers.sheets import Record, Severity
from core.papers.words import EMPTY_WORDS, surface
from members.papers.matching import UnitIndex

LEAD, SUPPORT, SPLIT = "lead", "support", "split"
_WORDS = {
    "主办": LEAD, "主": LEAD, "牵头": LEAD, "承办": LEAD, "单办": LEAD, "独办": LEAD, "负责": LEAD,
    "会办": SUPPORT, "协办": SUPPORT, "配合": SUPPORT, "协同": SUPPORT, "参与": SUPPORT, "会": SUPPORT, "协": SUPPORT,
    "分办": SPLIT, "联办": SPLIT, "分别办理": SPLIT, "共同办理": SPLIT,
}  # fmt: skip
_LONG = "|".join(sorted((word for word in _WORDS if len(word) > 1), key=len, reverse=True))
_BEFORE = re.compile(rf"^(?:由|请)?({_LONG})(?:单位|部门)?\s*[:：]\s*")
_BEHIND = re.compile(rf"\s*(?:予以|负责)?({_LONG})(?:办理|落实|答复|单位)?$")
_BRACKETED = re.compile(rf"\s*[（(【\[]({'|'.join(_WORDS)})(?:单位|办理)?[）)】\]]$")
_MARK = re.compile(rf"([（(【\[](?:{'|'.join(_WORDS)})(?:单位|办理)?[）)】\]])(?=[^、，,;；。\s])")
"""A mark in brackets ends a unit's name, also where no comma follows."""
_CLAUSE = re.compile(r"([;；。\n，,])")
_ITEM = re.compile(r"[、/／|｜]|\s{1,}")


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as a cell names it, with the part that it is said to have; empty when nothing is said."""

    name: str
    part: str = ""


def read(value: Any, *, is_known: Callable[[str], bool] = lambda name: False) -> list[Named]:
    """The units of a cell in their order; words that are a unit's own name are never taken for a part."""
    found: list[Named] = []
    pending: list[int] = []
    heading = ""
    for words in _clauses(value):
        clause = words
        if before := _BEFORE.match(words):
            heading, pending, clause = _WORDS[before[1]], [], words[before.end() :]
        items = [_item(part, is_known) for part in _ITEM.split(clause) if part.strip() not in EMPTY_WORDS]
        if not items:
            continue
        # 甲、乙配合: what stands behind the last is said of the whole clause, and of clauses left open before it.
        last, behind = _behind(items[-1], is_known)
        items[-1] = last
        start = len(found)
        for item in items:
            found.append(Named(item.name, item.part or behind or heading))
        if behind:
            for at in pending:
                found[at] = Named(found[at].name, found[at].part or behind)
            pending = []
        elif not heading:
            pending += [at for at in range(start, len(found)) if not found[at].part]
    return [named for named in found if named.name]


def _clauses(value: Any) -> list[str]:
    """The parts between commas, semicolons and breaks, without 由 and 请 before them."""
    whole = _MARK.sub(r"\1、", surface(value))
    parts = [part.strip() for part in _CLAUSE.split(whole) if not _CLAUSE.fullmatch(part)]
    return [part for part in parts if part not in EMPTY_WORDS]


def _item(words: str, is_known: Callable[[str], bool]) -> Named:
    words = words.strip().strip("。.")
    if is_known(words):
        return Named(words)
    if found := _BRACKETED.search(words):
        return Named(words[: found.start()].strip(), _WORDS[found[1]])
    return Named(words)


def _behind(item: Named, is_known: Callable[[str], bool]) -> tuple[Named, str]:
    if is_known(item.name) or item.part:
        return item, ""
    found = _BEHIND.search(item.name)
    if not found or found.start() < 2:
        return item, ""
    return Named(re.sub(r"^[由请]", "", item.name[: found.start()])), _WORDS[found[1]]


def of_record(record: Record, units: UnitIndex) -> tuple[list[str], list[str]]:
    """Full names of the units that lead (several: each answers, 分办) and of those that support.

    One that is not known, or not for certain, is named; in the lead's place that refuses the row.
    """
    cell = read(record.raw.get("lead_units"), is_known=units.is_known)
    one_column = "support_units" not in record.table.positions and "主办" not in record.table.label("lead_units")
    if one_column and sum(1 for named in cell if not named.part) > 1:
        message = "写了几个单位，分不清哪个主办、哪个会办。请在单位后面注明，如“区水利局（主办）、区财政局（会办）”；各自答复的注明（分办）。"
        record.problem("lead_units", message, "error")
        return [], []
    leads: list[str] = []
    supports: list[str] = []
    for named in cell:
        if named.part == SUPPORT:
            supports += _resolve(record, "lead_units", named.name, "warning", units)
        else:
            leads += _resolve(record, "lead_units", named.name, "error", units)
    for named in read(record.raw.get("support_units"), is_known=units.is_known):
        if named.part == LEAD:
            record.problem("support_units", "会办单位一列里写的是主办，按会办登记，请核对。", value=named.name)
        supports += _resolve(record, "support_units", named.name, "warning", units)
    leads = list(dict.fromkeys(leads))
    return leads, [name for name in dict.fromkeys(supports) if name not in leads]


def _resolve(record: Record, key: str, written: str, severity: Severity, units: UnitIndex) -> list[str]:
    """The full names of what is written, which 和 may join; what is not known for certain is named."""
    found: list[str] = []
    for name in units.split_pair(written) or [written]:
        match = units.find(name)
        if match.found is not None:
            if match.note:
                record.problem(key, match.note, "warning", value=name)
            found.append(match.found.name)
        elif match.candidates:
            several = "、".join(unit.name for unit in match.candidates[:6])
            record.problem(key, f"可能是{several}，分不清，请写全称。", severity, value=name)
        else:
            near = units.nearest(name)
            hint = f"名录里最像的是“{near.short_name or near.name}”。" if near else ""
            message = f"承办单位名录里没有这个单位。{hint}改名了就在名录里记作别名，写错了请改正。"
            record.problem(key, message, severity, value=name, fix="unit")
    return found
