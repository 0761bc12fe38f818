"""Let the clock stand on a day of the past while the demo world 演示环境 is built, so that acts bear their own day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.workdays import is_workday


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Let the clock stand at ten in the morning of ``day``, for acts of the past only."""
    real = timezone.now
    moment = datetime.combine(day, time(10), timezone.get_default_timezone())
    timezone.now = lambda: min(moment, real())  # type: ignore[assignment]
    try:
        yield
    finally:
        timezone.now = real  # type: ignore[assignment]


def workday_before(today: date, days: int) -> date:
    """A working day about ``days`` calendar days before ``today``."""
    day = today - timedelta(days)
    while days > 0 and not is_workday(day):
        day -= timedelta(1)
    return day
