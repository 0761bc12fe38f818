"""Reasons against a move of a session or an outcome, in words."""

from django.utils import timezone

from consultations.models import Outcome, OutcomeStatus, Uptake, UptakeResult


def day_has_come(consultation, actor) -> str | None:
    """What lies ahead has not been held."""
    if consultation.on > timezone.localdate():
        return "日期还没有到，举行以后再登记。"
    return None


def nothing_waits(consultation, actor) -> str | None:
    """Every outcome is closed."""
    waiting = Outcome.objects.filter(consultation=consultation).exclude(status=OutcomeStatus.CLOSED).count()
    return f"还有{waiting}份成果没有办结。" if waiting else None


def every_unit_answered(outcome, actor) -> str | None:
    """Every unit to which it was given has answered."""
    waiting = Uptake.objects.filter(outcome=outcome, result=UptakeResult.WAITING).count()
    return f"还有{waiting}家单位没有答复。" if waiting else None
