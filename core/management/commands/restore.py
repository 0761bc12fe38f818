"""restore: an archive made by `backup` back into this database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import restoring
from core.errors import Refusal


class Command(BaseCommand):
    """`restore FILE [--replace]`; the last line of output is JSON."""

    help = "恢复：把备份文件里的数据和附件放回来；已有数据的库要加 --replace。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The archive, and whether present data may go."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--replace", action="store_true", help="用备份替换现有的全部数据")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        """Restore, or say why nothing was changed."""
        try:
            manifest = restoring.restore(file, replace=replace)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        said = {
            "made_at": manifest["made_at"],
            "rows": sum(manifest["rows"].values()),
            "files": len(manifest["files"]),
            "audit_root": manifest["audit_root"],
        }
        self.stdout.write(json.dumps(said))
