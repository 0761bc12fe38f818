"""Read the tables of a spreadsheet by meaning, not by position.

A kind of paper declares its columns (`Column`: a key, the labels people write
for it, a kind of cell). `find_table` looks for the row that carries those labels,
wherever it stands and in whatever order, and `Table.records` yields one cleaned
`Record` for every data row, with every problem named by file, sheet, Excel row,
column label and value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from core.papers import cells
from core.papers.headers import find_header, normal
from core.papers.words import Unreadable, surface
from core.papers.workbooks import Grid

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person should know about one place in a paper; `error` means the row was refused."""

    file: str
    sheet: str
    row: int
    column: str
    value: str
    message: str
    severity: Severity
    fix: str = ""
    """The word of a remedy (core.papers.fixes) that can be offered beside it."""

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain data, in the shape that `import_papers` prints."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of paper.

    `labels`: the wordings of its heading, the usual one first. `kind`: a key of
    cells.CLEANERS. `required`: a row without it is refused. `on_bad`: whether a
    value that cannot be read refuses the row (`error`) or is left out (`warning`).
    `choices`: for kind `choice`, accepted wording to value. `span`: a date may lie this many years
    before and after the year of the papers.
    """

    key: str
    labels: tuple[str, ...]
    kind: str = "text"
    required: bool = False
    on_bad: Severity = "warning"
    choices: Mapping[str, Any] | None = None
    span: tuple[int, int] | None = None


@dataclass(slots=True)
class Record:
    """One data row, cleaned: `values` by column key (None where empty), and what was wrong with it."""

    number: int
    values: dict[str, Any]
    raw: dict[str, Any]
    table: Table
    problems: list[Problem] = field(default_factory=list)

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)

    @property
    def refused(self) -> bool:
        """Whether some problem forbids taking this row."""
        return any(p.severity == "error" for p in self.problems)

    @property
    def complete(self) -> bool:
        """Whether every required column says something that can be read."""
        return all(self.values[k] is not None for k, c in self.table.columns.items() if c.required)

    def refuses(self, key: str) -> bool:
        """Whether something about one column of this row was refused already."""
        return any(p.severity == "error" and p.column == self.table.label(key) for p in self.problems)

    def problem(
        self, key: str, message: str, severity: Severity = "warning", *, value: Any = None, fix: str = ""
    ) -> None:
        """Add a problem about one column of this row; `value` defaults to what the cell shows."""
        shown = self.raw.get(key) if value is None else value
        self.problems.append(
            Problem(
                self.table.file,
                self.table.sheet,
                self.number,
                self.table.label(key),
                show(shown),
                message,
                severity,
                fix,
            )
        )


@dataclass(slots=True)
class Table:
    """One table found in a sheet: where its header is and which column is which."""

    file: str
    sheet: str
    header_row: int
    positions: dict[str, int]
    labels: dict[str, str]
    unknown: list[str]
    columns: dict[str, Column]
    grid: Grid
    headings: list[str]
    ticks: dict[str, dict[int, str]] = field(default_factory=dict)
    """Columns kept as boxes to tick: key to place in the sheet to the value that a tick there means."""
    doubled: dict[str, str] = field(default_factory=dict)
    """Headings not read because another stands for the same column: heading to that other one."""
    skipped: list[Problem] = field(default_factory=list)
    """Rows left out knowingly (totals, notes, repeated headings), one info each; filled by records()."""

    def label(self, key: str) -> str:
        """The heading of a column as this file writes it, else its usual one."""
        if key in self.labels:
            return self.labels[key]
        return self.columns[key].labels[0] if key in self.columns else key

    @property
    def lacking(self) -> list[str]:
        """The usual headings of required columns that this file does not have at all."""
        return [c.labels[0] for k, c in self.columns.items() if c.required and k not in self.positions]

    def written(self, key: str) -> str:
        """The words of a column's own cell of the header: 态度 of 办理意见（态度）."""
        label = self.labels[key]
        inner = re.fullmatch(r".*（(.*)）", label)
        return inner[1] if inner and label not in self.columns[key].labels else label

    @property
    def data_rows(self) -> int:
        """How many rows that are not blank stand below the header."""
        return sum(1 for number in self.grid.rows if number > self.header_row)

    @property
    def title(self) -> str:
        """The words above the header, such as 2022年委员工作室接待日来访登记表."""
        above = [row for number, row in self.grid.rows.items() if number < self.header_row]
        return " ".join(dict.fromkeys(str(v).strip() for row in above for v in row if v is not None))

    def records(self, *, year: int | None = None) -> Iterator[Record]:
        """Yield every data row, cleaned; `year` completes dates and bounds them."""
        self.skipped = []
        for number in sorted(n for n in self.grid.rows if n > self.header_row):
            row = self.grid.rows[number]
            if reason := self.not_data(number, row):
                first = next((v for v in row if v is not None), "")
                self.skipped.append(Problem(self.file, self.sheet, number, "", show(first), reason, "info"))
                continue
            yield self._record(number, row, year)

    def not_data(self, number: int, row: Sequence[Any]) -> str:
        """Why a row is not data (合计, 说明, a heading printed again), or an empty string."""
        filled = [str(v).strip() for v in row if v is not None and str(v).strip()]
        known = {k: str(row[i]).strip() for k, i in self.positions.items() if i < len(row) and row[i] is not None}
        if sum(1 for k, v in known.items() if normal(v) == normal(self.written(k))) >= max(2, len(known) // 2):
            return "又一次表头，已跳过。"
        required = [k for k, c in self.columns.items() if c.required and k in self.positions]
        lacks_required = not all(known.get(k) for k in required)
        if self._is_total(filled[:3], known, required):
            return "合计行，不是数据，已跳过。"
        alone = len(set(filled)) == 1 and len(self.positions) > 1
        spans = number in self.grid.spanning
        if (alone and (_NOTE.match(filled[0]) or spans)) or (lacks_required and spans and _NOTE.match(filled[0])):
            return "说明文字，不是数据，已跳过。"
        if alone and lacks_required and len(filled[0]) > 20:
            return "说明文字，不是数据，已跳过。"
        if not known:
            return "认得的各列都空着，已跳过。"
        return ""

    def _is_total(self, first: Sequence[str], known: Mapping[str, str], required: Sequence[str]) -> bool:
        """合计 by itself; or with words around it in a row that does not say what every data row says."""
        words = [re.sub(r"\s+", "", surface(value)) for value in first]
        if any(_PLAIN_TOTAL.fullmatch(value) for value in words):
            return True
        if not any(_TOTAL.fullmatch(value) for value in words):
            return False
        said = [re.sub(r"\s+", "", surface(known.get(key, ""))) for key in required]
        return any(not v or _TOTAL.fullmatch(v) or _NUMBER_ONLY.fullmatch(v) for v in said) and (
            len(known) <= len(self.positions) / 2
        )

    def _record(self, number: int, row: Sequence[Any], year: int | None) -> Record:
        raw = {key: row[at] if at < len(row) else None for key, at in self.positions.items()}
        raw |= {key: _ticked(row, boxes) for key, boxes in self.ticks.items()}
        record = Record(number=number, values={}, raw=raw, table=self)
        for key, column in self.columns.items():
            value = raw.get(key)
            if key in self.positions and (number, self.positions[key]) in self.grid.uncomputed:
                record.problem(
                    key,
                    "这一格是公式，还没有算出值，请在 Excel 里打开、保存后再传。",
                    "error" if column.required else "warning",
                )
            record.values[key] = clean(record, column, value, year=year)
            if (
                column.required
                and key in self.positions  # a column that is not there at all is named once for the file
                and record.values[key] is None
                and not any(p.column == self.label(key) for p in record.problems)
            ):
                record.problem(key, f"没有写{self.label(key)}，请补上。", "error")
        return record


def clean(record: Record, column: Column, value: Any, *, year: int | None) -> Any:
    """Clean one cell by its column's kind; what is wrong becomes a problem of the record."""
    options: dict[str, Any] = {}
    if column.kind in cells.DATED_KINDS:
        options["year"] = year
        if column.span and year:
            options["earliest"] = dt.date(year - column.span[0], 1, 1)
            options["latest"] = dt.date(year + column.span[1], 12, 31)
    elif column.kind == "choice":
        options |= {"choices": column.choices or {}, "about": normal(record.table.label(column.key))}
    elif column.kind == "yes_no":
        options["about"] = normal(record.table.label(column.key))
    try:
        read = cells.CLEANERS[column.kind](value, **options)
    except Unreadable as error:
        record.problem(column.key, str(error), "error" if column.required else column.on_bad)
        return None
    if read.note:
        record.problem(column.key, read.note, "warning" if column.kind in {"date", "phone"} else "info")
    return read.value


def _ticked(row: Sequence[Any], boxes: Mapping[int, str]) -> str | None:
    """The values whose boxes are ticked, joined: more than one is a contradiction that the cleaner names."""
    found = [
        value
        for at, value in boxes.items()
        if at < len(row) and surface(row[at]).strip() not in ("", "0", "×", "✗", "x", "否", "-", "—", "☐", "□")
    ]
    return "和".join(found) or None


def show(value: Any) -> str:
    """A cell's value as a person sees it, cut to 80 characters."""
    if value is None:
        return ""
    shown = surface(value) if not isinstance(value, str) else value
    return shown if len(shown) <= 80 else shown[:79] + "…"


_PLAIN_TOTAL = re.compile(
    r"(?:本页|本表|总|共|小|累)?(?:合计|小计|总计|累计|共计|汇总)[:：]?(?:[\d,.]+[万亿]?(?:人|件|元|个|次|家|条)?)?"
)
_TOTAL = re.compile(
    r"[^，。；？！]{0,12}?(?:合计|小计|总计|累计|共计|汇总|总数)[（(]?[人件元个次家条]?[）)]?[:：]?"
    r"(?:[\d,.]+[万亿]?(?:人次|人|件|元|个|次|家|条|篇)?)?"
)
"""合计, 第一季度合计：, 1—3月小计 23件, in a row that lacks what every data row has."""
_NOTE = re.compile(
    r"^[（(【\[*※]?(?:备?注|说明|附注|附件|填表|制表|审核|填报|统计(?:时间|口径|日期)|截至|数据截至|来源|打印|第.{1,4}页|以上)"
)
_NUMBER_ONLY = re.compile(r"(?:[\d,.]+(?:人次|人|件|元|个|次|家|条|篇)?|[-—/]+)")


def find_table(grid: Grid, columns: Sequence[Column], signature: Iterable[str], *, file: str) -> Table | None:
    """Find in a sheet the table that has these columns; None when its signature columns are not all there."""
    header = find_header(grid, columns, set(signature))
    if header is None:
        return None
    return Table(
        file=file,
        sheet=grid.name,
        header_row=header.row,
        positions=header.positions,
        labels=header.labels,
        unknown=header.unknown,
        columns={c.key: c for c in columns},
        grid=grid,
        headings=[heading.shown for heading in header.headings if heading is not None],
        ticks=header.ticks,
        doubled=header.doubled,
    )
