"""Split the running text (提案内容) of a paper proposal into its parts.

Papers mark their parts in many ways: 一、情况 / 【问题】 / 具体建议 on a line of its
own, or a sentence such as 之所以出现上述情况，原因在于： and 为此，建议：. No
character of the text is lost: only headings that say nothing but the name of
a part, and the numbers of the suggestions, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.papers.words import chinese_number


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a proposal (domain §1.2): 情况与问题, 分析, and the numbered 建议."""

    situation: str
    analysis: str
    suggestions: tuple[str, ...]


_ORDINAL = (
    r"(?:[一二三四五六七八九十]{1,2}[、.．]|[（(][一二三四五六七八九十]{1,2}[）)]"
    r"|\d{1,2}[、.．]|第[一二三四五]部分[、：:，]?)?"
)
_SITUATION_WORDS = (
    r"(?:提案)?(?:基本|背景|有关|目前|现实)?(?:情况|现状|背景|案据|事由)"
    r"(?:与问题|和问题|介绍|说明|概述)?"
)
_ANALYSIS_WORDS = (
    r"(?:存在|面临|主要|突出)?的?(?:主要|突出)?"
    r"(?:困难和问题|问题和困难|问题及原因|问题与原因|问题|困难|不足|原因|短板)(?:分析|及分析)?"
)
_SUGGESTION_WORDS = (
    r"(?:几点|具体|有关|工作|相关|意见|对策)?(?:和|与|及)?"
    r"(?:意见建议|意见和建议|对策建议|对策与建议|对策和建议"
    r"|建议和对策|建议措施|措施建议|建议|办法|措施|对策)"
)


def _heading(words: str) -> re.Pattern[str]:
    """A heading at the start of a line: alone on it, in 【】, or closed by a colon."""
    return re.compile(rf"{_ORDINAL}(?:[【\[]{words}[】\]][：:]?|{words}(?:[：:]|[。．.]?$))\s*")


_HEADINGS = (
    ("situation", _heading(_SITUATION_WORDS)),
    ("analysis", _heading(_ANALYSIS_WORDS)),
    ("suggestions", _heading(_SUGGESTION_WORDS)),
)
_STOCK_LEAD = re.compile(
    r"(?:为此|对此|据此|鉴于此|因此|针对上述问题|针对以上问题)，?"
    r"(?:我们?|特)?(?:提出)?(?:如下|以下)?建议(?:如下)?[：:]"
)
_SUGGESTION_LEAD = re.compile(
    r"[^。！？；\n]{0,60}?(?:建议|着力|措施|对策|重点做好以下工作|抓好以下工作|以下意见)"
    r"[^。！？；：:\n]{0,30}[：:]"
)
_ANALYSIS_LEAD = re.compile(r"[^。！？；\n]{0,60}?(?:原因|问题|不足|短板|困难|症结)[^。！？；：:\n]{0,14}[：:]")

