"""The list of matters as a spreadsheet 导出: exactly the rows that are filtered, visitors masked."""

from typing import IO

from django.db.models import QuerySet
from django.utils import timezone

from core import audit, spreadsheets
from core.errors import Refusal
from members.matter_privacy import mask_name, mask_numbers
from members.models import Matter
from members.selectors import mask_phone

MOST = 50_000
"""Rows that one export may hold; more are asked to be filtered first."""

COLUMNS: tuple[spreadsheets.Column, ...] = (
    ("回执号", 14, lambda row: row.receipt_code),
    ("工作室", 22, lambda row: str(row.studio)),
    ("接待日期", 12, lambda row: row.received_on),
    ("接待委员", 12, lambda row: row.host.name if row.host else ""),
    ("来访人", 10, lambda row: mask_name(row.visitor_name)),
    ("电话", 16, lambda row: mask_phone(row.visitor_phone)),
    ("村（社区）", 16, lambda row: row.village),
    ("类别", 12, lambda row: row.category),
    ("反映的事", 60, lambda row: mask_numbers(row.text)),
    ("状态", 12, lambda row: row.get_status_display()),
    ("去向", 20, lambda row: row.get_route_display() if row.route else ""),
    ("单位", 20, lambda row: str(row.unit or "")),
    ("公开的结果", 50, lambda row: mask_numbers(row.result)),
    ("答复日期", 12, lambda row: row.answered_on),
    ("告知日期", 12, lambda row: row.informed_on),
    ("办结日期", 12, lambda row: row.closed_on),
    ("群众评价", 10, lambda row: row.get_rating_display() if row.rating else ""),
    ("最近期限", 12, lambda row: row.next_due),
)


def write(rows: QuerySet[Matter], *, actor, query: str) -> IO[bytes]:
    """A spreadsheet of ``rows`` as an open file, recorded in the log; refuses too many rows."""
    if rows.order_by()[MOST:].exists():
        raise Refusal(f"超过{MOST:,}件，一次导不完。请先按日期或工作室筛选，再导出。")
    whole = Matter.objects.filter(pk__in=rows.order_by().values("pk")).select_related("studio", "host", "unit")
    file, count = spreadsheets.write("民情事项", COLUMNS, whole.order_by("-pk").iterator(chunk_size=1000))
    audit.record(
        verb="matters.export", summary=f"导出民情事项清单{count}件", actor=actor, detail={"query": query, "rows": count}
    )
    return file


def file_name() -> str:
    """民情事项_20260305.xlsx, of today."""
    return f"民情事项_{timezone.localdate():%Y%m%d}.xlsx"
