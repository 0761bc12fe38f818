"""What became of the files of one import (导入结果), as people and `import_papers` read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.papers.sheets import Problem


@dataclass
class FileResult:
    """What became of one file; read = created + updated + unchanged + skipped + refused."""

    name: str
    titles: list[str] = field(default_factory=list)
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)
    known: bool = True
    columns: dict[str, str] = field(default_factory=dict)
    """Headings of the file and the column each was taken for; an empty text where it was not read."""

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data, in the shape that ``import_papers`` prints."""
        names = ("read", "created", "updated", "unchanged", "skipped", "refused", "known", "titles", "columns")
        return {name: getattr(self, name) for name in names} | {
            "problems": [p.as_dict() for p in sorted(self.problems, key=lambda p: (p.row, p.column))]
        }


@dataclass
class ImportResult:
    """What became of all files of one import."""

    year: int
    dry_run: bool
    files: dict[str, FileResult]

    @property
    def refused(self) -> bool:
        """Whether some row or file was refused."""
        return any(p.severity == "error" for f in self.files.values() for p in f.problems)

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data."""
        return {
            "year": self.year,
            "dry_run": self.dry_run,
            "files": {name: result.as_dict() for name, result in self.files.items()},
        }
