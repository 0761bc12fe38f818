"""``manage.py deadline``: compute a due date 到期日 and say how it came about, as JSON."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import workdays

BAD_INPUT = 2
USAGE = (
    "请写明从哪天起算，和工作日数或月数中的一样："
    "deadline --from 2026-04-27 --working-days 15，或 deadline --from 2026-04-27 --months 3。"
)


class Command(BaseCommand):
    """Prints {"due", "provisional", "rule", "steps": [{"date", "counted", "reason"}]}."""

    help = "从某日起算到期日，并逐日说明计与不计（JSON）。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """``--from`` and one of ``--working-days``, ``--months``; checked below, in Chinese."""
        parser.add_argument("--from", dest="start", metavar="DATE", help="收到之日")
        parser.add_argument("--working-days", metavar="N", help="工作日数")
        parser.add_argument("--months", metavar="N", help="月数")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print; bad input ends with exit code 2 and a Chinese sentence."""
        if options["start"] is None or (options["working_days"] is None) == (options["months"] is None):
            raise CommandError(USAGE, returncode=BAD_INPUT)
        start = _date(options["start"])
        try:
            if options["working_days"] is not None:
                due = workdays.add_working_days(start, _number(options["working_days"]))
            else:
                due = workdays.add_months(start, _number(options["months"]))
        except ValueError as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        answer = {
            "due": due.due.isoformat(),
            "provisional": due.provisional,
            "rule": due.rule,
            "steps": [
                {"date": step.date.isoformat(), "counted": step.counted, "reason": step.reason} for step in due.steps
            ],
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"日期“{text}”不对，要写成 2026-04-27 这样，且日历上有这一天。", returncode=BAD_INPUT
        ) from error


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise CommandError(f"“{text}”不是整数，要写成 15 这样。", returncode=BAD_INPUT) from error
