"""bench_duty: scores, ledger and the booking rush as JSON lines."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import measuring
from core.serving import cpu_seconds, web_server
from members import bench


class Command(BaseCommand):
    """Makes 300 members with five years of rows, measures, then lets 200 residents book eight slots at once."""

    help = "测速：300名委员五年积分重算、两千条台账、200人同时约8个时段，逐行打印 JSON。只在专用的库上运行。"

    def add_arguments(self, parser):
        """The processes and threads of the web server."""
        parser.add_argument("--workers", type=int, default=3)
        parser.add_argument("--threads", type=int, default=4)

    def handle(self, *args, workers: int, threads: int, **options):
        """Print one line for each measure; fails where the scores take too long or a booking is lost or doubled."""
        database = settings.DATABASES["default"]
        if not str(database["NAME"]).startswith(("bench", "test_bench")) or "postgresql" not in database["ENGINE"]:
            raise CommandError("bench_duty 会改动数据，只在名字以 bench 开头的 PostgreSQL 库上运行。")
        settings.DEBUG = False
        today, problems = timezone.localdate(), []
        member = bench.world(today)
        again = bench.recomputed(today)
        if again.value > bench.LIMIT_SECONDS:
            problems.append(f"积分重算{again.value}秒，上限{bench.LIMIT_SECONDS:.0f}秒")
        for row in measuring.table([again, *bench.pages(bench.liaison(), member)]):
            self._line(row)
        with web_server(workers, threads) as (port, child):
            slots = bench.open_day(today)
            before = cpu_seconds(child)
            line = bench.judged(slots, *bench.rush(slots, port))
            line["web_cpu_ms"] = round((cpu_seconds(child) - before) * 1000 / bench.VISITORS, 1)
        self._line(line)
        if line["wrong"]:
            problems.append(f"预约：{'；'.join(line['wrong'])}")
        if problems:
            raise CommandError("；".join(problems))

    def _line(self, row: dict) -> None:
        self.stdout.write(json.dumps(row, ensure_ascii=False))
        self.stdout.flush()
