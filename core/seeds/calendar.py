"""The State Council's published days off and made-up work days (放假、调休), and later years 暂定.

``PUBLISHED`` copies the yearly arrangement papers. ``LUNAR`` gives the days off by law that follow
the lunar calendar and the solar term 清明, for years whose arrangement is not out yet: those rows
are provisional, hold neither 调休 nor make-up days, and give way when the year is entered.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from core import workdays
from core.models import CalendarDay
from core.workdays import FIXED_HOLIDAYS

# Per year: the paper, then (festival, days off, week-end days worked); "a~b" is a span.
PUBLISHED: dict[int, tuple[str, list[tuple[str, str, str]]]] = {
    2020: (
        "国办发明电〔2019〕16号；春节延长至2月2日见国办发明电〔2020〕1号",
        [
            ("元旦", "1-1", ""),
            ("春节", "1-24~2-2", "1-19"),
            ("清明节", "4-4~4-6", ""),
            ("劳动节", "5-1~5-5", "4-26 5-9"),
            ("端午节", "6-25~6-27", "6-28"),
            ("国庆节", "10-1~10-8", "9-27 10-10"),
        ],
    ),
    2021: (
        "国办发明电〔2020〕27号",
        [
            ("元旦", "1-1~1-3", ""),
            ("春节", "2-11~2-17", "2-7 2-20"),
            ("清明节", "4-3~4-5", ""),
            ("劳动节", "5-1~5-5", "4-25 5-8"),
            ("端午节", "6-12~6-14", ""),
            ("中秋节", "9-19~9-21", "9-18"),
            ("国庆节", "10-1~10-7", "9-26 10-9"),
        ],
    ),
    2022: (
        "国办发明电〔2021〕11号",
        [
            ("元旦", "1-1~1-3", ""),
            ("春节", "1-31~2-6", "1-29 1-30"),
            ("清明节", "4-3~4-5", "4-2"),
            ("劳动节", "4-30~5-4", "4-24 5-7"),
            ("端午节", "6-3~6-5", ""),
            ("中秋节", "9-10~9-12", ""),
            ("国庆节", "10-1~10-7", "10-8 10-9"),
        ],
    ),
    2023: (
        "国办发明电〔2022〕16号",
        [
            ("元旦", "2022-12-31 1-1~1-2", ""),
            ("春节", "1-21~1-27", "1-28 1-29"),
            ("清明节", "4-5", ""),
            ("劳动节", "4-29~5-3", "4-23 5-6"),
            ("端午节", "6-22~6-24", "6-25"),
            ("中秋节", "9-29", ""),
            ("国庆节", "9-30~10-6", "10-7 10-8"),
        ],
    ),
    2024: (
        "国办发明电〔2023〕7号",
        [
            ("元旦", "2023-12-30~2023-12-31 1-1", ""),
            ("春节", "2-10~2-17", "2-4 2-18"),
            ("清明节", "4-4~4-6", "4-7"),
            ("劳动节", "5-1~5-5", "4-28 5-11"),
            ("端午节", "6-10", ""),
            ("中秋节", "9-15~9-17", "9-14"),
            ("国庆节", "10-1~10-7", "9-29 10-12"),
        ],
    ),
    2025: (
        "国办发明电〔2024〕12号",
        [
            ("元旦", "1-1", ""),
            ("春节", "1-28~2-4", "1-26 2-8"),
            ("清明节", "4-4~4-6", ""),
            ("劳动节", "5-1~5-5", "4-27"),
            ("端午节", "5-31~6-2", ""),
            ("国庆节", "10-1~10-5 10-7~10-8", "9-28 10-11"),
            ("中秋节", "10-6", ""),
        ],
    ),
    2026: (
        "国办发明电〔2025〕7号",
        [
            ("元旦", "1-1~1-3", "1-4"),
            ("春节", "2-15~2-23", "2-14 2-28"),
            ("清明节", "4-4~4-6", ""),
            ("劳动节", "5-1~5-5", "5-9"),
            ("端午节", "6-19~6-21", ""),
            ("中秋节", "9-25~9-27", ""),
            ("国庆节", "10-1~10-7", "9-20 10-10"),
        ],
    ),
}

# Per year: lunar new year's day 正月初一, 清明, 端午 and 中秋.
LUNAR = {
    2027: ("2-6", "4-5", "6-9", "9-15"),
    2028: ("1-26", "4-4", "5-28", "10-3"),
    2029: ("2-13", "4-4", "6-16", "9-22"),
    2030: ("2-3", "4-5", "6-5", "9-12"),
    2031: ("1-23", "4-5", "6-24", "10-1"),
    2032: ("2-11", "4-4", "6-12", "9-19"),
    2033: ("1-31", "4-4", "6-1", "9-8"),
    2034: ("2-19", "4-5", "6-20", "9-27"),
    2035: ("2-8", "4-5", "6-10", "9-16"),
}
STATUTORY = "《全国年节及纪念日放假办法》法定假日，待国务院办公厅公布年度安排"


@transaction.atomic
def load(model: type[CalendarDay] = CalendarDay) -> int:
    """Add the days that the table lacks and return how many; rows that staff entered stay.

    A migration passes the model of its own time.
    """
    known = set(model.objects.values_list("date", flat=True))
    # A year that has its arrangement is whole, even where staff removed a day of ours from it.
    whole = {
        date.year
        for date in model.objects.filter(date__month=10, date__day=1, provisional=False).values_list("date", flat=True)
    }
    missing = [model(**day) for day in days() if day["date"] not in known and day["date"].year not in whole]
    if missing:
        model.objects.bulk_create(missing)
        workdays.table_changed()
    return len(missing)


def days() -> Iterator[dict[str, Any]]:
    """Every day of this module as the columns of a row."""
    for year, (source, festivals) in PUBLISHED.items():
        for name, off, worked in festivals:
            for kind, spans in (("holiday", off), ("workday", worked)):
                for date in _days(year, spans):
                    yield _row(date, kind, name, source, provisional=False)
    for year in LUNAR:
        for date, name in sorted(statutory(year).items()):
            yield _row(date, "holiday", name, STATUTORY, provisional=True)


def _row(date: dt.date, kind: str, name: str, source: str, *, provisional: bool) -> dict[str, Any]:
    return {
        "date": date,
        "kind": kind,
        "name": name,
        "source": source,
        "provisional": provisional,
    }


def statutory(year: int) -> dict[dt.date, str]:
    """The days off by law (13 a year since 2025) of a year of ``LUNAR``."""
    new_year, clear, boat, moon = (_day(year, text) for text in LUNAR[year])
    days = {dt.date(year, *day): name for day, name in FIXED_HOLIDAYS.items()}
    days |= {new_year + dt.timedelta(i): "春节" for i in range(-1, 3)}  # from 除夕 to 初三
    days |= {clear: "清明节", boat: "端午节"}
    days.setdefault(moon, "中秋节")
    return days


def _days(year: int, spans: str) -> Iterator[dt.date]:
    for span in spans.split():
        first, _, last = span.partition("~")
        start, end = _day(year, first), _day(year, last or first)
        for i in range((end - start).days + 1):
            yield start + dt.timedelta(i)


def _day(year: int, text: str) -> dt.date:
    """ "3-5" of ``year``, or "2022-12-31" with a year of its own."""
    numbers = [int(part) for part in text.split("-")]
    return dt.date(*numbers) if len(numbers) == 3 else dt.date(year, *numbers)
