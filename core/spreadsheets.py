"""Spreadsheets that people take away (导出): rows by columns, written in batches, text never taken for a formula."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEMORY = 5 * 1024 * 1024
"""Bytes that a sheet may hold in memory; a larger one is written to a temporary file."""

Column = tuple[str, int, Callable[[Any], Any]]
"""A column: its heading, its width in characters, and its value of a row."""


_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_watch: ContextVar[Callable[[int], None] | None] = ContextVar("watch", default=None)


@contextmanager
def watched(watch: Callable[[int], None]) -> Iterator[None]:
    """Tell ``watch`` how many rows are written of the sheets that are written inside."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def write(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> tuple[IO[bytes], int]:
    """A workbook of one sheet as an open file, and how many rows it has."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NOT_IN_TITLES.sub("", title)[:31] or "表")
    sheet.freeze_panes = "A2"
    for place, (_, width, _value) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([cell(sheet, name, bold=True) for name, _, _ in columns])
    count = 0
    watch = _watch.get()
    for row in rows:
        sheet.append([cell(sheet, value(row)) for _, _, value in columns])
        count += 1
        if watch is not None and count % 200 == 0:
            watch(count)
    file = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file, count


def cell(sheet, value: Any, *, bold: bool = False) -> Any:
    """One cell; text is text whatever it begins with, so that no sheet program computes it."""
    if isinstance(value, bool):
        value = "是" if value else "否"
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    made = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        made.data_type = "s"
        made.quotePrefix = value[:1] in tuple("=+-@\t\r")
    elif isinstance(value, datetime):
        made.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        made.number_format = "yyyy-mm-dd"
    if bold:
        made.font = Font(bold=True)
    return made
