"""backup: the whole database and every uploaded file into one archive."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import backups
from core.errors import Refusal

INCOMPLETE = 1


class Command(BaseCommand):
    """`backup FILE`; the last line of output is JSON. Exit 1 when uploaded files are missing on the disk."""

    help = "备份：把数据库和全部附件写进一个文件。"

    def add_arguments(self, parser: CommandParser) -> None:
        """The file to write."""
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write it; name what could not be taken along."""
        try:
            manifest = backups.write(file)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for name in manifest["missing"]:
            self.stderr.write(f"附件文件不在磁盘上：{name}")
        said = {
            "rows": sum(manifest["rows"].values()),
            "files": len(manifest["files"]),
            "missing": len(manifest["missing"]),
            "bytes": file.stat().st_size,
            "audit_root": manifest["audit_root"],
        }
        self.stdout.write(json.dumps(said))
        if manifest["missing"]:
            raise SystemExit(INCOMPLETE)
