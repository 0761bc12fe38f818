"""Open a spreadsheet file (电子表格) safely and hand over its sheets as plain grids.

Takes .xlsx and .csv. Everything else, and every file that is not what its name
says, is refused with a Chinese sentence that says what to do. Formulas are read
as the values that Excel last computed; nothing in the file is ever executed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import Refusal

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 150 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_ROWS = 20_000
MAX_COLUMNS = 120
MAX_SHEETS = 40

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')
_UNCOMPUTED = re.compile(
    rb'<c\s[^>]*?r="([A-Z]{1,3}\d+)"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)


class PaperRefused(Refusal):
    """A file that cannot be read; its text says in Chinese why and what to do."""


@dataclass(slots=True)
class Grid:
    """One sheet: `rows` maps the Excel row number (from 1) to its cell values, blank rows left out.

    `blank_rows` counts the blank rows between the first and the last filled one.
    """

    name: str
    rows: dict[int, list[Any]] = field(default_factory=dict)
    blank_rows: int = 0
    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    """(row, column index from 0) of formulas whose value was never computed."""
    spanning: set[int] = field(default_factory=set)
    """Rows with a merge across three columns or more: titles and notes."""


def open_workbook(source: Path | BinaryIO, name: str) -> list[Grid]:
    """Read every visible sheet of a file named `name`; raises PaperRefused."""
    data = _read_bytes(source, name)
    if not data:
        raise PaperRefused(f"“{name}”是空文件，请重新保存后再传。")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise PaperRefused(f"“{name}”设了打开密码，请在 Excel 里取消密码、另存后再传。")
        raise PaperRefused(f"“{name}”是旧版 Excel 文件（.xls），请在 Excel 或 WPS 里另存为 .xlsx 后再传。")
    if zipfile.is_zipfile(io.BytesIO(data)):
        return _read_xlsx(data, name)
    if data.startswith(b"PK"):
        raise PaperRefused(f"“{name}”已损坏，打不开，请用 Excel 打开检查，另存后再传。")
    suffix = Path(name).suffix.lower()
    if suffix in {".csv", ".txt", ".tsv"}:
        return [_read_csv(data, name)]
    if data.lstrip()[:1] == b"<":
        raise PaperRefused(f"“{name}”其实是网页，不是表格，请在 Excel 里打开后另存为 .xlsx 再传。")
    if suffix in {".xlsx", ".xlsm", ".xls"}:
        raise PaperRefused(f"“{name}”不是真正的 Excel 文件，请用 Excel 打开检查，另存为 .xlsx 后再传。")
    raise PaperRefused(f"“{name}”不是表格，请传 .xlsx 或 .csv 文件。")


def _read_bytes(source: Path | BinaryIO, name: str) -> bytes:
    try:
        if isinstance(source, Path):
            if source.stat().st_size > MAX_FILE_BYTES:
                raise PaperRefused(f"“{name}”超过{MAX_FILE_BYTES // 1024 // 1024}MB，请拆成几个文件再传。")
            return source.read_bytes()
        source.seek(0)
        data = source.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise PaperRefused(f"“{name}”读不出来，请检查文件是否还在、是否有权限。") from error
    if len(data) > MAX_FILE_BYTES:
        raise PaperRefused(f"“{name}”超过{MAX_FILE_BYTES // 1024 // 1024}MB，请拆成几个文件再传。")
    return data


def _check_archive(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse archives that are not a plain .xlsx, unpack too large, or carry macros or XML entities."""
    members = archive.infolist()
    paths = {m.filename.lower() for m in members}
    if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED_BYTES:
        raise PaperRefused(f"“{name}”解开后大得不正常，没有读。请在 Excel 里只留下要导入的表，另存后再传。")
    if any(m.flag_bits & 0x1 for m in members):
        raise PaperRefused(f"“{name}”设了密码，请取消密码、另存后再传。")
    if any(path.endswith("vbaproject.bin") for path in paths):
        raise PaperRefused(f"“{name}”带有宏，为安全起见没有读。请另存为不带宏的 .xlsx 后再传。")
    if "xl/workbook.bin" in paths:
        raise PaperRefused(f"“{name}”是二进制工作簿（.xlsb），请另存为 .xlsx 后再传。")
    if "content.xml" in paths and "xl/workbook.xml" not in paths:
        raise PaperRefused(f"“{name}”是 .ods 表格，请另存为 .xlsx 后再传。")
    if "xl/workbook.xml" not in paths:
        raise PaperRefused(f"“{name}”不是 Excel 表格，请传 .xlsx 或 .csv 文件。")


