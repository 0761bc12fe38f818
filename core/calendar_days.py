"""Staff's changes of the working calendar (放假和调休): each is logged, and a job moves open deadlines."""

import datetime as dt
from typing import Any

from django.db import transaction

from core import audit, recomputing, workdays
from core.arrangement import Reading
from core.errors import Refusal
from core.models import CalendarDay, Deadline, Job


def open_deadlines() -> int:
    """How many open deadlines would be computed again after a change."""
    return Deadline.objects.open().exclude(unit=Deadline.Unit.DATE).count()


def year_rows(year: int) -> list[CalendarDay]:
    """The rows of one year, by date."""
    return list(CalendarDay.objects.filter(date__year=year).order_by("date"))


def entered_years() -> list[int]:
    """The years that have rows, first to last."""
    return [first.year for first in CalendarDay.objects.dates("date", "year")]


@transaction.atomic
def save_day(date: dt.date, *, kind: str, name: str, source: str, provisional: bool, actor: Any) -> Job:
    """Enter a day or change it; returns the job that computes open deadlines again.

    Refuses a 调休 on a day that is worked anyway.
    """
    if kind == CalendarDay.Kind.WORKDAY and date.weekday() < 5:
        raise Refusal("周一到周五本来就上班，只有周末才列为调休上班。", field="kind")
    old = CalendarDay.objects.select_for_update().filter(date=date).first()
    before = _described(old) if old else "没有列出"
    row = CalendarDay(date=date, kind=kind, name=name, source=source, provisional=provisional)
    row.save(force_update=old is not None, force_insert=old is None)
    return _after(
        actor,
        "calendar.change",
        f"工作日历{workdays.chinese_date(date)}由{before}改为{_described(row)}",
        {date.isoformat(): [before, _described(row)], "依据": source},
    )


@transaction.atomic
def delete_day(row: CalendarDay, *, actor: Any) -> Job:
    """Take a day out of the table; returns the job that computes open deadlines again."""
    date, before = row.date, _described(row)
    row.delete()
    return _after(
        actor,
        "calendar.change",
        f"工作日历{workdays.chinese_date(date)}由{before}改为没有列出",
        {date.isoformat(): [before, None]},
    )


def dropped_by(reading: Reading) -> list[CalendarDay]:
    """The rows of the year that the new arrangement does not name and that go with it.

    Days at the end of December named 元旦 belong to the next year's arrangement and stay.
    """
    kept = {day.date for day in reading.days}
    return [
        row
        for row in year_rows(reading.year)
        if row.date not in kept and not (row.date >= dt.date(reading.year, 12, 24) and row.name == "元旦")
    ]


@transaction.atomic
def replace_year(reading: Reading, *, source: str, actor: Any) -> Job:
    """Put a read arrangement in place of the year's rows; returns the job that computes open deadlines again.

    Refuses a reading with problems: nothing is half-entered.
    """
    if reading.problems:
        raise Refusal(f"还有{len(reading.problems)}处读不懂，改好以后再录入。")
    CalendarDay.objects.filter(pk__in=[row.pk for row in dropped_by(reading)]).delete()
    CalendarDay.objects.bulk_create(
        [CalendarDay(date=day.date, kind=day.kind, name=day.name, source=source) for day in reading.days],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["kind", "name", "source", "provisional"],
    )
    workdays.table_changed()
    return _after(
        actor,
        "calendar.import",
        f"录入{reading.year}年放假安排：放假{reading.holidays}天、调休上班{reading.workdays}天",
        {"依据": source, "日期": reading.text().splitlines()},
    )


def _described(row: CalendarDay) -> str:
    kind = CalendarDay.Kind(row.kind).label
    return f"{row.name}{kind}" + ("（暂定）" if row.provisional else "")


def _after(actor: Any, verb: str, summary: str, detail: dict[str, Any]) -> Job:
    """Log a change and ask for the open deadlines to be computed again after commit."""
    audit.record(actor=actor, verb=verb, summary=summary, detail=detail)
    return recomputing.start(actor=actor)
