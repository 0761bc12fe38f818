"""When the duty ledger catches up 补记 by itself: every day before the reminders, and after an import."""

from datetime import date

from core import reminders
from core.papers import registry


def register() -> None:
    """Listen to the daily run and to imports."""
    reminders.on_sweep(every_day)
    registry.after_writing(after_import)


def every_day(on: date) -> None:
    """Record what was missed since yesterday."""
    from members.services import duty

    duty.catch_up()


def after_import() -> None:
    """Record what the papers prove."""
    from members.services import duty

    duty.catch_up()