def _read_xlsx(data: bytes, name: str) -> list[Grid]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive, name)
            parts = {
                m.filename: _safe_part(archive, m, name)
                for m in archive.infolist()
                if m.filename.endswith((".xml", ".rels"))
            }
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [ws for ws in book.worksheets if ws.sheet_state == "visible"]
            if len(sheets) > MAX_SHEETS:
                raise PaperRefused(f"“{name}”有{len(sheets)}张表，超过{MAX_SHEETS}张，请只留下要导入的表。")
            return [_read_sheet(ws, parts, name) for ws in sheets]
        finally:
            book.close()
    except PaperRefused:
        raise
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OSError,
        EOFError,
        NotImplementedError,
        SyntaxError,
    ) as error:
        # openpyxl lets many kinds of error through for a broken file; the person needs one sentence.
        raise PaperRefused(f"“{name}”已损坏，打不开，请用 Excel 打开检查，另存后再传。") from error


def _safe_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    content = archive.read(member)
    if (
        b"<!DOCTYPE" in content
        or b"<!ENTITY" in content
        or content.startswith((b"\xff\xfe", b"\xfe\xff"))
        or b"\x00" in content[:200]
    ):
        raise PaperRefused(f"“{name}”内部写法不正常，为安全起见没有读。请在 Excel 里另存为 .xlsx 后再传。")
    return content if "/worksheets/" in member.filename else b""


def _read_sheet(ws: Any, parts: dict[str, bytes], name: str) -> Grid:
    grid = Grid(name=ws.title)
    ws.reset_dimensions()  # the size a file states about itself may be wrong
    for number, values in enumerate(ws.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
        row = list(values)
        while row and (row[-1] is None or row[-1] == ""):
            row.pop()
        if not row or all(v is None or (isinstance(v, str) and not v.strip()) for v in row):
            continue
        grid.rows[number] = row
        _check_rows(grid, name)
    grid.blank_rows = _gaps(grid)
    raw = parts.get(getattr(ws, "_worksheet_path", "").lstrip("/"), b"")
    for ref in _MERGE.findall(raw):
        _spread(grid, ref.decode())
    if b"<f" in raw:
        for coordinate in _UNCOMPUTED.findall(raw):
            column, row_number, _, _ = _bounds(coordinate.decode())
            grid.uncomputed.add((row_number, column - 1))
    return grid


def _gaps(grid: Grid) -> int:
    return max(grid.rows) - min(grid.rows) + 1 - len(grid.rows) if grid.rows else 0


def _check_rows(grid: Grid, name: str) -> None:
    if len(grid.rows) > MAX_ROWS:
        raise PaperRefused(f"“{name}”的“{grid.name}”表超过{MAX_ROWS}行，请拆成几个文件再传。")


def _bounds(ref: str) -> tuple[int, int, int, int]:
    """(first column, first row, last column, last row) of A1:C3, all from 1."""
    left, top, right, bottom = range_boundaries(ref)
    return left or 1, top or 1, right or 1, bottom or 1


def _spread(grid: Grid, ref: str) -> None:
    """Give every cell of a merged range the value of its first cell, as a person reads it."""
    left, top, right, bottom = _bounds(ref)
    if right - left >= 2:
        grid.spanning.add(top)
    right = min(right, MAX_COLUMNS)
    source = grid.rows.get(top, [])
    value = source[left - 1] if len(source) >= left else None
    if value is None:
        return
    for number in range(top, min(bottom, top + MAX_ROWS) + 1):
        row = grid.rows.get(number)
        if row is None:
            continue
        if len(row) < right:
            row.extend([None] * (right - len(row)))
        for column in range(left - 1, right):
            if row[column] is None:
                row[column] = value


def _read_csv(data: bytes, name: str) -> Grid:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise PaperRefused(f"“{name}”的文字编码认不出来，请在 Excel 里另存为 .xlsx 后再传。")
    if "\x00" in content:
        raise PaperRefused(f"“{name}”不是文字表格，请在 Excel 里另存为 .xlsx 后再传。")
    head = content[:4000]
    delimiter = max(",\t;", key=head.count)
    grid = Grid(name="csv")
    try:
        # csv.reader counts records, not lines: a quoted line break stays inside one row, as in Excel.
        for number, row in enumerate(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter), start=1):
            if any(cell.strip() for cell in row):
                grid.rows[number] = [cell if cell != "" else None for cell in row[:MAX_COLUMNS]]
                _check_rows(grid, name)
    except csv.Error as error:
        raise PaperRefused(f"“{name}”的格式不对，请在 Excel 里另存为 .xlsx 后再传。") from error
    grid.blank_rows = _gaps(grid)
    return grid
