"""Habits of the house that no off-the-shelf linter knows (项目约定).

.status is written by core/workflow.py alone; colours stand in static/css/tokens.css alone;
templates hold nothing inline that the Content-Security-Policy would refuse.
"""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("core", "members", "proposals", "sentiment", "consultations", "oversight", "portal", "dashboards")
STATUS_WRITER = Path("core/workflow.py")
COLOUR_HOME = Path("static/css/tokens.css")

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}){1,2}\b")
DECLARED_COLOUR = re.compile(r":[^;{]*?" + COLOUR.pattern)
DRAWN_COLOUR = re.compile(r"(?:fill|stroke|color|content)=[\"']" + COLOUR.pattern)
INLINE = re.compile(
    r"<[^>]+\s(?:style|on[a-z]+)\s*=\s*[\"']|<style[\s>]|<script(?![^>]*(?:src=|application/json))",
    re.IGNORECASE,
)


def _writes_status(node: ast.AST) -> bool:
    """Whether a node sets an attribute or a column named status."""
    targets: list[ast.expr] = []
    match node:
        case ast.Assign(targets=found):
            targets = [part for target in found for part in ast.walk(target)]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
            targets = [target]
        case ast.Call(func=ast.Attribute(attr="update"), keywords=words):
            return any(word.arg == "status" for word in words)
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="status"), *_]):
            return True
    return any(
        isinstance(part, ast.Attribute) and part.attr == "status" and isinstance(part.ctx, ast.Store)
        for part in targets
    )


def status_writers(text: str) -> list[int]:
    """Return the lines of a module that write a status."""
    return [node.lineno for node in ast.walk(ast.parse(text)) if _writes_status(node)]  # type: ignore[attr-defined]


def lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    """Return the numbers of the lines in which the pattern occurs."""
    return [text.count("\n", 0, match.start()) + 1 for match in pattern.finditer(text)]


def imported(text: str) -> set[str]:
    """Return the top names of the modules that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def pinned(path: Path) -> set[str]:
    """Return the normalized names of the packages that a requirements file pins."""
    names = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[\w,]+\])?==", path.read_text(encoding="utf-8"), re.M)
    return {_normal(name) for name in names}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def unpinned(root: Path = ROOT) -> Iterator[str]:
    """Yield every module that imports a package which its requirements do not pin."""
    runtime = pinned(root / "requirements.txt")
    tools = runtime | pinned(root / "requirements-dev.txt")
    homes = packages_distributions()
    own = {*APPS, "hanbin_cppcc", "scripts", "tests"}
    for folder in (*APPS, "hanbin_cppcc", "scripts", "tests"):
        allowed = tools if folder in {"scripts", "tests"} else runtime
        for path in sorted((root / folder).rglob("*.py")):
            for name in sorted(imported(path.read_text(encoding="utf-8")) - own):
                packages = {_normal(home) for home in homes.get(name, [name])}
                if name not in sys.stdlib_module_names and not packages & allowed:
                    yield f"{path.relative_to(root)}:1: {name} is imported and not pinned"


def problems(root: Path = ROOT) -> Iterator[str]:
    """Yield every break of a habit as `file:line: what`."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            name = path.relative_to(root)
            if name == STATUS_WRITER or "migrations" in name.parts:
                continue
            for line in status_writers(path.read_text(encoding="utf-8")):
                yield f"{name}:{line}: .status is written by core/workflow.py alone"
    for path in sorted((root / "static").rglob("*")):
        name = path.relative_to(root)
        if "vendor" in name.parts or name == COLOUR_HOME or path.suffix not in {".css", ".js"}:
            continue
        pattern = DECLARED_COLOUR if path.suffix == ".css" else COLOUR
        for line in lines_with(pattern, path.read_text(encoding="utf-8")):
            yield f"{name}:{line}: colours stand in {COLOUR_HOME} alone"
    for path in sorted((root / "templates").rglob("*.html")):
        name, text = path.relative_to(root), path.read_text(encoding="utf-8")
        for line in lines_with(INLINE, text):
            yield f"{name}:{line}: inline style or script, which the page's CSP refuses"
        for line in lines_with(DRAWN_COLOUR, text):
            yield f"{name}:{line}: colours stand in {COLOUR_HOME} alone"


def main() -> int:
    """Print every problem; 1 when there is any."""
    found = [*problems(), *unpinned()]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
