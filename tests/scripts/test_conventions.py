"""The house's own lint finds what it is there to find."""

from pathlib import Path

import pytest

from scripts import conventions


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout with one clean file of each kind."""
    for name in ("core/models", "members", "static/css", "static/js", "templates"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "static/css/tokens.css").write_text(":root { --red: #a00; }")
    (tmp_path / "static/css/office.css").write_text("#add { color: var(--red); }")
    (tmp_path / "templates/page.html").write_text('<script src="a.js"></script><a href="#abc">x</a>')
    (tmp_path / "core/workflow.py").write_text("case.status = to")
    (tmp_path / "core/views.py").write_text("if case.status == 'open':\n    status = case.status\n")
    return tmp_path


def test_clean_tree_has_no_problems(tree: Path) -> None:
    assert list(conventions.problems(tree)) == []


@pytest.mark.parametrize(
    "code",
    [
        "case.status = 'closed'",
        "a, case.status = 1, 'closed'",
        "case.status: str = 'closed'",
        "rows.filter(pk=1).update(status='closed')",
        "setattr(case, 'status', 'closed')",
    ],
)
def test_status_written_outside_the_engine_is_found(tree: Path, code: str) -> None:
    (tree / "members/services.py").write_text(f"x = 1\n{code}\n")
    (problem,) = conventions.problems(tree)
    assert problem.startswith("members/services.py:2: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("static/css/office.css", "a {\n  border: 1px solid #a1b2c3;\n}"),
        ("static/js/chart.js", "\nconst red = '#a00';"),
        ("templates/page.html", '\n<path fill="#a00">'),
        ("templates/page.html", '\n<p style="margin:0">'),
        ("templates/page.html", '\n<a onclick="go()">'),
        ("templates/page.html", "\n<script>go()</script>"),
    ],
)
def test_colour_or_inline_code_is_found_by_line(tree: Path, name: str, text: str) -> None:
    (tree / name).write_text(text)
    (problem,) = conventions.problems(tree)
    assert problem.startswith(f"{name}:2: ")


def test_package_imported_but_not_pinned_is_found(tree: Path) -> None:
    (tree / "requirements.txt").write_text("Django==5.2.19  # the framework\ncelery[redis]==5.7.0\n")
    (tree / "requirements-dev.txt").write_text("pytest==9.2.0\n")
    (tree / "tests").mkdir()
    (tree / "tests/test_a.py").write_text("import pytest\nfrom celery import shared_task\n")
    (tree / "core/tasks.py").write_text("import os\nimport django.db\nfrom core import models\n")
    assert list(conventions.unpinned(tree)) == []
    (tree / "core/tasks.py").write_text("def late():\n    import pytest\n")
    assert list(conventions.unpinned(tree)) == ["core/tasks.py:1: pytest is imported and not pinned"]
