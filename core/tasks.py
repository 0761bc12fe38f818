"""Celery entry points of the common floor: ids in, delegate, nothing else."""

import logging

from celery import shared_task
from django.utils import timezone

from core import exporting, jobs, outbox, reminders

logger = logging.getLogger(__name__)


@shared_task
def run_effect(effect_id: int) -> bool:
    """Carry out one outbox row."""
    return outbox.run(effect_id)


@shared_task
def run_job(job_id: int) -> bool:
    """Carry out one background job."""
    return jobs.run(job_id)


@shared_task
def run_pending_effects() -> int:
    """Every minute: carry out what no worker has done yet, deliver reminders left behind, ask for jobs again,
    throw away exports whose time is over."""
    jobs.sweep()
    exporting.discard_expired()
    done = outbox.run_pending()
    for ids in reminders.undelivered_chunks():
        reminders.deliver(ids)
    return done


@shared_task
def deliver_reminders(ids: list[int]) -> int:
    """Tell people of one chunk of reminders."""
    return reminders.deliver(ids)


@shared_task
def sweep_reminders() -> dict[str, int]:
    """Daily: record the reminders that are due and ask workers to deliver them, one message a chunk.

    Without a broker they wait for the sweep of the next minute.
    """
    counts = reminders.run(timezone.localdate())
    for ids in reminders.undelivered_chunks():
        try:
            deliver_reminders.apply_async((ids,), retry=False)
        except Exception:
            logger.warning("no broker: reminders wait for the next minute's sweep")
            break
    return counts
