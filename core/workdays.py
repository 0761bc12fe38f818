"""Working days (工作日) and the days by which things are due, with their explanation.

Rule (国务院办公厅年度放假安排; counting as in 民法典 第201–203条): the day of the event does not
count; a limit in working days skips weekends and days off and counts weekend days worked 调休;
a limit in months runs by the calendar to the same day number, else to the month's end, and from
there to the next working day; a limit ends at 24:00 Shanghai time of the day due.

A year whose arrangement is not yet entered is reckoned as Monday to Friday without the days that
are off by law, and whatever touches it is provisional (暂定).
"""

import calendar
import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from core import revisions
from core.models import CalendarDay

WORKING_DAYS, DAYS_BEFORE, MONTHS, DATE = "working_days", "days_before", "months", "date"
"""How a limit is counted; the values of ``Deadline.Unit``."""

MAX_WORKING_DAYS, MAX_MONTHS = 2000, 120
FIRST_YEAR, LAST_YEAR = 1949, 2150
"""Longer limits and other years are slips of the pen."""

NOT_COUNTED = "收到当日不计"
THE_DAY_ITSELF = "当天不计"
WEEKEND = "周末"
PAUSED = "改办待定，暂停计算"

FIXED_HOLIDAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}
"""Days off by 《全国年节及纪念日放假办法》 (2024 revision) that the Gregorian date gives."""


class Day(NamedTuple):
    """What the calendar says of one day: (works, reason, provisional)."""

    works: bool
    reason: str
    provisional: bool


class Entry(NamedTuple):
    """A day that the table names."""

    works: bool
    name: str
    provisional: bool


class Step(NamedTuple):
    """One day on the way to a due date, and why it counts or not."""

    date: dt.date
    counted: bool
    reason: str


class Pause(NamedTuple):
    """A time in which the clock stands still: after ``asked`` up to and with ``decided``."""

    asked: dt.date
    decided: dt.date


@dataclass(frozen=True)
class Due:
    """A due date, the sentence of its rule, and every day that led to it."""

    due: dt.date
    provisional: bool
    rule: str
    steps: list[Step] = field(repr=False)
    starts: dt.date
    unit: str
    amount: int


