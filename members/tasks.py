"""Celery entry points of people: delegate, nothing else."""

from celery import shared_task
from django.utils import timezone

from members import mailing


@shared_task
def send_mail() -> int:
    """Every ten minutes of the day: send the mails that are due."""
    return mailing.run(timezone.now())
