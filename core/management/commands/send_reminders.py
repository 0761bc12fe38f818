"""``manage.py send_reminders``: the daily sweep of reminders 提醒 by hand, delivered at once."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core import reminders

BAD_INPUT = 2


class Command(BaseCommand):
    """Prints {"due", "sent", "already"}; run again it sends nothing twice."""

    help = "登记并送出当天应发的提醒（JSON）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """``--on``: as if it were that day."""
        parser.add_argument("--on", metavar="DATE", help="按哪天计算，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lapse what lapses, record the stages reached, tell people; needs no broker."""
        try:
            on = dt.date.fromisoformat(options["on"]) if options["on"] else timezone.localdate()
        except ValueError as error:
            raise CommandError(f"日期“{options['on']}”不对，要写成 2026-04-27 这样。", returncode=BAD_INPUT) from error
        counts = reminders.run(on)
        for ids in reminders.undelivered_chunks():
            reminders.deliver(ids)
        self.stdout.write(json.dumps(counts, ensure_ascii=False))
