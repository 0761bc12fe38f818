"""When the duty ledger catches up 补记 and scores follow by themselves: daily, and after an import."""

from datetime import date

from core import reminders
from core.papers import registry


def register() -> None:
    """Listen to the daily run and to imports; let the scores be computed in a job."""
    from members.services import scores

    scores.register()
    reminders.on_sweep(every_day)
    registry.after_writing(after_import)


def every_day(on: date) -> None:
    """Record what was missed since yesterday, then compute the open years."""
    from members.services import duty, scores

    duty.catch_up()
    scores.compute_open_years()


def after_import() -> None:
    """Record what the papers prove."""
    from members.services import duty

    duty.catch_up()
