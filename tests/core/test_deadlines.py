"""Deadlines: one open of a kind, told to whoever watches the case, moved with the calendar."""

from datetime import date

import pytest

from core import deadlines
from core.models import Deadline
from core.workdays import Pause
from tests import factories as make

START = date(2026, 6, 1)


@pytest.fixture
def subject(db):
    """Something with deadlines of its own."""
    return make.UserFactory()


@pytest.fixture
def watched(monkeypatch):
    """What the watcher of accounts' deadlines was told."""
    calls: list[list[int]] = []
    monkeypatch.setitem(deadlines._watchers, "members.user", calls.append)
    return calls


def ten_days(subject, **values) -> Deadline:
    """Ten working days from the first of June 2026."""
    return deadlines.set_working_days(
        subject, "reply", root=subject, label="答复", start=START, days=10, event="交办", **values
    )


def test_deadline_keeps_how_it_came_about(subject):
    row = ten_days(subject)
    assert (row.due, row.rule, row.unit, row.amount) == (date(2026, 6, 15), "交办次日起10个工作日", "working_days", 10)


def test_setting_again_replaces_the_open_one(subject, watched):
    old, new = ten_days(subject), ten_days(subject)
    old.refresh_from_db()
    assert (old.void, new.is_open) == (True, True)
    assert watched == [[subject.pk], [subject.pk]]


def test_only_named_kinds_are_met(subject):
    ten_days(subject)
    deadlines.set_date(subject, "receipt", root=subject, label="签收", start=START, due=START, rule="测试")
    deadlines.meet(subject, "reply", on=START)
    assert list(Deadline.objects.open().values_list("kind", flat=True)) == ["receipt"]
    deadlines.void_case(subject)
    assert not Deadline.objects.open().exists()


def test_pause_puts_the_day_off(subject):
    row = ten_days(subject, pauses=[Pause(date(2026, 6, 3), date(2026, 6, 5))])
    assert row.due == date(2026, 6, 17)
    assert row.pauses == [["2026-06-03", "2026-06-05"]]
