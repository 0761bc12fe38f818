"""Read a folder of the committee's spreadsheets into the system (导入)."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.errors import Refusal
from core.papers.importing import FileResult, folder_sources, import_papers

ALL_TAKEN, SOME_REFUSED, FOLDER_UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """`import_papers DIR [--year Y] [--dry-run]`; the last line of output is JSON."""

    help = "把一个文件夹里的表格读进系统；最后一行输出是 JSON。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Folder, year of the papers, and whether to write."""
        parser.add_argument("folder", metavar="DIR", help="表格所在的文件夹")
        parser.add_argument("--year", type=int, help="表格是哪一年的；不写就从文件夹名、表名和日期里看")
        parser.add_argument("--dry-run", action="store_true", help="只核对，什么也不写")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, report for people first and as JSON last; exit 0, 1 or 2 as the contract says."""
        folder = Path(options["folder"])
        try:
            sources = folder_sources(folder)
            result = import_papers(
                sources, actor=None, year=options["year"], folder=folder.resolve().name, dry_run=options["dry_run"]
            )
        except Refusal as refusal:
            self.stderr.write(str(refusal))
            self.stdout.write(json.dumps({"files": {}, "message": str(refusal)}, ensure_ascii=False))
            raise SystemExit(FOLDER_UNREADABLE) from refusal
        self.stdout.write(f"{result.year}年{'，只核对，没有写入' if result.dry_run else ''}")
        for name, file in result.files.items():
            self._report(name, file)
        self.stdout.write(json.dumps(result.as_dict(), ensure_ascii=False))
        if result.refused:
            raise SystemExit(SOME_REFUSED)

    def _report(self, name: str, file: FileResult) -> None:
        """One line for the file and one for every fault that somebody should look at."""
        if not file.known:
            self.stdout.write(f"{name}：{file.problems[0].message if file.problems else '没有读'}")
            return
        self.stdout.write(
            f"{name}：读到{file.read}行，新建{file.created}，更新{file.updated}，不变{file.unchanged}，"
            f"跳过{file.skipped}，未收{file.refused}"
        )
        for problem in file.problems:
            if problem.severity != "info":
                place = f"第{problem.row}行 {problem.column}" if problem.row else ""
                shown = f"“{problem.value}”：" if problem.value else ""
                self.stdout.write(f"  {place} {shown}{problem.message}")
