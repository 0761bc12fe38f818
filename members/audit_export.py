"""The operation log 操作记录 as it is filtered, and a long one as a spreadsheet made in the background."""

from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from core import audit, exporting, spreadsheets
from core.models import AuditEntry, Job
from members import log_areas
from members.forms import AuditFilter
from members.models import Role

COLUMNS: tuple[spreadsheets.Column, ...] = (
    ("序号", 10, lambda row: row.seq),
    ("时间", 18, lambda row: row.at),
    ("发生日期", 12, lambda row: row.occurred_on),
    ("操作人", 12, lambda row: row.actor_name),
    ("来源地址", 18, lambda row: row.ip),
    ("操作", 24, lambda row: row.verb),
    ("内容", 60, lambda row: row.summary),
    ("理由", 40, lambda row: row.reason),
)


def found(form: AuditFilter) -> QuerySet[AuditEntry]:
    """Entries newest first, filtered; without the long columns."""
    rows = AuditEntry.objects.order_by("-seq").only(
        "seq", "at", "occurred_on", "actor_name", "ip", "verb", "summary", "reason"
    )
    chosen = form.cleaned_data if form.is_valid() else {}
    if q := chosen.get("q"):
        rows = rows.filter(Q(summary__icontains=q) | Q(actor_name__icontains=q))
    if area := chosen.get("area"):
        kinds = log_areas.AREAS[area]
        rows = rows.filter(reduce(or_, (Q(verb__startswith=f"{kind}.") for kind in kinds)))
    if since := chosen.get("since"):
        rows = rows.filter(at__gte=timezone.make_aware(datetime.combine(since, time())))
    if until := chosen.get("until"):
        rows = rows.filter(at__lt=timezone.make_aware(datetime.combine(until + timedelta(1), time())))
    return rows


def rows(user: Any, query: QueryDict) -> QuerySet[AuditEntry]:
    """The entries under the filter of the address, for the audit administrator."""
    if not user.has_role(Role.AUDITOR):
        raise PermissionDenied
    return found(AuditFilter(query))


def write(rows: QuerySet[AuditEntry], *, actor: Any, query: str) -> IO[bytes]:
    """A spreadsheet of entries as an open file; the export itself is logged."""
    file, count = spreadsheets.write("操作记录", COLUMNS, rows.iterator(chunk_size=1000))
    audit.record(
        verb="audit.export", summary=f"导出操作记录{count}条", actor=actor, detail={"query": query, "rows": count}
    )
    return file


def ask(user: Any, query: QueryDict) -> Job:
    """Have the filtered log made in the background."""
    return exporting.ask("audit", query=query.urlencode(), actor=user)


def register() -> None:
    """Let the log be taken away."""
    exporting.register("audit", exporting.Export("操作记录", "条", "audit:list", rows, write, file_name))


def file_name() -> str:
    """操作记录_20260305.xlsx, of today."""
    return f"操作记录_{timezone.localdate():%Y%m%d}.xlsx"
