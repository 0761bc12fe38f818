"""The list of matters as a spreadsheet 导出: exactly the rows that are filtered, visitors masked."""

from typing import IO

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from core import audit, exporting, spreadsheets
from members.matters import selectors as selectors_matters
from members.matters.forms import MatterFilter
from members.matters.privacy import mask_name, mask_numbers
from members.models import Matter
from members.selectors import mask_phone

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


def rows(user, query: QueryDict) -> QuerySet[Matter]:
    """The matters that the list shows to a person under the filter of its address."""
    if not user.has_perm("members.list_matters"):
        raise PermissionDenied
    return MatterFilter(query, user=user).apply(selectors_matters.matters_for_list(user))


def write(rows: QuerySet[Matter], *, actor, query: str) -> IO[bytes]:
    """A spreadsheet of ``rows`` as an open file, recorded in the log."""
    whole = Matter.objects.filter(pk__in=rows.order_by().values("pk")).select_related("studio", "host", "unit")
    file, count = spreadsheets.write("民情事项", COLUMNS, whole.order_by("-pk").iterator(chunk_size=1000))
    audit.record(
        verb="matters.export", summary=f"导出民情事项清单{count}件", actor=actor, detail={"query": query, "rows": count}
    )
    return file


def register() -> None:
    """Let the list be taken away."""
    exporting.register("matters", exporting.Export("民情事项", "件", "members:matters", rows, write, file_name))


def file_name() -> str:
    """民情事项_20260305.xlsx, of today."""
    return f"民情事项_{timezone.localdate():%Y%m%d}.xlsx"
