"""Tell whether a register's column 编号 holds the case numbers (案号), which other registers call so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.papers.sheets import Problem, Table
from core.papers.words import is_empty, surface

_CASE = re.compile(r"第?.{1,6}号|.*第\d+号?")


def settle(tables: Sequence[Table]) -> list[Problem]:
    """Read 编号 as 案号 where the papers show that it is; where they do not, say so once for the sheet.

    They show it by writing 第12号, or by giving a number to what was filed and to nothing else.
    """
    found: list[Problem] = []
    for table in tables:
        if "number" in table.positions or "编号" not in table.label("serial") or "serial" not in table.positions:
            continue
        if _are_case_numbers(table):
            table.positions["number"] = table.positions.pop("serial")
            table.labels["number"] = table.labels.pop("serial")
            message, severity = "没有“案号”一列，“编号”列写的是案号，按案号读。", "info"
        else:
            message = "没有“案号”一列，看不出“编号”是不是案号；如果是，请把表头改成“案号”。"
            severity = "warning"
        found.append(Problem(table.file, table.sheet, table.header_row, "编号", "", message, severity))  # type: ignore[arg-type]
    return found


def _are_case_numbers(table: Table) -> bool:
    at, review = table.positions["serial"], table.positions.get("review")
    numbered: list[bool] = []
    written: list[str] = []
    filed: list[bool] = []
    for number in sorted(n for n in table.grid.rows if n > table.header_row):
        row = table.grid.rows[number]
        if table.not_data(number, row):
            continue
        value = row[at] if at < len(row) else None
        said = surface(row[review]) if review is not None and review < len(row) else ""
        numbered.append(not is_empty(value))
        filed.append("立案" in said and "不" not in said)
        if not is_empty(value):
            written.append(surface(value).replace(" ", ""))
    as_cases = sum(1 for words in written if _CASE.fullmatch(words))
    return (bool(written) and as_cases >= 0.8 * len(written)) or (numbered == filed and len(set(numbered)) == 2)
