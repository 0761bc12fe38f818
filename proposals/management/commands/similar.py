"""similar: which proposals say much the same as given texts."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

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
            for title, text in _texts(file)
        ]
        self.stdout.write(json.dumps(found, ensure_ascii=False))


def _texts(file: Path) -> list[tuple[str, str]]:
    """The texts of the file; raises ``CommandError`` that says what is wrong with which entry."""
    try:
        entries = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"读不到 {file.name}：{error.strerror}。") from error
    except ValueError as error:
        raise CommandError(f"{file.name} 不是 JSON 文件，没有查。") from error
    if not isinstance(entries, list):
        raise CommandError(f"{file.name} 应当是一个列表，每项有 title 和 text。")
    texts = []
    for place, entry in enumerate(entries, 1):
        parts = [entry.get(name, "") for name in ("title", "text")] if isinstance(entry, dict) else [None]
        if not all(isinstance(part, str) for part in parts):
            raise CommandError(f"第{place}项应当有文字 title 和 text，没有查。")
        texts.append((parts[0], parts[1]))
    return texts
