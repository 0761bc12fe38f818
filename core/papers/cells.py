"""Turn one spreadsheet cell (单元格) into one clean value, or say in Chinese why it cannot be.

Every cleaner takes what a reader hands over (str, int, float, Decimal, bool,
datetime, date, None) and returns a `Read`: the value, `None` for an empty cell,
and a `note` when the cell was understood only by an assumption that a person
should see. What cannot be understood raises `Unreadable`, whose text says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from core.papers.dates import date, deadline, month
from core.papers.words import (
    EMPTY_WORDS,
    FORMULA_ERRORS,
    NOTHING,
    Read,
    Unreadable,
    chinese_number,
    is_empty,
    one_line,
    surface,
)

MAX_TEXT = 20_000

_SEPARATORS = re.compile(r"[、，,;；/／|｜\n]+")
_MIDDLE_DOTS = {ord(c): "·" for c in "•・‧∙⋅﹒●"}


def text(value: Any) -> Read:
    """Read one line of text, trimmed, with half-width digits and letters."""
    line = one_line(value)
    if len(line) > MAX_TEXT:
        raise Unreadable(f"文字太长，有{len(line)}字，最多{MAX_TEXT}字。")
    return Read(line) if line else NOTHING


def long_text(value: Any) -> Read:
    """Read a text of several paragraphs: lines are trimmed, blank lines dropped, nothing else is lost."""
    lines = [" ".join(part.split()) for part in surface(value).split("\n")]
    body = "\n".join(part for part in lines if part)
    if body.upper() in FORMULA_ERRORS:
        raise Unreadable("公式出错，没有算出值，请在原表里改好公式或直接填写。")
    if len(body) > MAX_TEXT:
        raise Unreadable(f"文字太长，有{len(body)}字，最多{MAX_TEXT}字。")
    return Read(body) if body else NOTHING


# --- numbers, telephones, marks ----------------------------------------------


_PHONE_WORDS = re.compile(r"(?:手机|移动|办公|固定|联系|座机|电话|号码|宅电|Tel|TEL|tel|号)+\s*[:：.]?\s*(?=[+\d(（])")
_NOT_DIGITS_IN_BRACKETS = re.compile(r"[（(][^\d（）()]*[）)]")


def phone(value: Any) -> Read:
    """Read a telephone: a mobile as 11 digits, a land line as 0915-1234567; the first of several."""
    if is_empty(value):
        return NOTHING
    written = _PHONE_WORDS.sub("", _NOT_DIGITS_IN_BRACKETS.sub("", one_line(value)))
    if re.fullmatch(r"\d(?:\.\d+)?[eE]\+?\d+", written):
        raise Unreadable("号码被 Excel 写成了科学计数，后几位可能丢了，请把这一列设成文本后重新填写。")
    parts = re.split(r"[、，,;；/\n]|(?<=\d{8})\s+(?=[01]\d)", written.removesuffix(".0"))
    first, *others = [p for p in parts if p.strip()] or [""]
    note = "写了几个号码，只取第一个。" if others else ""
    digits = re.sub(r"[^\d]", "", first)
    if re.search(r"[^\d\s\-—－–+()（）转#]", first):
        raise Unreadable("不是电话号码，请只写数字。")
    digits = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)
    if re.fullmatch(r"1\d{10}", digits):
        return Read(digits, note)
    if digits.startswith("0") and 10 <= len(digits) <= 12:
        area = 3 if digits[1] in "12" else 4
        if len(digits) - area in (7, 8):
            return Read(f"{digits[:area]}-{digits[area:]}", note)
    if 7 <= len(digits) <= 8:
        return Read(digits, note)
    raise Unreadable(f"号码有{len(digits)}位数字，手机应是11位，座机应带区号，请核对。")


def number(value: Any) -> Read:
    """Read an amount or count as Decimal: 3,000元, ２００００, 1.5万元."""
    if is_empty(value):
        return NOTHING
    if isinstance(value, bool):
        raise Unreadable("这里应是数字。")
    words = one_line(value).replace(",", "").replace("，", "").replace(" ", "").lstrip("¥￥")
    about = words.startswith(("约", "近"))
    words = re.sub(r"^(?:人民币|共|计|合计|折合)[:：]?(?=[约近\d])|[左右余多]+$", "", words)
    m = re.fullmatch(
        r"(?:约|近)?([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(万|亿|千)?(?:元|块|人次|人|条|件|册|次|场|篇|个|名|整)*",
        words,
    )
    if not m:
        raise Unreadable("这里应是数字，请去掉多余的文字。")
    try:
        amount = Decimal(m[1]) * {"万": 10_000, "亿": 100_000_000, "千": 1000}.get(m[2] or "", 1)
    except InvalidOperation as error:
        raise Unreadable("这里应是数字，请去掉多余的文字。") from error
    return Read(amount, "写的是约数。" if about else "")


def count(value: Any) -> Read:
    """Read a whole number that is not negative."""
    read = number(value)
    if read.value is None:
        return NOTHING
    if read.value != read.value.to_integral_value() or read.value < 0 or read.value > 10**12:
        raise Unreadable("这里应是不小于0的整数。")
    return Read(int(read.value), read.note)


_TICKS = frozenset({"√", "✓", "✔", "☑", "是"})
_YES = frozenset(
    {
        "是",
        "√",
        "✓",
        "✔",
        "☑",
        "有",
        "对",
        "1",
        "y",
        "yes",
        "true",
        "同意",
        "公开",
        "同意公开",
        "全文公开",
        "可以公开",
        "可公开",
        "已",
        "t",
    }
)
_NO = frozenset(
    {
        "否",
        "×",
        "✗",
        "✘",
        "x",
        "☐",
        "没有",
        "不",
        "0",
        "n",
        "no",
        "false",
        "不同意",
        "不公开",
        "不同意公开",
        "不宜公开",
        "不可公开",
        "非",
        "f",
    }
)


def yes_no(value: Any, *, about: str = "") -> Read:
    """Read 是/否, √/×, 有/无 as a truth value; 重点 under 是否重点, which ``about`` gives, is 是 and 非重点 否."""
    words = one_line(value).lower().replace(" ", "").strip("。.；;").removesuffix(".0")
    if words in _YES:
        return Read(True)
    if words in _NO or words == "无":
        return Read(False)
    if words and about and len(words) >= 2:
        denied = words[1:] if words[0] in "不非未" else ""
        if words in about or (denied and denied in about):
            return Read(not denied)
    if is_empty(value):
        return NOTHING
    raise Unreadable("这里应写“是”或“否”。")


def case_no(value: Any) -> Read:
    """Read a case number (案号): 第０１０号, 10, 十六届一次会议第10号 are all 10."""
    if is_empty(value):
        return NOTHING
    words = re.sub(r"(?<=\d)\.0+$", "", one_line(value).replace(" ", "")).strip("。.")
    found = re.findall(r"第?(\d+|[零〇一二三四五六七八九十百]+)号", words) or re.findall(
        r"^(?:[A-Za-z第№#.]*|.*[-—－〔\[(（]\d{4}[)）\]〕]?[-—－]?|\d{4}[-—－])(\d{1,5})$", words
    )
    serial = chinese_number(found[-1]) if found else None
    if not serial or not 1 <= serial <= 99_999:
        raise Unreadable("看不出案号，请写成“第12号”这样。")
    return Read(serial)


# --- lists --------------------------------------------------------------------


def split_list(value: Any) -> list[str]:
    """Split a cell that holds several things; spaces part them too, but not a name spaced out as 张　三."""
    whole = surface(value).translate(_MIDDLE_DOTS)
    parts: list[str] = []
    for piece in _SEPARATORS.split(whole):
        words = piece.split()
        at = 0
        while at < len(words):
            joined = len(words[at]) == 1 and at + 1 < len(words) and len(words[at + 1]) == 1
            parts.append(words[at] + words[at + 1] if joined else words[at])
            at += 2 if joined else 1
    return [part for part in parts if part not in EMPTY_WORDS]


def _without_repeats(parts: list[str]) -> Read:
    kept = list(dict.fromkeys(parts))
    if not kept:
        return NOTHING
    repeated = sorted({part for part in parts if parts.count(part) > 1})
    return Read(kept, f"“{'、'.join(repeated)}”写了不止一次，只计一次。" if repeated else "")


def names(value: Any) -> Read:
    """Read people's names from one cell as a list; 巴图·孟和 stays whole, 等3人 is dropped with a note."""
    if is_empty(value):
        return NOTHING
    one_line(value)
    whole = surface(value)
    cut = re.sub(r"\s*等(?:\d+|[一二三四五六七八九十]+)?(?:人|名|位|名委员|位委员)?\s*[。.]?\s*$", "", whole)
    read = _without_repeats([part.strip("。.") for part in split_list(cut) if part.strip("。.")])
    if cut != whole and not read.note:
        return Read(read.value, "写有“等”，没有列出的人未计。")
    return read


