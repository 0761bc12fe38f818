"""Fixtures of the proposals' tests."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from tests.proposals.story import World


@pytest.fixture
def world(db) -> World:
    """People, units and the current session."""
    return World()


@pytest.fixture
def today_is(monkeypatch) -> Callable[[date], None]:
    """`today_is(day)` makes the day of the office another; moments of the log stay true."""
    true_day = timezone.localdate

    def move(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda value=None, tz=None: true_day(value, tz) if value else day)

    return move
