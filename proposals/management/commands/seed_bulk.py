"""seed_bulk: a large world for measurements."""

import json
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from proposals import bulk


class Command(BaseCommand):
    """Adds many proposals quickly; prints JSON {"made", "seconds"}."""

    help = "造一个大库，供测速用；只在开发环境运行。"

    def add_arguments(self, parser):
        """How many, and from which seed."""
        parser.add_argument("--proposals", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args, proposals: int, seed: int, **options):
        """Make them in batches and say how far it is on standard error."""
        if not settings.DEBUG:
            raise CommandError("seed_bulk 只在开发环境运行，没有写入任何数据。")
        if proposals < 1:
            raise CommandError("--proposals 要大于 0。")
        start = time.monotonic()
        made = bulk.seed(
            proposals,
            key=seed,
            today=timezone.localdate(),
            progress=lambda done: self.stderr.write(f"{done}/{proposals}"),
        )
        self.stdout.write(json.dumps({"made": made, "seconds": round(time.monotonic() - start, 1)}))
