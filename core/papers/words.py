"""The ground of reading cells (单元格): plain text, emptiness, Chinese numbers, and refusals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

EMPTY_WORDS = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "－",
        "/",
        "／",
        "\\",
        "无",
        "暂无",
        "空",
        "N/A",
        "n/a",
        "待定",
        "未定",
    }
)
FORMULA_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})

# Digits and letters only: full-width punctuation is proper Chinese and stays.
_HALF_WIDTH = {
    code: code - 0xFEE0
    for span in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(span[0], span[1] + 1)
}
_SPACES = {
    ord(c): " "
    for c in "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\x0b\x0c"
}
_INVISIBLE = dict.fromkeys(
    [
        *range(0x00, 0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x061C, 0x180E,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF, 0xFFF9,
        0xFFFA, 0xFFFB, 0xFFFC,
    ]
)  # fmt: skip
"""Control signs, marks of direction, joiners, forms of a sign: nobody sees them, so nobody meant them."""
_LINES = {0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_TRANSLATE = _HALF_WIDTH | _SPACES | _INVISIBLE | _LINES

_CN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell says: `value` (None when empty) and, in `note`, an assumption worth a look."""

    value: Any
    note: str = ""


NOTHING = Read(None)


class Unreadable(ValueError):
    """A cell that cannot be understood; its text is a Chinese sentence saying what to do."""


def surface(value: Any) -> str:
    """Write any cell value as text with half-width digits and letters and plain spaces."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float):
        # Excel keeps 19900001234 as a float; nobody means "19900001234.0".
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").translate(_TRANSLATE)


def one_line(value: Any) -> str:
    """Write a cell as one line: runs of white space become one space, ends are trimmed."""
    words = " ".join(surface(value).split())
    if isinstance(value, str):
        words = words.removeprefix("'")  # Excel's mark for text, typed or copied along
    if words.upper() in FORMULA_ERRORS:
        raise Unreadable("公式出错，没有算出值，请在原表里改好公式或直接填写。")
    return words


def is_empty(value: Any) -> bool:
    """Whether a cell holds nothing, counting the strokes and words people write for nothing."""
    return value is None or (isinstance(value, str) and " ".join(surface(value).split()) in EMPTY_WORDS)


def chinese_number(words: str) -> int | None:
    """Read 十六, 二十三, 一百零五 or 二〇二二 as a number; None when it is not one."""
    if not words:
        return None
    if words.isascii() and words.isdigit():
        return int(words)
    if all(c in _CN_DIGITS for c in words):
        return int("".join(str(_CN_DIGITS[c]) for c in words))
    total, pending = 0, 0
    for c in words:
        if c in _CN_DIGITS:
            pending = _CN_DIGITS[c]
        elif c in "十百千":
            total += (pending or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            pending = 0
        else:
            return None
    return total + pending