_CIRCLED = {c: i + 1 for i, c in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")}
_CN = r"[一二三四五六七八九十]{1,3}"
_FAMILIES: tuple[tuple[re.Pattern[str], Callable[[str], int | None]], ...] = (
    (re.compile(rf"[（(]({_CN})[）)]"), chinese_number),
    (re.compile(rf"第({_CN})[，、,：:]"), chinese_number),
    (re.compile(rf"({_CN})是(?=\S)"), chinese_number),
    (re.compile(r"[（(](\d{1,2})[）)]"), chinese_number),
    (re.compile(r"(\d{1,2})[)）](?!\d)"), chinese_number),
    (re.compile(r"(\d{1,2})[、．](?!\d)|(?<![\d.])(\d{1,2})\.(?!\d)"), chinese_number),
    (re.compile(r"([①-⑳])"), _CIRCLED.get),
    (re.compile(rf"({_CN})、"), chinese_number),
)
_ITEM_START = r"(?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|第一[，、,：:]|一是|1[、.．)）]|①|一、)"


def split_content(content: str) -> Parts:
    """Split a proposal's text by its headings; text before any heading is the situation."""
    parts: dict[str, list[str]] = {"": [], "situation": [], "analysis": [], "suggestions": []}
    current = ""
    for line in _lines(content):
        section, rest = _heading_of(line)
        if section and (section != current or not rest):
            current = section
        elif current != "suggestions" and (stock := _STOCK_LEAD.match(line)):
            current, rest = "suggestions", line[stock.end() :].strip()
        elif current != "suggestions" and (lead := _lead(_SUGGESTION_LEAD, line)):
            # The sentence may carry a fact; it closes the analysis, right above the suggestions.
            parts["analysis"].append(lead)
            current, rest = "suggestions", line[len(lead) :].strip()
        else:
            if current in ("", "situation") and _lead(_ANALYSIS_LEAD, line):
                current = "analysis"
            rest = line
        if rest:
            parts[current].append(rest)
    return Parts(
        situation="\n".join(parts[""] + parts["situation"]),
        analysis="\n".join(parts["analysis"]),
        suggestions=tuple(split_items("\n".join(parts["suggestions"]))),
    )


def _lines(content: str) -> list[str]:
    """The text's lines, with a lead-in sentence in mid-line moved to a line of its own."""
    lines: list[str] = []
    for line in content.split("\n"):
        rest = line.strip()
        while rest:
            cut = None
            for m in re.finditer(r"(?<=[。！？])\s*", rest):
                tail = rest[m.end() :]
                if tail and (_lead(_SUGGESTION_LEAD, tail) or _lead(_ANALYSIS_LEAD, tail)):
                    cut = m
                    break
            if cut is None:
                lines.append(rest)
                break
            lines.append(rest[: cut.start()].strip())
            rest = rest[cut.end() :].strip()
    return [line for line in lines if line]


def _lead(pattern: re.Pattern[str], line: str) -> str:
    """The lead-in sentence that a line begins with, if items or nothing follow it."""
    m = pattern.match(line)
    if not m or re.match(_ITEM_START, line):
        return ""
    rest = line[m.end() :].lstrip()
    return m[0] if not rest or re.match(_ITEM_START, rest) else ""


def _heading_of(line: str) -> tuple[str, str]:
    """The part that a line's heading opens (empty without one) and the text after the heading."""
    for section, pattern in _HEADINGS:
        if m := pattern.match(line):
            return section, line[m.end() :].strip()
    return "", line


def split_items(body: str) -> list[str]:
    """Split a section into its numbered items, whatever the numbering.

    Without numbers each paragraph is one. Numbers must run 1, 2, 3 …, so that a number inside an item never cuts it.
    Text before the first item goes with it; closing words stay with the last.
    """
    body = body.strip()
    if not body:
        return []
    cuts = min(
        (c for family, read in _FAMILIES if (c := _sequence(body, family, read))),
        key=lambda c: c[0][0],
        default=[],
    )
    if not cuts:
        return [line.strip() for line in body.split("\n") if line.strip()]
    items: list[str] = []
    for index, (_, start) in enumerate(cuts):
        end = cuts[index + 1][0] if index + 1 < len(cuts) else len(body)
        items.append(body[start:end].strip())
    before = body[: cuts[0][0]].strip()
    if before:
        items[0] = f"{before}\n{items[0]}"
    return [item for item in items if item]


def _sequence(body: str, family: re.Pattern[str], read: Callable[[str], int | None]) -> list[tuple[int, int]]:
    """Where items 1, 2, 3 … of one kind of numbering begin: (mark, text)."""
    cuts: list[tuple[int, int]] = []
    for m in family.finditer(body):
        before = body[: m.start()].rstrip(" ")
        if before and before[-1] not in "\n。；;：:！？!?”》）)":
            continue
        if read(next(g for g in m.groups() if g)) == len(cuts) + 1:
            cuts.append((m.start(), m.end()))
    return cuts
