"""A real worker on a real broker: messages arrive by themselves, also after a kill or an absence."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import reminders
from core.models import Deadline, Effect, Notice, Reminder
from core.tasks import deliver_reminders, run_pending_effects
from members.models import User
from tests.conftest import wait_until
from tests.proposals.story import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(celery_worker) -> World:
    """People, units and the current session, and a worker beside them."""
    return World()


def all_done() -> bool:
    """Whether every consequence was carried out."""
    return Effect.objects.exists() and not Effect.objects.filter(done_at=None).exists()


def test_messages_arrive_by_themselves(world, celery_worker):
    world.submitted()
    wait_until(all_done, what=celery_worker.output)
    assert world.clerk.notices.count() == 1


def test_members_submit_while_no_worker_runs_and_the_message_comes_later_once(world, celery_worker):
    celery_worker.kill()
    world.submitted()
    assert not all_done()
    celery_worker.start()
    run_pending_effects.delay()
    wait_until(all_done, what=celery_worker.output)
    assert world.clerk.notices.count() == 1


@pytest.mark.parametrize("blocked_at", ["start", "end"])
def test_worker_killed_in_mid_delivery_delivers_once(world, celery_worker, blocked_at):
    for _ in range(3):
        world.assigned()
    wait_until(all_done, what=celery_worker.output)
    today = timezone.localdate()
    Deadline.objects.filter(kind="receipt").update(due=today)
    assert reminders.sweep(today)["sent"] == 3
    [ids] = reminders.undelivered_chunks()
    with transaction.atomic():
        # The worker waits for these rows: for the reminders before it tells anybody, or for the
        # person, whom the message's foreign key needs, when it has told and is about to commit.
        rows = Reminder.objects.all() if blocked_at == "start" else User.objects.filter(pk=world.operator.pk)
        list(rows.select_for_update())
        deliver_reminders.delay(ids)
        wait_until(_somebody_waits_for_a_lock, what=celery_worker.output)
        celery_worker.kill()
    celery_worker.start()
    run_pending_effects.delay()
    wait_until(lambda: not reminders.undelivered_chunks(), what=celery_worker.output)
    told = Notice.objects.filter(recipient=world.operator, key__startswith="reminder:")
    assert told.count() == 1
    assert reminders.sweep(today)["sent"] == 0


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees its first answer again
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0
