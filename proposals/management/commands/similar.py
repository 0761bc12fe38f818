"""similar: which proposals say much the same as given texts."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from proposals.given_texts import read_texts
from proposals.search import similar_to


class Command(BaseCommand):
    """Reads a JSON list of {"title", "text"}; prints a JSON list of lists, best first."""

    help = "相似提案：读入 JSON 列表（每项有 title 和 text），逐项给出最多十件相似的提案。"

    def add_arguments(self, parser):
        """The file of texts."""
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args, file: Path, **options):
        """Print one entry for each text, in the same order."""
        found = [
            [
                {
                    "id": case.pk,
                    "case_no": case.case_no,
                    "title": case.title,
                    "score": hit.score,
                    "shared_terms": list(hit.shared_terms),
                }
                for case, hit in similar_to(None, title, text)
            ]
            for title, text in read_texts(file)
        ]
        self.stdout.write(json.dumps(found, ensure_ascii=False))
