"""recommend_units: which units might handle given texts, by what past assignments teach."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from proposals import recommending
from proposals.given_texts import read_texts


class Command(BaseCommand):
    """Reads a JSON list of {"title", "text"}; prints a JSON list of lists, best first."""

    help = "推荐承办单位：读入 JSON 列表（每项有 title 和 text），逐项给出最多五家单位和理由。"

    def add_arguments(self, parser):
        """The file of texts, or the measurement."""
        parser.add_argument("file", metavar="FILE", type=Path, nargs="?")
        parser.add_argument("--measure", action="store_true", help="逐件留出，看推荐对了多少")
        parser.add_argument("--year", type=int, help="只量这一年的")

    def handle(self, *args, file: Path | None, measure: bool, year: int | None, **options):
        """Print one entry for each text, in the same order."""
        if measure:
            self.stdout.write(json.dumps(recommending.measure(year), ensure_ascii=False))
            return
        if file is None:
            raise CommandError("请写文件名，或用 --measure。")
        found = recommending.recommend(read_texts(file), lesson=recommending.study())
        shown = [
            [{"unit": row.unit.name, "score": row.score, "because": row.because} for row in rows] for rows in found
        ]
        self.stdout.write(json.dumps(shown, ensure_ascii=False))
