"""The texts that a command is asked about, from a JSON list of {"title", "text"}."""

import json
from pathlib import Path

from django.core.management.base import CommandError


def read_texts(file: Path) -> list[tuple[str, str]]:
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
