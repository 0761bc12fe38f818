"""Open a spreadsheet file (电子表格) safely and hand over its sheets as plain grids.

Takes .xlsx, the older and foreign .xls, .et, .xlsb and .ods, and text (.csv). Everything else is
refused with a Chinese sentence that says what to do; what a file is, its content says and not its
name. Formulas are read as the values that Excel last computed; nothing in the file is ever executed.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
import python_calamine
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import Refusal

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 150 * 1024 * 1024
MAX_MEMBERS = 2_000
MAX_ROWS = 20_000
MAX_COLUMNS = 120
MAX_SHEETS = 40
EXCEL = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods"})

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
    hidden: str = ""
    """What of this sheet a person does not see, in words: 3行、1列是隐藏的; empty when all is shown."""


def open_workbook(source: Path | BinaryIO, name: str, *, hidden: list[str] | None = None) -> list[Grid]:
    """Read every visible sheet of a file named `name`; raises PaperRefused.

    The names of hidden sheets, which are not read, are added to ``hidden``.
    """
    aside = hidden if hidden is not None else []
    data = _read_bytes(source, name)
    if not data:
        raise PaperRefused(f"“{name}”是空文件，请重新保存后再传。")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise PaperRefused(f"“{name}”设了打开密码，请在 Excel 里取消密码、另存后再传。")
        return _read_other(data, name, aside)
    if zipfile.is_zipfile(io.BytesIO(data)):
        return _read_zip(data, name, aside)
    if data.startswith(b"PK"):
        raise PaperRefused(f"“{name}”已损坏，打不开，请用 Excel 打开检查，另存后再传。")
    suffix = Path(name).suffix.lower()
    if suffix in {".csv", ".txt", ".tsv"} or (suffix in EXCEL and _is_text_table(data)):
        return [_read_csv(data, name)]
    if data.lstrip()[:1] == b"<":
        raise PaperRefused(f"“{name}”其实是网页，不是表格，请在 Excel 里打开后另存为 .xlsx 再传。")
    if suffix in EXCEL:
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
        return  # a binary workbook
    if "content.xml" in paths and "xl/workbook.xml" not in paths:
        return
    if "xl/workbook.xml" not in paths:
        raise PaperRefused(f"“{name}”不是 Excel 表格，请传 .xlsx 或 .csv 文件。")


def _read_zip(data: bytes, name: str, aside: list[str]) -> list[Grid]:
    """A file that is an archive: .xlsx by one reader, .xlsb and .ods by the other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive, name)
            is_xlsx = "xl/workbook.xml" in {m.filename.lower() for m in archive.infolist()}
            parts = {
                m.filename: _safe_part(archive, m, name)
                for m in archive.infolist()
                if m.filename.endswith((".xml", ".rels"))
            }
        return _read_xlsx(data, parts, name, aside) if is_xlsx else _read_other(data, name, aside)
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
        zlib.error,
    ) as error:
        # openpyxl lets many kinds of error through for a broken file; the person needs one sentence.
        raise PaperRefused(_broken(name)) from error


def _broken(name: str) -> str:
    return f"“{name}”已损坏，打不开，请用 Excel 打开检查，另存后再传。"


def _read_xlsx(data: bytes, parts: dict[str, bytes], name: str, aside: list[str]) -> list[Grid]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [ws for ws in book.worksheets if ws.sheet_state == "visible"]
        aside += [ws.title for ws in book.worksheets if ws.sheet_state != "visible"]
        _check_sheets(len(sheets), name)
        return [_read_sheet(ws, parts, name) for ws in sheets]
    finally:
        book.close()


def _check_sheets(count: int, name: str) -> None:
    if count > MAX_SHEETS:
        raise PaperRefused(f"“{name}”有{count}张表，超过{MAX_SHEETS}张，请只留下要导入的表。")


