"""When the duty ledger catches up 补记 and scores follow by themselves: daily, and after an import."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core import reminders
from core.papers import registry
from members.duty import acts as duty_acts


def register() -> None:
    """Listen to the daily run and to imports; let the scores be computed in a job."""
    import members.duty.rights
    import members.scores.workflow  # noqa: F401 (both known from now on)
    from members.duty import menu as duty_menu
    from members.models import ScoreAppeal
    from members.services import appeals, scores

    scores.register()
    duty_menu.register()
    duty_acts.link_with(appeals.ROOT, duty_acts.model_link(ScoreAppeal))
    reminders.resolve_with(appeals.ROOT, appeals.told)
    reminders.on_sweep(every_day)
    registry.after_writing(after_import)
    registry.after_removal(after_undoing)


def every_day(on: date) -> None:
    """Record what was missed since yesterday, then compute the open years."""
    from members.services import duty, scores

    duty.catch_up()
    scores.compute_open_years()


def after_import() -> None:
    """Record what the papers prove."""
    from members.services import duty

    duty.catch_up()


def after_undoing(removed: Mapping[str, Sequence[int]], actor: Any) -> None:
    """Take back what was counted of records that an import made and that are gone again."""
    from members.services import duty

    duty.take_back_of(removed, actor=actor, reason="导入已撤回，原记录不在了")
