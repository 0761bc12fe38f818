"""Small spreadsheets for tests, written the way people keep them."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl


def book(*sheets: tuple[str, Iterable[Sequence[Any]]], merge: Sequence[str] = ()) -> io.BytesIO:
    """An .xlsx in memory with the given sheets; `merge` names ranges to merge in the first."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if sheet is workbook.worksheets[0]:
            for ref in merge:
                sheet.merge_cells(ref)
    data = io.BytesIO()
    workbook.save(data)
    data.seek(0)
    return data


def save(path: Path, rows: Iterable[Sequence[Any]], *, merge: Sequence[str] = ()) -> Path:
    """The same as a file of one sheet."""
    path.write_bytes(book(("表", rows), merge=merge).getvalue())
    return path


def with_part(data: io.BytesIO, name: str, content: bytes) -> io.BytesIO:
    """A copy of an .xlsx with one part added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(data) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            if item.filename != name:
                target.writestr(item, source.read(item))
        target.writestr(name, content)
    out.seek(0)
    return out