class Calendar:
    """Working days as the given table names them; knows no database."""

    def __init__(self, entries: Mapping[dt.date, Entry]) -> None:
        self.entries = entries
        self._years: dict[int, list[int]] = {}
        self._days: dict[dt.date, Day] = {}

    def published(self, year: int) -> bool:
        """Whether the year's arrangement is entered: 10月1日 stands in every one of them."""
        entry = self.entries.get(dt.date(year, 10, 1))
        return entry is not None and not entry.provisional

    def day(self, date: dt.date) -> Day:
        """Whether one works on ``date``, why (not), and whether that is only provisional."""
        known = self._days.get(date)
        if known is None:
            known = self._days[date] = self._judge(date)
        return known

    def _judge(self, date: dt.date) -> Day:
        provisional = not self.published(date.year)
        entry = self.entries.get(date)
        if entry is not None:
            provisional = provisional or entry.provisional
            name = "调休上班" if entry.works else f"{entry.name.removesuffix('放假')}放假"
            return Day(entry.works, name + ("（暂定）" if provisional else ""), provisional)
        if provisional and (fixed := FIXED_HOLIDAYS.get((date.month, date.day))):
            return Day(False, f"{fixed}放假（暂定）", True)
        if date.weekday() >= 5:
            return Day(False, WEEKEND, provisional)
        return Day(True, "工作日", provisional)

    def count(self, after: dt.date, until: dt.date) -> int:
        """How many working days lie after ``after``, up to and with ``until``; 0 if none."""
        if until <= after:
            return 0
        first, last = self._sums(after), self._sums(until)
        total = last[until.timetuple().tm_yday] - first[after.timetuple().tm_yday]
        for year in range(after.year, until.year):
            total += self._sums(dt.date(year, 1, 1))[-1]
        return total

    def nth(self, after: dt.date, n: int) -> dt.date:
        """The ``n``-th working day after ``after``."""
        sums = self._sums(after)
        wanted = sums[after.timetuple().tm_yday] + n
        year = after.year
        while sums[-1] < wanted:
            wanted -= sums[-1]
            year += 1
            sums = self._sums(dt.date(year, 1, 1))
        # The first day of the year on which the running total reaches the wanted number.
        day_of_year = bisect_left(sums, wanted)
        return dt.date(year, 1, 1) + dt.timedelta(day_of_year - 1)

    def next_workday(self, date: dt.date) -> dt.date:
        """``date`` itself if one works on it, else the next day on which one does."""
        return self.nth(date - dt.timedelta(1), 1)

    def add_working_days(self, start: dt.date, n: int, pauses: Sequence[Pause] = ()) -> Due:
        """The day ``n`` working days after ``start``; days within a pause do not count."""
        _check("工作日数", start, n, MAX_WORKING_DAYS)
        steps = [Step(start, False, NOT_COUNTED)]
        date, counted, provisional = start, 0, False
        while counted < n:
            date += dt.timedelta(1)
            day = self.day(date)
            provisional = provisional or day.provisional
            if any(pause.asked < date <= pause.decided for pause in pauses):
                steps.append(Step(date, False, PAUSED))
            elif not day.works:
                steps.append(Step(date, False, day.reason))
            else:
                counted += 1
                made_up = f"{day.reason}，" if date in self.entries else ""
                steps.append(Step(date, True, f"{made_up}第{counted}日"))
        rule = f"收到次日起{n}个工作日"
        return Due(date, provisional, rule, steps, start, WORKING_DAYS, n)

    def days_before(self, day: dt.date, n: int) -> Due:
        """The ``n``-th working day before ``day``: what must be done so long before an event 会前."""
        _check("工作日数", day, n, MAX_WORKING_DAYS)
        steps = [Step(day, False, THE_DAY_ITSELF)]
        date, counted, provisional = day, 0, False
        while counted < n:
            date -= dt.timedelta(1)
            found = self.day(date)
            provisional = provisional or found.provisional
            counted += found.works
            made_up = f"{found.reason}，" if found.works and date in self.entries else ""
            steps.append(Step(date, found.works, f"{made_up}前{counted}日" if found.works else found.reason))
        return Due(date, provisional, f"前{n}个工作日", steps, day, DAYS_BEFORE, n)

    def add_months(self, start: dt.date, n: int, pauses: Sequence[Pause] = ()) -> Due:
        """The day ``n`` months after ``start``, put off by the pauses and to a working day."""
        _check("月数", start, n, MAX_MONTHS)
        nominal, at_month_end = _same_day_later(start, n)
        target, paused = _put_off(start, nominal, pauses)
        due = self.next_workday(target)
        reached = f"满{n}个月"
        if at_month_end:
            reached += f"（{nominal.month}月没有{start.day}日，以月末为准）"

        steps = [Step(start, False, NOT_COUNTED)]
        ends = [_same_day_later(start, month)[0] for month in range(1, n)]
        date = start
        while date < target:
            date += dt.timedelta(1)
            if date in paused:
                steps.append(Step(date, False, PAUSED))
                continue
            month = bisect_left(ends, date) + 1
            steps.append(Step(date, True, reached if date == target else f"第{month}个月"))
        if due > target:
            off = self.day(target).reason
            steps[-1] = Step(target, True, f"{reached}，逢{off}，顺延")
            for later in _days(target, due):
                day = self.day(later)
                reason = "顺延至此到期" if later == due else f"{day.reason}，顺延"
                steps.append(Step(later, False, reason))
        # Only the days that decide the end need the calendar; those before run through anyway.
        provisional = any(self.day(date).provisional for date in [target, *_days(target, due)])
        rule = f"收到次日起{n}个月，末日逢休息日顺延"
        return Due(due, provisional, rule, steps, start, MONTHS, n)

    def by_date(self, start: dt.date, day: dt.date) -> Due:
        """A limit that is a fixed day 截止日 of a notice or promise; it stays where it is."""
        rule = f"指定截止日{chinese_date(day)}"
        steps = [Step(start, False, NOT_COUNTED), Step(day, True, "指定的截止日")]
        return Due(day, False, rule, steps, start, DATE, 0)

    def working_days_between(self, today: dt.date, due: dt.date) -> int:
        """Working days left from ``today`` to ``due``; see the module's function of this name."""
        if due < today:
            return (due - today).days
        if due == today:
            return 0
        return max(1, self.count(today, due))

    def _sums(self, date: dt.date) -> list[int]:
        """Running totals of working days of the date's year, by day of the year, [0] being 0."""
        sums = self._years.get(date.year)
        if sums is None:
            sums = [0]
            day = dt.date(date.year, 1, 1)
            while day.year == date.year:
                sums.append(sums[-1] + self.day(day).works)
                day += dt.timedelta(1)
            self._years[date.year] = sums
        return sums


def _check(what: str, start: dt.date, n: int, most: int) -> None:
    """Refuse a limit or a start that can only be a slip."""
    if not 1 <= n <= most:
        raise ValueError(f"{what}应在1至{most}之间，现在是{n}。")
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise ValueError(f"起算日的年份应在{FIRST_YEAR}至{LAST_YEAR}之间，现在是{start.year}。")


