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


def is_passed_by_a_meeting(outcome, actor) -> str | None:
    """Only a formal proposal paper is passed by a meeting."""
    return None if outcome.needs_approval else f"{outcome.get_kind_display()}不用会议通过，核对以后直接报送。"


def was_passed(outcome, actor) -> str | None:
    """A formal proposal paper goes up only after a meeting passed it."""
    if outcome.needs_approval and not outcome.approved_on:
        return "建议案要先经常委会会议或主席会议通过，请先登记会议通过。"
    return None