def items(value: Any) -> Read:
    """Read several units or other names from one cell as a list of texts."""
    if is_empty(value):
        return NOTHING
    one_line(value)
    return _without_repeats([part.strip("。.") for part in split_list(value) if part.strip("。.")])


def codes(value: Any) -> Read:
    """Read several identifiers such as HB16001 from one cell, in capitals."""
    if is_empty(value):
        return NOTHING
    one_line(value)
    return _without_repeats([part.upper() for part in split_list(value)])


def code(value: Any) -> Read:
    """Read one identifier such as HB16001: half-width, in capitals, without inner spaces."""
    line = one_line(value).replace(" ", "").upper()
    return Read(line) if line and line not in EMPTY_WORDS else NOTHING


def choice(value: Any, *, choices: Mapping[str, Any], about: str = "") -> Read:
    """Read one of a closed list; `choices` maps every accepted wording to its value.

    A tick means what the heading ``about`` says, as under 是否满意; elsewhere it says nothing certain.
    """
    if is_empty(value):
        return NOTHING
    words = one_line(value).replace(" ", "").strip("。.；;")
    if words in choices:
        return Read(choices[words])
    if (upper := words.upper()) in choices:
        return Read(choices[upper])
    bare = re.sub(r"[（(][^（）()不未非基部较]*[）)]$", "", words)  # A类（已解决）, but not 满意（部分）
    for form in (bare, bare.upper()):
        if form in choices:
            return Read(choices[form])
    if words in _TICKS and (named := sorted((w for w in choices if w in about), key=len)):
        return Read(choices[named[-1]])
    usual: dict[Any, str] = {}
    for wording, meant in choices.items():
        usual.setdefault(meant, wording)
    raise Unreadable(f"只能写{'、'.join(usual.values())}，请改正。")


CLEANERS: dict[str, Callable[..., Read]] = {
    "text": text,
    "long_text": long_text,
    "date": date,
    "deadline": deadline,
    "month": month,
    "phone": phone,
    "number": number,
    "count": count,
    "yes_no": yes_no,
    "case_no": case_no,
    "names": names,
    "items": items,
    "code": code,
    "codes": codes,
    "choice": choice,
}
"""The kinds of column a table may declare, each with its cleaner."""

DATED_KINDS = frozenset({"date", "deadline", "month"})
"""Kinds whose cleaner takes `year`, `earliest` and `latest`."""
