"""A real worker takes tasks from the real broker; an absent broker does not hold a page up."""

import time

import pytest
from kombu.exceptions import OperationalError

from core.tasks import sweep_reminders
from hanbin_cppcc.celery import app
from tests.conftest import Worker, wait_until


def succeeded(worker: Worker) -> int:
    """Count the tasks that the worker says it has finished."""
    return worker.output().count("succeeded in")


def test_worker_takes_tasks_from_the_real_broker(celery_worker: Worker) -> None:
    sweep_reminders.delay()
    wait_until(lambda: succeeded(celery_worker) == 1, what=celery_worker.output)


def test_worker_takes_up_after_being_killed(celery_worker: Worker) -> None:
    celery_worker.kill()
    sweep_reminders.delay()
    celery_worker.start()
    wait_until(lambda: succeeded(celery_worker) == 1, what=celery_worker.output)


@pytest.mark.parametrize("schedule", app.conf.beat_schedule.values(), ids=app.conf.beat_schedule)
def test_every_scheduled_task_exists(schedule: dict) -> None:
    app.loader.import_default_modules()
    assert schedule["task"] in app.tasks


def test_absent_broker_is_reported_within_seconds() -> None:
    """Nothing listens on port 1; the publisher gives up rather than retrying for ever."""
    options = app.conf.broker_transport_options
    started = time.monotonic()
    with (
        app.connection_for_write("redis://127.0.0.1:1/0", transport_options=options) as broker,
        pytest.raises(OperationalError),
    ):
        sweep_reminders.apply_async(connection=broker, retry=False)
    assert time.monotonic() - started < 3
