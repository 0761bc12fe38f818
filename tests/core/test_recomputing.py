"""Deadlines computed again with the calendar: a job, batch by batch, that no act waits for in a ring."""

from datetime import date
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from core import calendar_days, deadlines, jobs, recomputing
from core.models import AuditEntry, CalendarDay, Deadline, Job, Notice
from core.workdays import Pause
from members.models import RoleGrant, User
from tests import factories as make
from tests.conftest import wait_until

START = date(2026, 6, 1)
DAY_OFF = date(2026, 6, 8)


def ten_days(subject, **values) -> Deadline:
    """Ten working days from the first of June 2026."""
    return deadlines.set_working_days(
        subject, "reply", root=subject, label="答复", start=START, days=10, event="交办", **values
    )


def day_off() -> Job:
    """Close the eighth of June, as staff do; the job that follows."""
    values = {"kind": "holiday", "name": "放假", "source": "测试", "provisional": False}
    return calendar_days.save_day(DAY_OFF, **values, actor=make.UserFactory())


@pytest.mark.django_db
def test_change_of_the_calendar_moves_open_deadlines_and_logs_it(monkeypatch):
    watched: list[list[int]] = []
    monkeypatch.setitem(deadlines._watchers, "members.user", watched.append)
    subject, paused = make.UserFactory(), make.UserFactory()
    kept = deadlines.set_date(
        subject, "fixed", root=subject, label="定日", start=START, due=date(2026, 6, 15), rule="测试"
    )
    row, other = ten_days(subject), ten_days(paused, pauses=[Pause(date(2026, 6, 3), date(2026, 6, 5))])
    watched.clear()
    job = day_off()
    row.refresh_from_db()
    assert row.due == date(2026, 6, 15)  # not inside the request

    assert jobs.run(job.pk)
    for deadline in (row, other, kept):
        deadline.refresh_from_db()
    assert (row.due, other.due, kept.due) == (date(2026, 6, 16), date(2026, 6, 18), date(2026, 6, 15))
    assert watched == [[subject.pk, paused.pk]]
    entry = AuditEntry.objects.filter(verb="deadline.recompute").first()
    assert "由2026-06-15改为2026-06-16" in entry.summary
    notice = Notice.objects.get(recipient=job.created_by)
    assert (notice.title, notice.body) == ("期限重算已办完", "有2项未完成期限的到期日变了。")


@pytest.mark.django_db
def test_recomputing_again_changes_nothing_more():
    row = ten_days(make.UserFactory())
    assert jobs.run(day_off().pk)
    again = recomputing.start(actor=make.UserFactory())
    assert jobs.run(again.pk)
    again.refresh_from_db()
    assert again.result == {"moved": 0, "summary": "未完成的期限都不受影响。"}
    assert AuditEntry.objects.filter(verb="deadline.recompute").count() == 1
    row.refresh_from_db()
    assert row.due == date(2026, 6, 16)


@pytest.mark.django_db
def test_job_that_broke_off_goes_on_and_counts_all(monkeypatch):
    monkeypatch.setattr(recomputing, "BATCH", 1)
    for _ in range(3):
        ten_days(make.UserFactory())
    job, changed, calls = day_off(), deadlines.changed, []

    def breaks_at_the_second(root_type, ids):
        calls.append(ids)
        if len(calls) == 2:
            raise ValueError("power cut")
        changed(root_type, ids)

    monkeypatch.setattr(deadlines, "changed", breaks_at_the_second)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, Deadline.objects.filter(due=date(2026, 6, 16)).count()) == ("failed", 1)

    jobs.restart(job)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["moved"]) == ("done", 3)
    assert Deadline.objects.filter(due=date(2026, 6, 16)).count() == 3


def _database_says(sqlstate: str) -> OperationalError:
    cause = Exception()
    cause.sqlstate = sqlstate
    error = OperationalError("as the driver words it")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("sqlstate", sorted(recomputing.PASSING))
def test_batch_is_tried_again_where_the_database_asks_for_it(monkeypatch, sqlstate):
    monkeypatch.setattr(recomputing.time, "sleep", lambda seconds: None)
    tries = []

    def act() -> int:
        tries.append(1)
        if len(tries) < 3:
            raise _database_says(sqlstate)
        return 7

    assert (recomputing.again_if_passing(act), len(tries)) == (7, 3)


def test_other_faults_of_the_database_are_not_tried_again():
    tries = []

    def act():
        tries.append(1)
        raise _database_says("53100")

    with pytest.raises(OperationalError):
        recomputing.again_if_passing(act)
    assert len(tries) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_act_on_a_case_and_the_recomputation_never_wait_in_a_ring():
    first, second = make.UserFactory(), make.UserFactory()
    rows = [ten_days(first), ten_days(second)]
    CalendarDay.objects.create(date=DAY_OFF, kind="holiday", name="放假", source="测试")
    moved = []

    def recompute() -> None:
        moved.append(recomputing.recompute("members.user", [first.pk, second.pk], actor=None))
        connection.close()

    worker = Thread(target=recompute)
    with transaction.atomic():  # as an act does: the case, then its deadlines
        User.objects.select_for_update().get(pk=second.pk)
        worker.start()
        wait_until(_somebody_waits, what="the recomputation does not wait for the case")
        deadlines.meet(second, "reply", on=START)
    worker.join(timeout=20)
    assert moved == [1]
    for row in rows:
        row.refresh_from_db()
    assert (rows[0].due, rows[1].met_on) == (date(2026, 6, 16), START)


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


@pytest.fixture
def chief(client, db):
    """A head of the proposals office, signed in."""
    user = make.UserFactory()
    RoleGrant.objects.create(user=user, role="proposal_chief")
    client.force_login(user)
    return user


def test_calendar_says_that_it_runs_then_what_came_of_it(client, chief):
    ten_days(make.UserFactory())
    day = {"date": "2026-06-08", "kind": "holiday", "name": "停课", "source": "通知"}
    html = client.post("/settings/calendar/new/", day, follow=True).content.decode()
    assert "未完成的期限正在后台重算，算完发消息给您。" in html
    assert 'data-poll="/settings/calendar/"' in html
    jobs.run(Job.objects.get().pk)
    html = client.get("/settings/calendar/").content.decode()
    assert "有1项未完成期限的到期日变了。" in html
    assert "data-poll" not in html


def test_recomputation_that_broke_off_is_started_again_from_the_page(client, chief):
    job = recomputing.start(actor=chief)
    Job.objects.filter(pk=job.pk).update(state="failed", message=jobs.BROKE_OFF)
    assert "期限没有重算完" in client.get("/settings/calendar/").content.decode()
    client.post(reverse("settings:calendar_recompute"))
    client.post(reverse("settings:calendar_recompute"))
    assert list(Job.objects.values_list("state", flat=True)) == ["waiting", "failed"]
