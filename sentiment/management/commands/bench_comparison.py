"""bench_comparison: one line of the benchmark table, the comparison of two wordings."""

import json

from django.core.management.base import BaseCommand, CommandError

from sentiment import comparison_bench


class Command(BaseCommand):
    """Prints the line, and fails where the comparison takes longer than it may."""

    help = "测速：两稿各五千字对照一次要多少毫秒，打印一行 JSON；超过上限就报错。"

    def handle(self, *args, **options):
        """Measure, print, judge."""
        value = comparison_bench.milliseconds()
        line = {
            "name": "comparison", "size": comparison_bench.LENGTH, "value": value, "unit": "ms", "ratio": None,
            "limit": comparison_bench.LIMIT,
        }  # fmt: skip
        self.stdout.write(json.dumps(line, ensure_ascii=False))
        if value > comparison_bench.LIMIT:
            raise CommandError(f"对照用了{value}毫秒，上限{comparison_bench.LIMIT:.0f}毫秒。")
