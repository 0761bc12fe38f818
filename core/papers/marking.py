"""The paper itself with what was found marked in it (标注的原表), to be mended where it stands.

A workbook keeps its own look; other files, and very large ones, are written anew with their values.
A sheet before the others lists everything. The marks do not disturb a second reading: neither the
sheet nor the added column is one that any kind of paper knows.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from core.papers import registry
from core.papers.workbooks import Grid, open_workbook
from core.spreadsheets import cell

HEADING = "导入时发现"
LIST = "导入问题"
LARGEST = 4 * 1024 * 1024
"""Bytes of a workbook that is marked in place; a larger one is written anew."""
WORDS = {"error": "没有收", "warning": "请核对", "info": "说明"}
_FILLS = {
    "error": PatternFill("solid", fgColor="FFF8D0D0"),
    "warning": PatternFill("solid", fgColor="FFFFF0C8"),
}

Problems = Sequence[Mapping[str, Any]]


def marked(data: bytes, name: str, problems: Problems) -> bytes:
    """A workbook of the paper with its problems marked; raises ``PaperRefused`` where it cannot be opened."""
    grids = open_workbook(io.BytesIO(data), name)
    in_place = data.startswith(b"PK") and len(data) <= LARGEST and not name.lower().endswith((".ods", ".xlsb"))
    book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False) if in_place else _anew(grids, name)
    for grid in grids:
        if grid.name in book.sheetnames:
            _mark(book[grid.name], grid, [p for p in problems if p["sheet"] == grid.name and p["row"]], name)
    _list(book, problems)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark(sheet: Any, grid: Grid, problems: Problems, name: str) -> None:
    """Colour the cells that something was found in, and say what behind the last column."""
    if not problems:
        return
    found = registry.recognise(grid, file=name)
    places = {} if found is None else {found[1].labels[key]: at + 1 for key, at in found[1].positions.items()}
    last = max(len(row) for row in grid.rows.values()) + 1
    by_row: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for problem in problems:
        if problem["severity"] in _FILLS:
            by_row[problem["row"]].append(problem)
    for row, those in by_row.items():
        fill = _FILLS[min((p["severity"] for p in those), key=list(_FILLS).index)]
        _write(sheet.cell(row, last), "\n".join(f"{WORDS[p['severity']]}：{_words(p)}" for p in those), fill)
        for problem in those:
            at = places.get(problem["column"])
            if at is None:
                continue
            target = sheet.cell(row, at)
            if type(target).__name__ != "MergedCell":
                target.fill = _FILLS[problem["severity"]]
                target.comment = Comment(problem["message"], "导入")
    head = found[1].header_row if found else min(grid.rows)
    _write(sheet.cell(head, last), HEADING)
    sheet.cell(head, last).font = Font(bold=True)
    sheet.column_dimensions[get_column_letter(last)].width = 60


def _words(problem: Mapping[str, Any]) -> str:
    return f"{problem['column']}，{problem['message']}" if problem["column"] else str(problem["message"])


def _write(target: Any, words: str, fill: PatternFill | None = None) -> None:
    """Words as words, whatever sign they begin with."""
    if type(target).__name__ == "MergedCell":
        return
    target.value = words
    target.data_type = "s"
    target.alignment = Alignment(wrap_text=True, vertical="top")
    if fill is not None:
        target.fill = fill


def _list(book: Any, problems: Problems) -> None:
    """The sheet that lists all problems of the file, before its own sheets."""
    title = LIST
    while title in book.sheetnames:
        title += "_"
    sheet = book.create_sheet(title, 0)
    for place, (heading, width) in enumerate(
        (("表", 16), ("行", 8), ("列", 16), ("表里写的", 30), ("怎么改", 70), ("结果", 10)), 1
    ):
        sheet.cell(1, place, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row, p in enumerate(problems, start=2):
        values = (p["sheet"], p["row"] or "整个文件", p["column"], p["value"], p["message"], WORDS[p["severity"]])
        for place, value in enumerate(values, 1):
            if isinstance(value, str):
                _write(sheet.cell(row, place), value, _FILLS.get(p["severity"]) if place == 6 else None)
            else:
                sheet.cell(row, place, value)
    sheet.freeze_panes = "A2"
    book.active = 0


def _anew(grids: Sequence[Grid], name: str) -> Any:
    """A workbook with the values of a file that is none, each row where it stood."""
    book = openpyxl.Workbook(write_only=True)
    for grid in grids:
        sheet = book.create_sheet(grid.name[:31])
        for row in _rows(grid):
            sheet.append([_plain(sheet, value) for value in row])
    data = io.BytesIO()
    book.save(data)
    data.seek(0)
    return openpyxl.load_workbook(data)


def _plain(sheet: Any, value: Any) -> Any:
    return WriteOnlyCell(sheet, None) if value is None else cell(sheet, value)


def _rows(grid: Grid) -> Iterator[Sequence[Any]]:
    for number in range(1, max(grid.rows, default=0) + 1):
        yield grid.rows.get(number, ())
