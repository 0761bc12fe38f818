"""``record_duties``: write into the duty ledger what records prove and it lacks (补记履职)."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from members.services import duty


class Command(BaseCommand):
    """Run the daily catch-up by hand; prints JSON ``{"added": n}``, and 0 when run again."""

    help = "把各系统里已有、台账里还没有的履职记录补上。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Catch up once and say how many rows came."""
        self.stdout.write(json.dumps({"added": duty.catch_up()}))
