"""The summary 议政摘要 of a deliberation and its digest as a Word file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from consultations.deliberation import jobs as deliberation_jobs
from consultations.deliberation.selectors import picture
from consultations.models import Deliberation, DeliberationStatus, DeliberationSummary
from consultations.views.deliberation import get_deliberation

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _readable(request: HttpRequest, pk: int) -> tuple[Deliberation, bool]:
    """The deliberation, and whether the person runs it; before closing only the office sees numbers."""
    row = get_deliberation(request, pk)
    runs = request.user.has_perm("consultations.run_deliberation", row)
    if row.status != DeliberationStatus.CLOSED and not runs:
        raise Http404
    return row, runs


@require_safe
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """What nearly all agree on, what divides, the groups; as last computed, and when that was."""
    row, runs = _readable(request, pk)
    found = DeliberationSummary.objects.filter(deliberation=row).first()
    job = deliberation_jobs.under_way(row)
    context = {
        "row": row, "runs": runs, "job": job, "told": picture(row, found) if found else None,
        "stale": found is not None and deliberation_jobs.is_stale(row, found),
        "failed": job is not None and job.state == "failed",
        "under_way": job is not None and job.state in ("waiting", "running"),
    }  # fmt: skip
    return render(request, "consultations/deliberation_summary.html", context)


@require_POST
def compute(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the summary to be computed."""
    row, runs = _readable(request, pk)
    if not runs:
        raise PermissionDenied
    deliberation_jobs.start(row, actor=request.user)
    messages.success(request, "开始归纳，办完发消息给您。")
    return redirect("consultations:deliberation_summary", row.pk)


@require_safe
def digest(request: HttpRequest, pk: int) -> HttpResponse:
    """The digest 意见建议汇编 as a Word file."""
    from consultations.deliberation.digest import as_document

    row, _ = _readable(request, pk)
    if row.status != DeliberationStatus.CLOSED:
        raise Http404
    found = DeliberationSummary.objects.filter(deliberation=row).first()
    file = as_document(row, picture(row, found) if found else None, timezone.localdate())
    response = HttpResponse(file, content_type=WORD)
    response["Content-Disposition"] = content_disposition_header(True, f"{row}意见建议汇编.docx")
    return response
