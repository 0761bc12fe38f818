"""The report list as a spreadsheet 导出: exactly the rows that are filtered; reporters only for the office."""

from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone

from core import audit, spreadsheets
from core.errors import Refusal
from core.spreadsheets import Column
from sentiment.selectors import OFFICE

MOST = 50_000
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


def write(rows: QuerySet, *, actor: Any, query: str) -> IO[bytes]:
    """A spreadsheet of ``rows`` as an open file, recorded in the log. Raises ``Refusal`` for too many rows."""
    if rows.order_by()[MOST:].exists():
        raise Refusal(f"超过{MOST:,}篇，一次导不完。请先按年份或状态筛选，再导出。")
    columns = (*COLUMNS[:2], REPORTER, *COLUMNS[2:]) if actor.has_role(*OFFICE) else COLUMNS
    file, count = spreadsheets.write("社情民意", columns, rows.for_list().iterator(chunk_size=1000))
    audit.record(
        verb="sentiment.export", summary=f"导出社情民意清单{count}篇", actor=actor,
        detail={"query": query, "rows": count},
    )  # fmt: skip
    return file


def file_name() -> str:
    """社情民意清单_20260305.xlsx, of today."""
    return f"社情民意清单_{timezone.localdate():%Y%m%d}.xlsx"
