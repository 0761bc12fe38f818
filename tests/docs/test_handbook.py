"""The handbook 使用手册 speaks of what is on the pages: every word in bold is found there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HANDBOOK = ROOT / "docs" / "使用手册.md"
APPS = ("core", "members", "proposals", "sentiment", "consultations", "oversight", "portal", "dashboards")
MOST_LINES = 10


def shown() -> str:
    """The words of all templates and of what the code hands to them, without markup in between."""
    files = [*(ROOT / "templates").rglob("*.html"), ROOT / "static" / "js" / "app.js"]
    for app in APPS:
        files += (ROOT / app).rglob("*.py")
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_bold_word_is_on_a_page():
    text = shown()
    labels = set(re.findall(r"\*\*(.+?)\*\*", HANDBOOK.read_text(encoding="utf-8"))) - {"粗体"}
    assert len(labels) > 60
    assert not sorted(label for label in labels if label not in text)


def test_every_task_takes_ten_lines_at_most():
    tasks = re.split(r"^#{2,3} ", HANDBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    long = [task.splitlines()[0] for task in tasks[1:] if len(re.findall(r"^\d+\. ", task, re.MULTILINE)) > MOST_LINES]
    assert not long
