"""The pages of large exports 导出: those asked for, the progress of one, its file; each only for who asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import exporting, jobs
from core.errors import Refusal
from core.models import Job

SHOWN = 50


@never_cache
@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """What this person had made in the background, and whether it can still be fetched."""
    rows = list(exporting.of_person(request.user)[:SHOWN])
    kept = exporting.kept_of(rows)
    context = {"rows": [{"job": job, "file": kept.get(job.pk)} for job in rows]}
    return render(request, "core/export_list.html", context)


@never_cache
@require_safe
def export_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One export: its progress while it is made, then its link and until when it holds."""
    job = get_object_or_404(exporting.of_person(request.user), pk=pk)
    file = exporting.file_of(job) if job.state == Job.State.DONE else None
    context = {
        "job": job,
        "under_way": job.state in (Job.State.WAITING, Job.State.RUNNING),
        "failed": job.state == Job.State.FAILED,
        "file": file,
        "expires": exporting.expires(file) if file else None,
        "list_url": exporting.list_address(job),
    }
    return render(request, "core/export_job.html", context)


@never_cache
@require_safe
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, while it is kept, for whoever asked for it."""
    job = get_object_or_404(exporting.of_person(request.user), pk=pk, state=Job.State.DONE)
    return exporting.send(job, actor=request.user)


@require_POST
def export_restart(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the file once more: after it broke off, or when it is no longer kept."""
    job = get_object_or_404(exporting.of_person(request.user), pk=pk)
    try:
        jobs.again(job)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("frame:export", pk=job.pk)
