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
from core.papers.words import Unreadable, surface
from core.papers.workbooks import Grid

Severity = Literal["error", "warning", "info"]

HEADER_SEARCH_ROWS = 15
"""The header may stand below titles and notes, but not deeper than this many non-blank rows."""


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

    def problem(self, key: str, message: str, severity: Severity = "warning", *, value: Any = None) -> None:
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
    skipped: list[Problem] = field(default_factory=list)
    """Rows left out knowingly (totals, notes, repeated headings), one info each; filled by records()."""

    def label(self, key: str) -> str:
        """The heading of a column as this file writes it, else its usual one."""
        if key in self.labels:
            return self.labels[key]
        return self.columns[key].labels[0] if key in self.columns else key

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
            if reason := self._not_data(number, row):
                first = next((v for v in row if v is not None), "")
                self.skipped.append(Problem(self.file, self.sheet, number, "", show(first), reason, "info"))
                continue
            yield self._record(number, row, year)

    def _not_data(self, number: int, row: Sequence[Any]) -> str:
        """Why a row is not data (合计, 说明, a heading printed again), or an empty string."""
        filled = [str(v).strip() for v in row if v is not None and str(v).strip()]
        known = {k: str(row[i]).strip() for k, i in self.positions.items() if i < len(row) and row[i] is not None}
        if sum(1 for k, v in known.items() if _normal(v) == _normal(self.labels[k])) >= max(2, len(known) // 2):
            return "又一次表头，已跳过。"
        required = [k for k, c in self.columns.items() if c.required and k in self.positions]
        lacks_required = not all(known.get(k) for k in required)
        if any(_TOTAL.fullmatch(re.sub(r"\s+", "", v)) for v in filled[:3]):
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

    def _record(self, number: int, row: Sequence[Any], year: int | None) -> Record:
        raw = {key: row[at] if at < len(row) else None for key, at in self.positions.items()}
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
        options["choices"] = column.choices or {}
    try:
        read = cells.CLEANERS[column.kind](value, **options)
    except Unreadable as error:
        record.problem(column.key, str(error), "error" if column.required else column.on_bad)
        return None
    if read.note:
        record.problem(column.key, read.note, "warning" if column.kind in {"date", "phone"} else "info")
    return read.value


def show(value: Any) -> str:
    """A cell's value as a person sees it, cut to 80 characters."""
    if value is None:
        return ""
    shown = surface(value) if not isinstance(value, str) else value
    return shown if len(shown) <= 80 else shown[:79] + "…"


_TOTAL = re.compile(
    r"(?:本页|本表|总|共|小|累)?(?:合计|小计|总计|累计|共计|汇总)[:：]?(?:[\d,.]+[万亿]?(?:人|件|元|个|次|家|条)?)?"
)
_NOTE = re.compile(
    r"^[（(【\[*※]?(?:备?注|说明|附注|附件|填表|制表|审核|填报|统计(?:时间|口径|日期)|截至|数据截至|来源|打印|第.{1,4}页|以上)"
)
_HEADER_NOISE = re.compile(r"[\s*＊※:：。、，,.·“”\"'_\-—/／\\]+")
_HEADER_BRACKETS = re.compile(r"[（(【\[〔][^）)】\]〕]*[）)】\]〕]")


def _normal(label: Any) -> str:
    """A heading without spaces, stars, brackets and punctuation, for comparison."""
    words = surface(label)
    bare = _HEADER_NOISE.sub("", _HEADER_BRACKETS.sub("", words))
    return (bare or _HEADER_NOISE.sub("", words)).lower()


def _match_row(values: Sequence[Any], columns: Iterable[Column]) -> tuple[dict[str, int], dict[str, str]]:
    """Which column stands where in a candidate header row: key to index, key to heading."""
    wanted: dict[str, tuple[int, str]] = {}
    for column in columns:
        for rank, label in enumerate(column.labels):
            wanted.setdefault(_normal(label), (rank, column.key))
    found: dict[str, tuple[int, int, str]] = {}
    for at, value in enumerate(values):
        if value is None or len(str(value)) > 40:
            continue
        heading = _normal(value)
        hit = (
            wanted.get(heading)
            or wanted.get(re.sub(r"时间$", "日期", heading))
            or wanted.get(re.sub(r"日期$", "时间", heading))
        )
        if hit is None:
            continue
        rank, key = hit
        # Two headings for one column: the more usual wording wins, then the one further left.
        if key not in found or rank < found[key][0]:
            found[key] = (rank, at, " ".join(str(value).split()))
    return {k: v[1] for k, v in found.items()}, {k: v[2] for k, v in found.items()}


def find_table(grid: Grid, columns: Sequence[Column], signature: Iterable[str], *, file: str) -> Table | None:
    """Find in a sheet the table that has these columns; None when its signature columns are not all there."""
    numbers = sorted(grid.rows)[:HEADER_SEARCH_ROWS]
    needed = set(signature)
    best: tuple[int, int, list[Any]] | None = None
    for index, number in enumerate(numbers):
        candidates = [(number, grid.rows[number])]
        if index + 1 < len(numbers) and numbers[index + 1] == number + 1:
            candidates.append((number + 1, _two_rows(grid.rows[number], grid.rows[number + 1], columns)))
        for header_row, values in candidates:
            positions, _ = _match_row(values, columns)
            if needed <= positions.keys() and (best is None or len(positions) > best[0]):
                best = (len(positions), header_row, values)
    if best is None:
        return None
    _, header_row, values = best
    positions, labels = _match_row(values, columns)
    headings = [" ".join(str(v).split()) for v in values if v is not None]
    taken = set(positions.values())
    unknown = [" ".join(str(v).split()) for at, v in enumerate(values) if v is not None and at not in taken]
    return Table(
        file=file,
        sheet=grid.name,
        header_row=header_row,
        positions=positions,
        labels=labels,
        unknown=unknown,
        columns={c.key: c for c in columns},
        grid=grid,
        headings=headings,
    )


def _two_rows(upper: Sequence[Any], lower: Sequence[Any], columns: Sequence[Column]) -> list[Any]:
    """Join a header of two rows: the lower heading where it is known, else the upper one."""
    width = max(len(upper), len(lower))
    pairs = [(upper[i] if i < len(upper) else None, lower[i] if i < len(lower) else None) for i in range(width)]
    known = {_normal(label) for column in columns for label in column.labels}
    return [low if low is not None and _normal(low) in known else up for up, low in pairs]
