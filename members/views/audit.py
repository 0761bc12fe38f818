"""The operation log 操作记录 for the audit administrator: filter, page by number, export; reading only."""

import csv
from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import audit
from core.models import AuditEntry
from members import log_areas
from members.forms import AuditFilter
from members.models import Role

SIZE = 50
EXPORT_LIMIT = 50_000


def _found(form: AuditFilter) -> QuerySet[AuditEntry]:
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


def _only_auditor(request: HttpRequest) -> None:
    if not request.user.has_role(Role.AUDITOR):
        raise PermissionDenied


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """The log, newest first; ``?before=<number>`` turns the page, ``?format=csv`` exports what is filtered."""
    _only_auditor(request)
    form = AuditFilter(request.GET)
    rows = _found(form)
    if request.GET.get("format") == "csv":
        return _export(request, rows)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(seq__lt=int(before))
    page = list(rows[: SIZE + 1])
    for row in page:
        row.area = log_areas.area_of(row.verb)
    params = request.GET.copy()
    params.pop("before", None)
    export = params.copy()
    export["format"] = "csv"
    older = ""
    if len(page) > SIZE:
        params["before"] = str(page[SIZE - 1].seq)
        older = f"?{params.urlencode()}"
    context = {"rows": page[:SIZE], "filters": form, "older": older, "export": f"?{export.urlencode()}"}
    return render(request, "members/audit_list.html", context)


class _Line:
    """A file that gives each written line back."""

    def write(self, text: str) -> str:
        return text


def _export(request: HttpRequest, rows: QuerySet[AuditEntry]) -> StreamingHttpResponse:
    """The filtered log as CSV, streamed; the export itself is logged first."""
    audit.record(verb="audit.export", summary="导出操作记录", actor=request.user, detail=dict(request.GET.items()))
    writer = csv.writer(_Line())

    def lines():
        yield "\ufeff"
        yield writer.writerow(["序号", "时间", "发生日期", "操作人", "来源地址", "操作", "内容", "理由"])
        for row in rows[:EXPORT_LIMIT].iterator(chunk_size=1000):
            at = timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S")
            cells = [row.seq, at, row.occurred_on or "", row.actor_name, row.ip, row.verb, row.summary, row.reason]
            yield writer.writerow([_safe(cell) for cell in cells])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = "attachment; filename=audit.csv"
    return response


def _safe(cell) -> str:
    """A spreadsheet must not take a typed text for a formula."""
    text = str(cell)
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