def _read_other(data: bytes, name: str, aside: list[str]) -> list[Grid]:
    """Old and foreign workbooks (.xls, .et, .xlsb, .ods), whose formulas come with their values."""
    grids = []
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            seen = python_calamine.SheetVisibleEnum.Visible
            shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == seen]
            aside += [sheet.name for sheet in book.sheets_metadata if sheet.visible != seen]
            _check_sheets(len(shown), name)
            for title in shown:
                sheet = book.get_sheet_by_name(title)
                grid = Grid(name=title)
                _, first = sheet.start or (0, 0)  # rows come from the sheet's first, cells from the first filled column
                for number, values in enumerate(sheet.iter_rows(), start=1):
                    row = [None] * first + [None if value == "" else value for value in values]
                    _keep(grid, number, row[:MAX_COLUMNS], name)
                grid.blank_rows = _gaps(grid)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
                    _spread_over(grid, left + 1, top + 1, right + 1, bottom + 1)
                grids.append(grid)
    except PaperRefused:
        raise
    except python_calamine.PasswordError as error:
        raise PaperRefused(f"“{name}”设了打开密码，请在 Excel 里取消密码、另存后再传。") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        message = f"“{name}”打不开，可能是很旧的格式或已损坏，请在 Excel 或 WPS 里打开，另存为 .xlsx 后再传。"
        raise PaperRefused(message) from error
    return grids


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
        _keep(grid, number, list(values), name)
    grid.blank_rows = _gaps(grid)
    raw = parts.get(getattr(ws, "_worksheet_path", "").lstrip("/"), b"")
    grid.hidden = _hidden_words(raw, grid)
    for ref in _MERGE.findall(raw):
        _spread(grid, ref.decode())
    if b"<f" in raw:
        for coordinate in _UNCOMPUTED.findall(raw):
            column, row_number, _, _ = _bounds(coordinate.decode())
            grid.uncomputed.add((row_number, column - 1))
    return grid


_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?hidden="(?:1|true)"[^>]*>')
_ROW_NUMBER = re.compile(rb'\sr="(\d+)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s[^>]*?hidden="(?:1|true)"')


def _hidden_words(raw: bytes, grid: Grid) -> str:
    """How many filled rows, and how many ranges of columns, a person does not see."""
    numbers = [int(m[1]) for tag in _HIDDEN_ROW.findall(raw) if (m := _ROW_NUMBER.search(tag))]
    rows = sum(1 for number in numbers if number in grid.rows)
    columns = len(_HIDDEN_COLUMN.findall(raw))
    parts = [f"{count}{unit}" for count, unit in ((rows, "行"), (columns, "列")) if count]
    return f"{'、'.join(parts)}是隐藏的" if parts else ""


def _keep(grid: Grid, number: int, row: list[Any], name: str) -> None:
    """Add a row unless it is blank."""
    while row and (row[-1] is None or row[-1] == ""):
        row.pop()
    if not row or all(v is None or (isinstance(v, str) and not v.strip()) for v in row):
        return
    grid.rows[number] = row
    _check_rows(grid, name)


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
    _spread_over(grid, *_bounds(ref))


def _spread_over(grid: Grid, left: int, top: int, right: int, bottom: int) -> None:
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


_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ENCODINGS = ("utf-8-sig", "gb18030")


def _is_text_table(data: bytes) -> bool:
    """Whether a file with the ending of a workbook is text in columns, as some systems export it."""
    if data.lstrip()[:1] == b"<":
        return False
    if data.startswith(_UTF16):
        return True
    head = data[: data.rfind(b"\n", 0, 4000) + 1] or data[:4000]
    for encoding in _ENCODINGS:
        try:
            words = head.decode(encoding)
        except UnicodeDecodeError:
            continue
        return words.count("\n") > 0 and max(words.count(c) for c in ",\t;") > 1 and "\x00" not in words
    return False


def _read_csv(data: bytes, name: str) -> Grid:
    # Excel's “Unicode text” begins with a byte order mark of UTF-16.
    for encoding in ("utf-16",) if data.startswith(_UTF16) else _ENCODINGS:
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
