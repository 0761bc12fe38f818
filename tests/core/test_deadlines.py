"""Deadlines: one open of a kind, told to whoever watches the case, moved with the calendar."""

from datetime import date

import pytest

from core import deadlines
from core.models import CalendarDay, Deadline
from core.recomputing import recompute
from core.reminders import first_stage
from core.seeds import calendar as seeds
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


def test_day_before_an_event_is_counted_backwards(subject):
    """Fifteen working days before Friday 26 June 2026: three days of 端午 and the weekends do not count."""
    seeds.load()
    day = date(2026, 6, 26)
    row = deadlines.set_days_before(
        subject, "notice", root=subject, label="发通知", day=day, days=15, event="协商", opened=START
    )
    assert (row.due, row.starts, row.rule, row.unit) == (date(2026, 6, 4), day, "协商前15个工作日", "days_before")
    shown = deadlines.explain(row)
    assert shown is not None
    assert [step.reason for step in shown.steps if step.date == date(2026, 6, 19)] == ["端午节放假"]
    assert sum(step.counted for step in shown.steps) == 15
    assert row.stage == first_stage(START, row.due)  # reminded from the day on which it is known


def test_change_of_the_calendar_moves_a_day_counted_backwards(subject):
    seeds.load()
    row = deadlines.set_days_before(
        subject, "notice", root=subject, label="发通知", day=date(2026, 6, 26), days=5, event="协商", opened=START
    )
    assert row.due == date(2026, 6, 18)
    CalendarDay.objects.create(date=date(2026, 6, 24), kind="holiday", name="测试", source="测试")
    assert recompute("members.user", [subject.pk], actor=subject) == 1
    row.refresh_from_db()
    assert row.due == date(2026, 6, 17)
