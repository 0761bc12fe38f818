"""Read a folder of papers into the system (导入): validate everything, then write file by file.

The first pass reads every file and plans every row against what is stored and what the rows
before it would store, so a dry run says exactly what a real run does. The second pass writes
each file in one transaction. A row already taken with the same content is left alone, so a
second run changes nothing, and a run that was killed is simply started again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, transaction

from core.errors import Refusal
from core.models import Job, PaperRow
from core.papers import registry
from core.papers.results import FileResult, ImportResult
from core.papers.sheets import Problem, Record, Severity, Table
from core.papers.workbooks import Grid, PaperRefused, open_workbook

log = logging.getLogger(__name__)

SHEET_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".csv", ".tsv", ".ods", ".et"})
_BATCH = 500
_T = TypeVar("_T")
Progress = Callable[[int, int, str], None]


class Loadable(Protocol):
    """Shared knowledge of one import, loaded once from what is stored."""

    @classmethod
    def load(cls, context: Context) -> Any:
        """Read it from the database."""


class Context:
    """What the kinds of one import share: the year of the papers, and knowledge such as who is who."""

    def __init__(self, year: int):
        self.year = year
        self._shared: dict[type, Any] = {}

    def of(self, kind: type[_T]) -> _T:
        """The shared knowledge of a class with ``load(context)``, loaded at its first use."""
        if kind not in self._shared:
            self._shared[kind] = kind.load(self)  # type: ignore[attr-defined]
        return self._shared[kind]


@dataclass(slots=True)
class Plan:
    """What one row says, resolved: ``payload`` is plain data and decides whether anything changed."""

    key: str
    payload: dict[str, Any]
    record: Record
    label: str = ""
    """What a person would call it; the key itself when empty."""
    action: str = ""
    """``created``, ``updated`` or ``unchanged``; set by the import."""

    @property
    def digest(self) -> str:
        """SHA-256 of the payload as canonical JSON."""
        text = json.dumps(self.payload, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class Skip(Exception):
    """Raised by ``Importer.plan`` for a row left out knowingly; its text says why."""

    def __init__(self, reason: str, column: str = ""):
        super().__init__(reason)
        self.column = column


class Importer:
    """How one kind of paper becomes records; one instance serves one import."""

    def __init__(self, context: Context):
        self.context = context

    def begin(self, tables: Sequence[Table]) -> list[Problem]:
        """Look at all tables of this kind before any row is planned; problems found there."""
        return []

    def plan(self, record: Record) -> Plan:
        """Resolve one row that is not refused; adds problems to it, or raises ``Skip``."""
        raise NotImplementedError

    def settle(self, plans: list[Plan]) -> None:
        """Check rows against each other after all of a kind are planned; may add problems."""

    def existing(self) -> Mapping[str, int]:
        """Natural key to primary key of the records that are stored."""
        raise NotImplementedError

    def locked(self, plans: list[Plan]) -> Mapping[str, str]:
        """Keys of stored records that papers must not overwrite any more, each with the reason."""
        return {}

    def write(self, plans: list[Plan], *, actor: Any) -> None:
        """Store the plans whose action is created or updated; inside one transaction."""
        raise NotImplementedError


@dataclass
class _Sheet:
    kind: registry.PaperKind
    table: Table
    result: FileResult
    plans: list[Plan] = field(default_factory=list)


def folder_sources(folder: Path) -> dict[str, Path]:
    """The spreadsheets of a folder by name; raises Refusal when the folder cannot be read."""
    try:
        if not folder.is_dir():
            raise Refusal(f"没有“{folder}”这个文件夹，请检查路径。")
        paths = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise Refusal(f"文件夹“{folder}”读不出来，请检查权限。") from error
    sheets = [p for p in paths if p.suffix.lower() in SHEET_SUFFIXES and not p.name.startswith(("~$", "."))]
    if not sheets:
        raise Refusal(f"文件夹“{folder}”里没有表格（.xlsx 或 .csv）。")
    return {path.name: path for path in sheets}


def import_papers(
    sources: Mapping[str, Path | BinaryIO],
    *,
    actor: Any,
    year: int | None = None,
    folder: str = "",
    dry_run: bool = False,
    progress: Progress = lambda done, total, message: None,
    run: Job | None = None,
) -> ImportResult:
    """Read files by name, plan every row, and write unless ``dry_run``.

    ``year`` is the papers' year; without it the folder's name, the files' names and titles and
    at last the dates tell it. Kinds that ``actor`` may not import are refused. ``progress(done, total, message)`` counts rows.
    ``run`` is the job that imports, noted on what it makes so that it can be taken back.
    """
    results = {name: FileResult(name) for name in sources}
    sheets = _open_all(sources, results, progress, actor)
    context = Context(year or _guess_year(folder, sources, sheets))
    total = sum(sheet.table.data_rows for sheet in sheets)
    done = 0
    by_kind: dict[str, list[_Sheet]] = {}
    for sheet in sheets:
        by_kind.setdefault(sheet.kind.key, []).append(sheet)
    planned: list[tuple[Importer, list[_Sheet]]] = []
    for kind in registry.kinds():
        if group := by_kind.get(kind.key):
            importer = kind.importer(context)
            _note(results, importer.begin([sheet.table for sheet in group]))
            for sheet in group:
                progress(done, total, f"正在核对{sheet.result.name}")
                _plan(sheet, importer, context)
                done += sheet.table.data_rows
            _decide(group, importer, kind)
            planned.append((importer, group))
    if not dry_run:
        _write(planned, actor=actor, run=run, progress=lambda message: progress(done, total, message))
        if any(result.created or result.updated for result in results.values()):
            registry.written()
    progress(total, total, "读完")
    return ImportResult(context.year, dry_run, results)


def _open_all(
    sources: Mapping[str, Path | BinaryIO], results: dict[str, FileResult], progress: Progress, actor: Any
) -> list[_Sheet]:
    sheets: list[_Sheet] = []
    for at, (name, source) in enumerate(sources.items()):
        progress(0, 0, f"正在打开{name}（{at + 1}／{len(sources)}）")
        result = results[name]
        hidden: list[str] = []
        try:
            grids = open_workbook(source, name, hidden=hidden)
        except PaperRefused as refusal:
            result.problems.append(Problem(name, "", 0, "", "", str(refusal), "error"))
            result.known = False
            continue
        for title in hidden:
            message = f"“{title}”表是隐藏的，没有读；要读请在 Excel 里取消隐藏。"
            result.problems.append(Problem(name, title, 0, "", "", message, "info"))
        sheets += [sheet for grid in grids if grid.rows and (sheet := _take_sheet(grid, result, actor))]
        result.known = any(sheet.result is result for sheet in sheets)
        if not result.known and not result.problems:
            result.problems.append(Problem(name, "", 0, "", "", "表里没有内容，已跳过。", "info"))
    return sheets


def _take_sheet(grid: Grid, result: FileResult, actor: Any) -> _Sheet | None:
    """The sheet as a paper of its kind; None, with the reason, when it is not to be read."""

    def note(message: str, severity: Severity, column: str = "", row: int = 0) -> None:
        result.problems.append(Problem(result.name, grid.name, row, column, "", message, severity))

    found = registry.recognise(grid, file=result.name)
    if found is None:
        lacks = registry.nearly(grid, file=result.name)
        note(lacks or f"“{grid.name}”表尚不能读入，已跳过。", "error" if lacks else "info")
        return None
    kind, table = found
    if actor is not None and not actor.has_perm(kind.permission):
        note(f"“{grid.name}”表是{kind.title}，不归您导入，没有读。请交提案委导入。", "error")
        return None
    for heading, other in table.doubled.items():
        note(f"“{heading}”和“{other}”像是同一项，只读了“{other}”，请核对。", "warning", heading, table.header_row)
    for column in table.lacking:
        beside = f"没认出来的列有{'、'.join(table.unknown[:8])}。" if table.unknown else ""
        message = f"表头里没有“{column}”这一列，下面的行都没有收。{beside}请补上这一列，或把表头改成“{column}”。"
        note(message, "error", column, table.header_row)
    if grid.hidden:
        note(f"有{grid.hidden}，也照样读了。", "info")
    result.titles.append(kind.title)
    result.columns |= dict.fromkeys(table.unknown, "")
    result.columns |= {h: table.columns[k].labels[0] for k, h in table.labels.items()}
    return _Sheet(kind, table, result)


_YEAR = re.compile(r"(?<!\d)(20\d{2}|19\d{2})(?!\d)")


def _guess_year(folder: str, sources: Iterable[str], sheets: list[_Sheet]) -> int:
    """The year of the papers: from the folder's name, the files' names, titles, then the dates."""
    titles = [sheet.table.title + sheet.table.sheet for sheet in sheets]
    for words in (folder, " ".join(sources), " ".join(titles)):
        if found := _YEAR.findall(words):
            return int(Counter(found).most_common(1)[0][0])
    years: Counter[int] = Counter()
    for sheet in sheets:
        for key, column in sheet.table.columns.items():
            if column.kind != "date" or key not in sheet.table.positions:
                continue
            at = sheet.table.positions[key]
            for row in list(sheet.table.grid.rows.values())[:500]:
                if at < len(row) and (found := _YEAR.findall(str(row[at]))):
                    years[int(found[0])] += 1
    if years:
        return years.most_common(1)[0][0]
    from django.utils import timezone

    return timezone.localdate().year


def _note(results: dict[str, FileResult], problems: Iterable[Problem]) -> None:
    for problem in problems:
        results[problem.file].problems.append(problem)


def _plan(sheet: _Sheet, importer: Importer, context: Context) -> None:
    result, table = sheet.result, sheet.table
    result.read += table.data_rows
    for record in table.records(year=context.year):
        try:
            # A row refused for one cell is still planned, so that its other faults are named too.
            plan = importer.plan(record) if record.complete else None
        except Skip as skip:
            record.problem(skip.column, str(skip), "info")
            result.skipped += 1
            result.problems += record.problems
            continue
        if plan is None:
            result.refused += 1
            result.problems += record.problems
        else:
            sheet.plans.append(plan)
    result.skipped += len(table.skipped)
    result.problems += table.skipped


def _decide(group: list[_Sheet], importer: Importer, kind: registry.PaperKind) -> None:
    """Say of every planned row whether it is new, changed or known, and drop refused ones."""
    everything = [plan for sheet in group for plan in sheet.plans]
    copies = _find_repeats(everything)
    importer.settle([plan for plan in everything if not plan.record.refused and id(plan) not in copies])
    taken = dict(PaperRow.objects.filter(kind=kind.key).values_list("key", "digest"))
    existing = importer.existing()
    changed = [p for p in everything if p.key in existing and taken.get(p.key) != p.digest]
    locked = importer.locked([p for p in changed if not p.record.refused])
    for sheet in group:
        kept: list[Plan] = []
        for plan in sheet.plans:
            sheet.result.problems += plan.record.problems
            if id(plan) in copies:
                sheet.result.skipped += 1
            elif plan.record.refused:
                sheet.result.refused += 1
            elif plan.key in locked:
                sheet.result.skipped += 1
                where = sheet.table
                problem = Problem(
                    where.file, where.sheet, plan.record.number, "", plan.label or plan.key, locked[plan.key], "warning"
                )
                sheet.result.problems.append(problem)
            else:
                plan.action = _action(plan, existing, taken)
                setattr(sheet.result, plan.action, getattr(sheet.result, plan.action) + 1)
                kept.append(plan)
        sheet.plans = kept


def _action(plan: Plan, existing: Mapping[str, int], taken: Mapping[str, str]) -> str:
    if plan.key not in existing:
        return "created"
    return "unchanged" if taken.get(plan.key) == plan.digest else "updated"


_PLACE_ONLY = frozenset({"serial", "order"})
"""Parts of a payload that say where a row stood and not what it says."""


def _find_repeats(plans: list[Plan]) -> set[int]:
    """Two rows for one thing: the first is taken, the others are refused with the first one's row.

    A row that says the same in another sheet (全年 beside 一月, 二月) is a copy: it is left out, and its
    plan's id returned.
    """
    first: dict[str, Plan] = {}
    copies: set[int] = set()
    for plan in plans:
        earlier = first.setdefault(plan.key, plan)
        if earlier is plan:
            continue
        theirs, ours = earlier.record.table, plan.record.table
        where = "" if theirs is ours else f"{theirs.file}的" if theirs.file != ours.file else f"“{theirs.sheet}”表的"
        key_column = next(iter(ours.positions))
        if theirs is not ours and _said(earlier) == _said(plan) and not plan.record.refused:
            message = f"与{where}第{earlier.record.number}行一模一样，只取那一行。"
            plan.record.problem(key_column, message, "info", value=plan.label or plan.key)
            copies.add(id(plan))
            continue
        message = f"与{where}第{earlier.record.number}行是同一条，只取那一行；确属重复请在备注写“重复”，否则请改正。"
        plan.record.problem(key_column, message, "error", value=plan.label or plan.key)
    return copies


def _said(plan: Plan) -> dict[str, Any]:
    return {key: value for key, value in plan.payload.items() if key not in _PLACE_ONLY}


def _write(
    planned: list[tuple[Importer, list[_Sheet]]], *, actor: Any, run: Job | None, progress: Callable[[str], None]
) -> None:
    for importer, group in planned:
        for sheet in group:
            work = [plan for plan in sheet.plans if plan.action != "unchanged"]
            if not work:
                continue
            progress(f"正在写入{sheet.result.name}")
            try:
                with transaction.atomic():
                    importer.write(work, actor=actor)
                    _remember(sheet.kind.key, work, run)
            except (DatabaseError, Refusal) as error:
                log.exception("import of %s failed", sheet.result.name)
                _take_back(sheet, work, error)


def _remember(kind: str, plans: list[Plan], run: Job | None) -> None:
    rows = [
        PaperRow(
            kind=kind, key=p.key, digest=p.digest, file=p.record.table.file[:200], row=p.record.number,
            made_in=run if p.action == "created" else None,
        )
        for p in plans
    ]  # fmt: skip
    PaperRow.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["digest", "file", "row", "taken_at"],
    )


def _take_back(sheet: _Sheet, work: list[Plan], error: Exception) -> None:
    """The file's transaction failed: nothing of it is stored, and the counts say so."""
    for plan in work:
        setattr(sheet.result, plan.action, getattr(sheet.result, plan.action) - 1)
    sheet.result.refused += len(work)
    reason = str(error) if isinstance(error, Refusal) else "写入时数据库报错，可能有人同时在改"
    message = f"这张表一行也没有写入：{reason.rstrip('。')}。请再导入一次；还不行请告诉管理员。"
    sheet.result.problems.append(Problem(sheet.result.name, sheet.table.sheet, 0, "", "", message, "error"))
