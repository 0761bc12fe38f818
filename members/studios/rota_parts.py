"""The kinds of days that a rota rule 接待日规则 can name, each giving its dates within a stretch of time."""

import calendar as months_of
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from core.workdays import Calendar

WEEKDAYS = "一二三四五六日"
EVERY_MONTH = frozenset(range(1, 13))
SATURDAY = 5


@dataclass(frozen=True)
class Part:
    """One kind of day with the half of the day it takes (上午, 下午, 晚上 or "") and, if told, its hours."""

    half: str = field(default="", kw_only=True)
    hours: tuple[time, time] | None = field(default=None, kw_only=True)

    on_weekend = False
    """Whether the rule itself asks for a Saturday or Sunday, which then is no reason to move."""

    def days(self, first: date, last: date, *, calendar: Calendar, anchor: date) -> Iterator[tuple[date, str]]:
        """Dates from ``first`` to ``last``, each with why it is not the day that the rule says, or ""."""
        raise NotImplementedError


@dataclass(frozen=True)
class MonthDay(Part):
    """每月15日; in a month without that day, its last day."""

    day: int
    months: frozenset[int] = EVERY_MONTH

    def days(self, first: date, last: date, *, calendar: Calendar, anchor: date) -> Iterator[tuple[date, str]]:
        """One date a month."""
        for year, month in _months(first, last):
            if month not in self.months:
                continue
            length = months_of.monthrange(year, month)[1]
            found = date(year, month, min(self.day, length))
            if first <= found <= last:
                note = "" if self.day <= length else f"{month}月没有{self.day}日，用{month}月{length}日"
                yield found, note


@dataclass(frozen=True)
class NthWeekday(Part):
    """每月第二个周五, 每季度最后一个周四: the ``nth`` (negative: from the end) of a month or quarter."""

    nth: int
    weekday: int
    months: frozenset[int] = EVERY_MONTH
    of_quarter: bool = False

    @property
    def on_weekend(self) -> bool:  # type: ignore[override]
        """As the rule names a Saturday or Sunday."""
        return self.weekday >= SATURDAY

    def days(self, first: date, last: date, *, calendar: Calendar, anchor: date) -> Iterator[tuple[date, str]]:
        """At most one date a month or quarter; a fifth weekday that is not there is left out."""
        for start, end in _spans(first, last, self.months, self.of_quarter):
            opening = start + timedelta((self.weekday - start.weekday()) % 7)
            all_of_them = [opening + timedelta(7 * week) for week in range((end - opening).days // 7 + 1)]
            yield from _pick(all_of_them, self.nth, first, last)


@dataclass(frozen=True)
class NthWorkday(Part):
    """每月第一个工作日, 每季度最后一个工作日."""

    nth: int
    months: frozenset[int] = EVERY_MONTH
    of_quarter: bool = False

    def days(self, first: date, last: date, *, calendar: Calendar, anchor: date) -> Iterator[tuple[date, str]]:
        """One date a month or quarter, by the working calendar."""
        for start, end in _spans(first, last, self.months, self.of_quarter):
            length = (end - start).days + 1
            worked = [day for step in range(length) if calendar.day(day := start + timedelta(step)).works]
            yield from _pick(worked, self.nth, first, last)


@dataclass(frozen=True)
class Weekly(Part):
    """每周三; ``weeks`` is "" for every week, odd or even for 单周 and 双周, or other for 隔周.

    Odd and even go by the number of the week in the year (ISO 8601, GB/T 7408); 隔周 counts from
    the week in which the rule begins.
    """

    weekday: int
    weeks: str = ""

    @property
    def on_weekend(self) -> bool:  # type: ignore[override]
        """As the rule names a Saturday or Sunday."""
        return self.weekday >= SATURDAY

    def days(self, first: date, last: date, *, calendar: Calendar, anchor: date) -> Iterator[tuple[date, str]]:
        """The dates of that weekday, in the weeks that count."""
        day = first + timedelta((self.weekday - first.weekday()) % 7)
        while day <= last:
            if self._counts(day, anchor):
                yield day, ""
            day += timedelta(7)

    def _counts(self, day: date, anchor: date) -> bool:
        if self.weeks == "other":
            monday = anchor - timedelta(anchor.weekday())
            return (day - monday).days // 7 % 2 == 0
        number = day.isocalendar().week
        return not self.weeks or (number % 2 == 1) == (self.weeks == "odd")


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    """Year and month of every month that the stretch touches."""
    for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield index // 12, index % 12 + 1


def _spans(first: date, last: date, months: frozenset[int], quarters: bool) -> Iterator[tuple[date, date]]:
    """First and last day of every month (of those named) or quarter that the stretch touches."""
    seen = set()
    for year, month in _months(first, last):
        if quarters:
            opening, closing = (month - 1) // 3 * 3 + 1, (month - 1) // 3 * 3 + 3
        else:
            opening = closing = month
        if month in months and (year, opening) not in seen:
            seen.add((year, opening))
            yield date(year, opening, 1), date(year, closing, months_of.monthrange(year, closing)[1])


def _pick(days: list[date], nth: int, first: date, last: date) -> Iterator[tuple[date, str]]:
    """The ``nth`` of the days where there are so many and it lies in the stretch."""
    if abs(nth) <= len(days):
        found = days[nth - 1 if nth > 0 else nth]
        if first <= found <= last:
            yield found, ""
