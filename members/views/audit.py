"""The operation log 操作记录 for the audit administrator: filter, page by number, export; reading only."""

import csv

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import audit
from core.models import AuditEntry
from members import audit_export, log_areas
from members.forms import AuditFilter
from members.models import Role

SIZE = 50
EXPORT_LIMIT = 50_000


def _only_auditor(request: HttpRequest) -> None:
    if not request.user.has_role(Role.AUDITOR):
        raise PermissionDenied


@require_safe
def audit_list(request: HttpRequest) -> HttpResponseBase:
    """The log, newest first; ``?before=<number>`` turns the page, ``?format=csv`` exports what is filtered."""
    _only_auditor(request)
    form = AuditFilter(request.GET)
    rows = audit_export.found(form)
    if request.GET.get("format") == "csv":
        if rows.order_by()[EXPORT_LIMIT:].exists():  # a long log is made in the background, none of it left out
            return redirect("frame:export", pk=audit_export.ask(request.user, request.GET).pk)
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
        for row in rows.iterator(chunk_size=1000):
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
