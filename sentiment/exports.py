"""The report list as a spreadsheet 导出: exactly the rows that are filtered; reporters only for the office."""

from collections.abc import Iterable
from typing import IO, Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from core import audit, exporting, spreadsheets
from core.spreadsheets import Column
from sentiment import filters
from sentiment.forms.filter import ReportFilter
from sentiment.models import Level, OpinionReport
from sentiment.ranking import Place
from sentiment.selectors import OFFICE

COLUMNS: tuple[Column, ...] = (
    ("来稿编号", 12, lambda row: row.code),
    ("标题", 60, lambda row: row.title),
    ("来源", 12, lambda row: row.get_source_display()),
    ("类别", 12, lambda row: row.category),
    ("状态", 10, lambda row: row.get_status_display()),
    ("来稿日期", 12, lambda row: row.submitted_on),
    ("刊发日期", 12, lambda row: row.issued_on),
    ("办结日期", 12, lambda row: row.closed_on),
    ("最近期限", 12, lambda row: row.next_due),
)
REPORTER: Column = ("第一反映人", 14, lambda row: row.reporter_name)


def rows(user: Any, query: QueryDict) -> QuerySet:
    """The reports that the list shows to a person under the filter of its address, the newest first."""
    form = ReportFilter(query, user=user)
    return filters.narrow(OpinionReport.objects.visible_to(user), form, user).order_by("-id")


def write(rows: QuerySet, *, actor: Any, query: str) -> IO[bytes]:
    """A spreadsheet of ``rows`` as an open file, recorded in the log."""
    columns = (*COLUMNS[:2], REPORTER, *COLUMNS[2:]) if actor.has_role(*OFFICE) else COLUMNS
    file, count = spreadsheets.write("社情民意", columns, rows.for_list().iterator(chunk_size=1000))
    audit.record(
        verb="sentiment.export", summary=f"导出社情民意清单{count}篇", actor=actor,
        detail={"query": query, "rows": count},
    )  # fmt: skip
    return file


def write_figures(rows: Iterable[tuple[str, str, int]], *, actor: Any, year: int) -> IO[bytes]:
    """The figures of the board, one number a row; recorded in the log."""
    columns: tuple[Column, ...] = (
        ("表", 14, lambda row: row[0]), ("项目", 40, lambda row: row[1]), ("数", 10, lambda row: row[2]),
    )  # fmt: skip
    file, _ = spreadsheets.write(f"{year}年社情民意", columns, rows)
    audit.record(verb="sentiment.export", summary=f"导出{year}年社情民意数字", actor=actor, detail={"year": year})
    return file


def write_ranking(rows: Iterable[tuple[str, Place]], *, actor: Any, year: int) -> IO[bytes]:
    """The ranking of reporters and bodies, each row with its kind; recorded in the log."""
    columns: list[Column] = [
        ("对象", 10, lambda row: row[0]), ("名次", 8, lambda row: row[1].rank), ("姓名或单位", 30, lambda row: row[1].name),
        ("报送", 8, lambda row: row[1].submitted), ("采用", 8, lambda row: row[1].adopted),
    ]  # fmt: skip
    for level in Level:
        columns.append((f"{level.label}级采用", 10, lambda row, code=level.value: row[1].by_level[code]))
    columns += [("获批示", 8, lambda row: row[1].noted), ("得分", 8, lambda row: row[1].points)]
    file, count = spreadsheets.write(f"{year}年排名", columns, rows)
    audit.record(
        verb="sentiment.export", summary=f"导出{year}年社情民意排名{count}行", actor=actor, detail={"year": year}
    )
    return file


def register() -> None:
    """Let the list be taken away."""
    exporting.register("sentiment", exporting.Export("社情民意清单", "篇", "sentiment:list", rows, write, file_name))


def file_name(what: str = "清单") -> str:
    """社情民意清单_20260305.xlsx, of today."""
    return f"社情民意{what}_{timezone.localdate():%Y%m%d}.xlsx"
