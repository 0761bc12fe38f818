"""The daily part of proposals 每日事项, called at the start of the sweep of reminders."""

from datetime import date

from proposals.services import feedback


def lapse(on: date) -> int:
    """Let feedback lapse whose day has passed, and reopen the follow-up of broken promises."""
    return feedback.lapse_due(on)