def _same_day_later(start: dt.date, months: int) -> tuple[dt.date, bool]:
    """The same day number so many months later, else the month's end; and whether it is that."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    length = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, length)), start.day > length


def _put_off(start: dt.date, target: dt.date, pauses: Sequence[Pause]) -> tuple[dt.date, set[dt.date]]:
    """``target`` put off by each paused day that falls before the end, and those days."""
    paused: set[dt.date] = set()
    for pause in sorted(pauses):
        if max(pause.asked, start) < target:
            new = set(_days(max(pause.asked, start), pause.decided)) - paused
            paused |= new
            target += dt.timedelta(len(new))
    return target, paused


def _days(after: dt.date, until: dt.date) -> list[dt.date]:
    """The days after ``after`` up to and with ``until``."""
    return [after + dt.timedelta(i) for i in range(1, (until - after).days + 1)]


def chinese_date(day: dt.date) -> str:
    """2022年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


# --- The table as the calendar ----------------------------------------------------------------

TABLE = "calendar"


def _load() -> Calendar:
    """The whole table: about 35 rows a year."""
    rows = CalendarDay.objects.values_list("date", "kind", "name", "provisional")
    return Calendar(
        {date: Entry(kind == CalendarDay.Kind.WORKDAY, name, provisional) for date, kind, name, provisional in rows}
    )


_table = revisions.Cached(TABLE, _load)


def current() -> Calendar:
    """The calendar as the table has it now."""
    return _table.get()


def calendar_for(years: Iterable[int]) -> Calendar:
    """The calendar of these years alone, as the table has it now; other years count as unknown."""
    wanted = set(years)
    entries = {date: entry for date, entry in current().entries.items() if date.year in wanted}
    return Calendar(entries)


def clear_cache() -> None:
    """Read the table anew at the next use."""
    _table.clear()


def table_changed(**kwargs: object) -> None:
    """Tell every process that the table changed; in the transaction that changed it.

    Saving or deleting a row does so by itself, writing many at once does not.
    """
    revisions.bump(TABLE)
    _table.clear()


post_save.connect(table_changed, CalendarDay, dispatch_uid="core.workdays.save")
post_delete.connect(table_changed, CalendarDay, dispatch_uid="core.workdays.delete")


def is_workday(day: dt.date) -> bool:
    """Whether one works on ``day``."""
    return current().day(day).works


def day_info(day: dt.date) -> Day:
    """(works, reason in Chinese, provisional) of ``day``."""
    return current().day(day)


def add_working_days(start: dt.date, n: int, *, pauses: Sequence[Pause] = ()) -> Due:
    """The day ``n`` working days after ``start`` (收到次日起n个工作日).

    ``pauses`` are the times in which a transfer request 退办 waited for its decision. Raises
    ``ValueError`` with a Chinese sentence unless 1 ≤ n ≤ 2000 and the year is plausible.
    """
    return current().add_working_days(start, n, pauses)


def days_before(day: dt.date, n: int) -> Due:
    """The ``n``-th working day before ``day`` (会前n个工作日); the day itself does not count.

    Raises ``ValueError`` with a Chinese sentence unless 1 ≤ n ≤ 2000 and the year is plausible.
    """
    return current().days_before(day, n)


def add_months(start: dt.date, n: int, *, pauses: Sequence[Pause] = ()) -> Due:
    """The day ``n`` months after ``start`` (收到次日起n个月), put off to a working day.

    Raises ``ValueError`` with a Chinese sentence unless 1 ≤ n ≤ 120.
    """
    return current().add_months(start, n, pauses)


def by_date(start: dt.date, day: dt.date) -> Due:
    """A limit that is a fixed day, such as a notice's cut-off or a promise's date."""
    return current().by_date(start, day)


def earliest(*dues: Due) -> Due:
    """The limit that ends first, where several hold (以先到者为准)."""
    first = min(dues, key=lambda due: due.due)
    if len(dues) == 1:
        return first
    return replace(first, rule=f"{first.rule}（几项期限中先到的一项）")


def compute(unit: str, start: dt.date, amount: int, *, pauses: Sequence[Pause] = ()) -> Due:
    """The due date of a limit whose unit is data: working days, working days before a day, or months."""
    if unit == DAYS_BEFORE:
        return days_before(start, amount)
    if unit == WORKING_DAYS:
        return add_working_days(start, amount, pauses=pauses)
    if unit == MONTHS:
        return add_months(start, amount, pauses=pauses)
    raise ValueError(f"这样的期限不能推算：{unit}")


def working_days_between(today: dt.date, due: dt.date) -> int:
    """How far ``due`` is: working days left (>0), 0 on the day itself, calendar days over (<0).

    Before the day itself the answer is never 0, even where only days off lie between.
    """
    return current().working_days_between(today, due)


def today() -> dt.date:
    """The present day in Shanghai."""
    return timezone.localdate()
