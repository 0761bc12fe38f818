"""Print or write the figures of a year's report (年度统计)."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.papers import figures


class Command(BaseCommand):
    """`year_figures Y [--format json|text|docx] [--output F]`; json is one object of keys and values."""

    help = "给出某一年的工作数据；没有数据的项不列出，在标准错误里说明。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Year, form and where to write."""
        parser.add_argument("year", type=int, metavar="Y", help="哪一年")
        parser.add_argument("--format", choices=("json", "text", "docx"), default="json", help="写成什么")
        parser.add_argument("--output", type=Path, metavar="F", help="写到哪个文件；docx 必须写文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute, say what is left out, and write."""
        year, form, output = options["year"], options["format"], options["output"]
        if not 1949 <= year <= 2100:
            raise CommandError(f"{year}不是年份，请写四位数的年份，如 2022。")
        if form == "docx" and output is None:
            raise CommandError("写成 docx 请用 --output 指定文件。")
        found, missing = figures.of_year(year)
        if missing:
            names = "、".join(f"{figures.REPORT[key]}（{key}）" for key in missing)
            self.stderr.write(f"{year}年没有这些数据：{names}")
        if form == "docx":
            from core.papers.figures_document import as_document

            content = as_document(year, found)
        elif form == "text":
            content = figures.as_text(year, found).encode()
        else:
            content = json.dumps({f.key: f.value for f in found}, ensure_ascii=False, default=float).encode() + b"\n"
        if output is None:
            self.stdout.write(content.decode(), ending="")
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"写不进“{output}”，请检查路径和权限。") from error
        self.stdout.write(f"已写入{output}")
