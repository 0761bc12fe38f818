"""Read a year's days off and 调休 out of what staff paste (年度放假安排).

Two ways of writing are understood, also mixed: the State Council's notice as it stands
("二、春节：1月28日至2月4日放假调休，共8天。1月26日（周日）、2月8日（周六）上班。") and one day a
line ("2027-01-04 调休上班 元旦"), as copied from a spreadsheet.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.errors import Refusal
from core.models import CalendarDay

HOLIDAY, WORKDAY = CalendarDay.Kind.HOLIDAY, CalendarDay.Kind.WORKDAY

_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_CLAUSE = re.compile(r"^\s*(?:[一二三四五六七八九十]+\s*[、.．]|\d+\s*[、.．])?\s*([^：:\d]{2,20})[：:](.+)$")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日"
_SPAN = re.compile(f"{_DATE}(?:(?:至|到|—|–|-|~|～){_DATE})?")
_LINE = re.compile(
    r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?[\s,，、;；|]+(\S+?)[\s,，、;；|]+(\S.*?)\s*$"
)
_KINDS = {
    "放假": HOLIDAY,
    "休": HOLIDAY,
    "休息": HOLIDAY,
    "上班": WORKDAY,
    "班": WORKDAY,
    "调休": WORKDAY,
    "调休上班": WORKDAY,
}
LONGEST_SPAN = 15


@dataclass(frozen=True, order=True)
class ReadDay:
    """One day as read: a holiday or a made-up work day, and its festival."""

    date: dt.date
    kind: str
    name: str

    def line(self) -> str:
        """The day as a line that :func:`read` takes back."""
        return f"{self.date.isoformat()} {CalendarDay.Kind(self.kind).label} {self.name}"


@dataclass
class Reading:
    """What was read for one year, and what could not be, each in a Chinese sentence."""

    year: int
    days: list[ReadDay] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def text(self) -> str:
        """All days as lines."""
        return "\n".join(day.line() for day in self.days)

    def count(self, kind: str) -> int:
        """How many days of one kind."""
        return sum(day.kind == kind for day in self.days)

    @property
    def holidays(self) -> int:
        """How many days off."""
        return self.count(HOLIDAY)

    @property
    def workdays(self) -> int:
        """How many weekend days worked."""
        return self.count(WORKDAY)


def read(text: str, year: int) -> Reading:
    """Read pasted text as the arrangement of ``year`` and check it as a whole."""
    reading = Reading(year)
    found: dict[dt.date, ReadDay] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            for day in _read_line(line, year):
                _take(day, year, found)
        except (ValueError, Refusal) as error:
            what = str(error) if isinstance(error, Refusal) else "有日历上没有的日期。"
            reading.problems.append(f"第{number}行“{line.strip()[:30]}”：{what}")
    reading.days = sorted(found.values())
    national_day = found.get(dt.date(year, 10, 1))
    if not found:
        reading.problems.append(f"没有读到{year}年的放假或调休日期。")
    elif national_day is None or national_day.kind != HOLIDAY:
        reading.problems.append(f"没有读到{year}年10月1日放假，像是没有贴全。")
    return reading


def lines_of(rows: Iterable[Iterable[Any]]) -> str:
    """Rows of a spreadsheet (date, kind, festival) as lines that :func:`read` takes."""
    lines = []
    for row in rows:
        cells = [
            cell.strftime("%Y-%m-%d") if isinstance(cell, dt.date) else str(cell).strip()
            for cell in row
            if cell not in (None, "")
        ]
        # A first row of headings is no day; anything else without a digit is worth a complaint.
        if cells and cells[0] != "日期":
            lines.append(" ".join(cells))
    return "\n".join(lines)


def _read_line(line: str, year: int) -> list[ReadDay]:
    """The days of one line: none for prose without dates, a Refusal for a line half understood."""
    if match := _LINE.match(line):
        *numbers, kind, name = match.groups()
        if kind not in _KINDS:
            raise Refusal(f"“{kind}”要写成“放假”或“调休上班”。")
        name = name.removesuffix("放假").removesuffix("调休上班").strip() or name
        return [ReadDay(dt.date(*map(int, numbers)), _KINDS[kind], name[:20])]
    plain = _BRACKETS.sub("", line)
    if match := _CLAUSE.match(plain):
        name, rest = match.groups()
        return _read_clause(name.strip(), rest, year)
    if re.search(r"\d日[^，。]*(放假|上班)", plain) or re.match(r"\s*\d{4}\s*[-/.]", plain):
        raise Refusal("要写成“2027-01-04 调休上班 元旦”，或照通知写“一、元旦：1月1日放假”。")
    return []


def _read_clause(name: str, rest: str, year: int) -> list[ReadDay]:
    """One numbered clause of a notice: sentences that end in 放假 or 上班."""
    days = []
    for sentence in re.split(r"[。；;]", rest):
        if "放假" in sentence:
            kind, listed = HOLIDAY, sentence.partition("放假")[0]
        elif "上班" in sentence:
            kind, listed = WORKDAY, sentence.partition("上班")[0]
        else:
            continue
        month = None
        for match in _SPAN.finditer(listed):
            y1, m1, d1, y2, m2, d2 = (int(part) if part else None for part in match.groups())
            month = m1 or month
            if month is None or d1 is None:
                raise Refusal("日期没有写月份。")
            first = dt.date(y1 or year, month, d1)
            month = m2 or month
            # The notice names a year only where it differs; after 2022年12月31日 it names both.
            last = dt.date(y2 or y1 or year, month, d2) if d2 else first
            if not 0 <= (last - first).days < LONGEST_SPAN:
                raise Refusal(f"“{match.group()}”不像一个假期。")
            span = (last - first).days + 1
            days += [ReadDay(first + dt.timedelta(i), kind, name[:20]) for i in range(span)]
    return days


def _take(day: ReadDay, year: int, found: dict[dt.date, ReadDay]) -> None:
    """Keep a day that fits the year and contradicts no other."""
    shown = f"{day.date.year}年{day.date.month}月{day.date.day}日"
    neighbour = dt.date(year - 1, 12, 24) <= day.date <= dt.date(year + 1, 1, 7)
    if day.date.year != year and not neighbour:
        raise Refusal(f"{shown}不在{year}年。")
    if day.kind == WORKDAY and day.date.weekday() < 5:
        raise Refusal(f"{shown}是周{'一二三四五'[day.date.weekday()]}，本来就上班，不用列为调休。")
    if day.date in found and found[day.date].kind != day.kind:
        raise Refusal(f"{shown}既列为放假又列为上班。")
    found.setdefault(day.date, day)
