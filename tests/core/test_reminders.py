"""The daily sweep: each stage of each deadline once, whatever is missed, moved or killed."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from core import deadlines, options, reminders
from core.models import Deadline, Notice, Reminder
from core.reminders import Line
from tests import factories as make

DUE = date(2026, 6, 30)


@pytest.fixture
def people(db, monkeypatch):
    """Operator, leader and inspection, told of deadlines whose root is an account."""
    found = {level: make.UserFactory(name=name) for level, name in reminders.LEVELS.items()}
    levels = {level: [person.pk] for level, person in found.items()}
    resolver = lambda rows: {row.pk: Line(f"事项{row.root_id}", "/there/", levels) for row in rows}  # noqa: E731
    monkeypatch.setitem(reminders._resolvers, "members.user", resolver)
    return found


def term(start: date = date(2026, 1, 1), due: date = DUE, kind: str = "reply") -> Deadline:
    """One deadline of a new subject."""
    subject = make.UserFactory()
    return deadlines.set_date(subject, kind, root=subject, label="答复", start=start, due=due, rule="测试")


def told(person) -> int:
    """How many messages a person has."""
    return Notice.objects.filter(recipient=person).count()


def run(on: date) -> dict[str, int]:
    """A whole day: sweep and deliver."""
    counts = reminders.sweep(on)
    for ids in reminders.undelivered_chunks():
        reminders.deliver(ids)
    return counts


def test_each_stage_is_told_once_on_its_day_and_climbs(people):
    term()
    days = {offset: run(DUE + timedelta(days=offset))["sent"] for offset in range(-20, 12)}
    assert {offset for offset, sent in days.items() if sent} == {-15, -7, 0, 1, 5}
    assert set(days.values()) == {0, 1}
    assert [told(people[level]) for level in (1, 2, 3)] == [5, 2, 1]


def test_running_twice_sends_nothing_twice(people):
    term()
    assert run(DUE) == {"due": 1, "sent": 1, "already": 0}
    assert run(DUE) == {"due": 1, "sent": 0, "already": 1}
    assert told(people[1]) == 1


def test_missed_days_are_caught_up_by_the_latest_stage(people):
    term()
    assert run(DUE + timedelta(days=9))["sent"] == 1
    assert [told(people[level]) for level in (1, 2, 3)] == [1, 1, 1]
    assert run(DUE + timedelta(days=10))["sent"] == 0
    assert "已超期9天" in Notice.objects.first().title


def test_short_term_skips_the_stages_before_its_start(people):
    term(start=DUE - timedelta(days=3))
    sent = [run(DUE + timedelta(days=offset))["sent"] for offset in range(-3, 1)]
    assert sent == [0, 0, 0, 1]


def test_moved_deadline_is_armed_again(people):
    row = term()
    run(DUE)
    subject = row.subject
    new = deadlines.set_date(
        subject, "reply", root=subject, label="答复", start=date(2026, 1, 1), due=DUE + timedelta(days=60), rule="延期"
    )
    row.refresh_from_db()
    assert (row.void, new.stage) == (True, 0)
    assert run(DUE + timedelta(days=50))["sent"] == 1
    assert told(people[1]) == 2


def test_met_and_void_deadlines_are_silent(people):
    met, dropped = term(), term()
    deadlines.meet(met.subject, "reply", on=DUE)
    deadlines.void(dropped.subject)
    assert run(DUE + timedelta(days=30)) == {"due": 0, "sent": 0, "already": 0}


def test_deadline_met_between_sweep_and_delivery_is_silent(people):
    row = term()
    reminders.sweep(DUE)
    deadlines.meet(row.subject, "reply", on=DUE)
    assert reminders.deliver(reminders.undelivered_chunks()[0]) == 1
    assert not Notice.objects.exists()
    assert reminders.undelivered_chunks() == []


def test_one_person_gets_one_message_for_many(people):
    for _ in range(40):
        term()
    run(DUE)
    message = Notice.objects.get(recipient=people[1])
    assert message.title == "40件临近或超过期限"
    assert "另有10件" in message.body


def test_delivery_that_dies_half_way_is_repeated_whole(people, monkeypatch):
    term()
    reminders.sweep(DUE + timedelta(days=9))
    ids = reminders.undelivered_chunks()[0]
    whole, calls = reminders.notices.notify, []

    def dies(*args, **kwargs):
        whole(*args, **kwargs)
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(reminders.notices, "notify", dies)
    with pytest.raises(KeyboardInterrupt):
        reminders.deliver(ids)
    assert not Notice.objects.exists()
    monkeypatch.setattr(reminders.notices, "notify", whole)
    assert reminders.deliver(ids) == 1
    assert reminders.deliver(ids) == 0
    assert [told(people[level]) for level in (1, 2, 3)] == [1, 1, 1]


def test_days_are_options(people):
    options.set_value("reminders.before_days", "3", actor=None)
    term()
    days = [offset for offset in range(-20, 3) if run(DUE + timedelta(days=offset))["sent"]]
    assert days == [-3, 0, 1]


def test_five_thousand_due_go_out_in_few_chunks(people):
    subject = make.UserFactory()
    Deadline.objects.bulk_create(
        Deadline(
            subject_type="members.user", subject_id=number, root_type="members.user", root_id=subject.pk,
            kind="reply", label="答复", starts=date(2026, 1, 1), due=DUE, unit="date", rule="测试",
        )
        for number in range(1, 5001)
    )  # fmt: skip
    assert reminders.sweep(DUE) == {"due": 5000, "sent": 5000, "already": 0}
    assert len(reminders.undelivered_chunks()) == 10
    assert Reminder.objects.count() == 5000


def test_command_prints_counts_and_needs_no_broker(people):
    term()
    out = StringIO()
    for expected in ({"due": 1, "sent": 1, "already": 0}, {"due": 1, "sent": 0, "already": 1}):
        out.truncate(out.seek(0))
        call_command("send_reminders", "--on", DUE.isoformat(), stdout=out)
        assert json.loads(out.getvalue()) == expected
    assert told(people[1]) == 1


def test_daily_callbacks_run_first_and_a_broken_one_stops_nothing(people, monkeypatch, caplog):
    row = term()

    def broken(on):
        raise RuntimeError("没有准备好")

    monkeypatch.setattr(reminders, "_callbacks", [broken, lambda on: deadlines.meet(row.subject, "reply", on=on)])
    assert reminders.run(DUE)["sent"] == 0
    row.refresh_from_db()
    assert row.met_on == DUE
