"""Read a day, a month or a promised deadline (日期) in every way that people write one."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

from core.papers.words import NOTHING, Read, Unreadable, chinese_number, is_empty, one_line

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)

_NUM = r"(\d{1,4}|[零〇○一二三四五六七八九十]{1,5})"
_JOINT = "-./·．／－–—−。、,，"
_FULL_DATE = re.compile(rf"{_NUM}\s*[{_JOINT}年]\s*{_NUM}\s*[{_JOINT}月]\s*{_NUM}\s*[日号]?")
_YEAR_MONTH = re.compile(rf"{_NUM}\s*(?:年|[-./．／－])\s*{_NUM}\s*月?(份)?(底|末|上旬|中旬|下旬|初)?")
_MONTH_DAY = re.compile(rf"{_NUM}\s*月\s*{_NUM}\s*[日号]?")
_YEAR_PART = re.compile(rf"{_NUM}\s*年?\s*(?:的)?\s*(底|末|年底|年末|内|上半年|下半年|第?[一二三四1-4]季度(?:末|底)?)")
_TRAILING = re.compile(r"(?:之?前|以前|完成|办结|左右|前后|前完成)+$")
_TIME = re.compile(
    r"(?:[ T]\s*|(?<=[日号\d])\s*(?=[上下中午晚早凌]))(?:凌晨|早上|上午|中午|下午|晚上|晚|AM|PM)?\s*"
    r"(?:\d{1,2}\s*(?:[:：时点]\s*(?:\d{1,2}|半|整)?(?:\s*[:：分]\s*\d{0,2}(?:\.\d+)?秒?)?)\s*(?:AM|PM|Z)?|(?<=[晨上午晚M]))$",
    re.IGNORECASE,
)
"""A time of day behind a date: 9:30, 上午, 下午3时, 09:30:00 AM."""
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_WEEKDAY = re.compile(r"\s*(?:星期|周|礼拜)[一二三四五六日天]$")


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _build(year: int, month: int, day: int, shown: str) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise Unreadable(f"没有“{shown}”这一天，请查原件改正。") from error


def _year(words: str) -> tuple[int, str]:
    """Read a year of four digits, or of two with a note that the century is assumed."""
    number = chinese_number(words)
    if number is None:
        raise Unreadable("看不出年份，请写成“2022-03-05”这样。")
    if len(words) == 2 and words.isdigit():
        return (
            2000 if number < 70 else 1900
        ) + number, f"年份只写两位，按{(2000 if number < 70 else 1900) + number}年计。"
    return number, ""


def _date_from_number(value: float, shown: str) -> _Found | None:
    """Read a number cell: 20220122, 202201, an Excel day serial, or 2022.12 typed as a number."""
    if isinstance(value, int) or float(value).is_integer():
        whole = int(value)
        if 19000101 <= whole <= 21001231:
            return _build(whole // 10000, whole // 100 % 100, whole % 100, shown), "", False
        if 190001 <= whole <= 210012 and 1 <= whole % 100 <= 12:
            return month_end(whole // 100, whole % 100), "", True
        if 1900 <= whole <= 2100:
            raise Unreadable("只写了年份，请补上月和日。")
    if 1900 <= value <= 2100.99:
        digits = shown.partition(".")[2]
        if len(digits) <= 2 and 1 <= int(digits or 0) <= 12:
            note = "按1月计；如果是10月，请改写成“10月”。" if digits == "1" else ""
            return month_end(int(value), int(digits)), note, True
    if 10_000 <= value <= 73_415:  # 1927-05-18 … 2100-12-31 in Excel's count of days since 1899-12-30
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(value)), "", False
    return None


_Found = tuple[dt.date, str, bool]
"""A date, a note on how it was understood, and whether only the month is known."""


def _full_date(m: re.Match[str], shown: str, year_hint: int | None) -> _Found | None:
    year, note = _year(m[1])
    return _build(year, chinese_number(m[2]) or 0, chinese_number(m[3]) or 0, shown), note, False


def _year_month(m: re.Match[str], shown: str, year_hint: int | None) -> _Found | None:
    year, note = _year(m[1])
    month = chinese_number(m[2]) or 0
    if not 1 <= month <= 12:
        raise Unreadable(f"没有“{shown}”这个月，请查原件改正。")
    if len(m[1]) < 4 and not note:
        return None
    day = {"上旬": 10, "初": 10, "中旬": 20}.get(m[4] or "")
    return (dt.date(year, month, day) if day else month_end(year, month)), note, True


def _month_day(m: re.Match[str], shown: str, year_hint: int | None) -> _Found | None:
    if year_hint is None:
        raise Unreadable("没有写年份，请写成“2022-03-05”这样。")
    note = f"没有写年份，按{year_hint}年计。"
    return _build(year_hint, chinese_number(m[1]) or 0, chinese_number(m[2]) or 0, shown), note, False


def _part_of_year(m: re.Match[str], shown: str, year_hint: int | None) -> _Found | None:
    year, note = _year(m[1])
    if not 1900 <= year <= 2100:
        return None
    part = m[2]
    if part == "上半年":
        return dt.date(year, 6, 30), note, True
    if "季度" in part:
        return month_end(year, 3 * (chinese_number(part.lstrip("第")[0]) or 1)), note, True
    return dt.date(year, 12, 31), note, True


_FORMS = ((_FULL_DATE, _full_date), (_YEAR_MONTH, _year_month), (_MONTH_DAY, _month_day), (_YEAR_PART, _part_of_year))


def _date_from_words(words: str, shown: str, year_hint: int | None) -> _Found | None:
    for pattern, read in _FORMS:
        if (m := pattern.fullmatch(words)) and (found := read(m, shown, year_hint)):
            return found
    return None


def _date(value: Any, year: int | None, earliest: dt.date, latest: dt.date) -> _Found | None:
    """Read any way of writing a date within bounds; None for an empty cell."""
    if is_empty(value):
        return None
    if isinstance(value, dt.datetime):
        found: _Found = (value.date(), "", False)
    elif isinstance(value, dt.date):
        found = (value, "", False)
    else:
        found = _date_from_cell(value, year)
    if not earliest <= found[0] <= latest:
        span = f"{earliest.isoformat()}到{latest.isoformat()}"
        raise Unreadable(f"{found[0].isoformat()}不在{span}之间，请查原件改正。")
    return found


def _date_from_cell(value: Any, year: int | None) -> _Found:
    """Read a number or text; raises Unreadable."""
    shown = one_line(value)
    words = _TIME.sub("", _WEEKDAY.sub("", _BRACKETS.sub("", shown).strip()))
    words = _TRAILING.sub("", words).strip()
    number: float | None = None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = value
    elif re.fullmatch(r"\d{4,8}", words):
        number = int(words)
    elif re.fullmatch(r"\d{5}\.\d+|\d{6}(?:\d\d)?\.0+", words):
        number = float(words)
    found = _date_from_number(number, shown) if number is not None else None
    found = found or _date_from_words(words, shown, year)
    if found is None:
        raise Unreadable("看不出是哪一天，请写成“2022-03-05”或“2022年3月5日”这样。")
    return found


def date(value: Any, *, year: int | None = None, earliest: dt.date = EARLIEST, latest: dt.date = LATEST) -> Read:
    """Read a day; `year` fills in 「3月5日」; a month alone stands for its last day, with a note."""
    found = _date(value, year, earliest, latest)
    if found is None:
        return NOTHING
    day, note, month_known = found
    return Read(day, note or (f"只写到月，按{day.isoformat()}计。" if month_known else ""))


def deadline(value: Any, *, year: int | None = None, earliest: dt.date = EARLIEST, latest: dt.date = LATEST) -> Read:
    """Read the day by which something is promised; 2022年12月底前 and 2022-12 mean the month's last day."""
    found = _date(value, year, earliest, latest)
    return NOTHING if found is None else Read(found[0], found[1])


def month(value: Any, *, year: int | None = None, earliest: dt.date = EARLIEST, latest: dt.date = LATEST) -> Read:
    """Read a year and month (年月) as the first day of that month."""
    found = _date(value, year, earliest, latest)
    return NOTHING if found is None else Read(found[0].replace(day=1), found[1])
