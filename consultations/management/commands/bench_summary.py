"""bench_summary: one line of the benchmark table, the summary of a large deliberation."""

import json

from django.core.management.base import BaseCommand, CommandError

from consultations.deliberation import summary_bench


class Command(BaseCommand):
    """Prints the line, and fails where the summary takes longer than it may."""

    help = "测速：两千人、五百条意见的网络议政归纳一次要几秒，打印一行 JSON；超过上限就报错。"

    def handle(self, *args, **options):
        """Measure, print, judge."""
        value = summary_bench.seconds()
        line = {
            "name": "summary", "size": summary_bench.PEOPLE * summary_bench.OPINIONS, "value": value, "unit": "s",
            "ratio": None, "limit": summary_bench.LIMIT,
        }  # fmt: skip
        self.stdout.write(json.dumps(line, ensure_ascii=False))
        if value > summary_bench.LIMIT:
            raise CommandError(f"归纳用了{value}秒，上限{summary_bench.LIMIT:.0f}秒。")
