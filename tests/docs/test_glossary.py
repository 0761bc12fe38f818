"""The glossary names what is in the code: every identifier stands there as a word."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("core", "members", "proposals", "sentiment", "consultations", "oversight")


def test_every_name_of_the_glossary_is_in_the_code():
    names = set(re.findall(r"`([\w.]+)`", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")))
    assert len(names) > 80
    words: set[str] = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                words.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    assert sorted(name for name in names if name.split(".")[-1] not in words) == []
