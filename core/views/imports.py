"""The pages of the import 导入: choose files, watch the trial, look at what is wrong, write."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import jobs
from core.errors import Refusal
from core.import_forms import ImportForm
from core.models import Job
from core.navigation import address
from core.papers import registry, uploads

PERMISSION = "core.import_papers"
KINDS = (uploads.TRIAL, uploads.WRITE)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 100
COUNTS = ("read", "created", "updated", "unchanged", "skipped", "refused")

View = Callable[..., HttpResponse]


def import_page(view: View) -> View:
    """For those who may import some kind of paper; to others the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not registry.kinds_for(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _jobs(request: HttpRequest) -> QuerySet[Job]:
    """Everybody's imports for those who may import all kinds, one's own for others."""
    rows = jobs.of_kinds(*KINDS)
    return rows if request.user.has_perm(PERMISSION) else rows.filter(created_by=request.user)


def _job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(_jobs(request), pk=pk)


@import_page
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """Choose files for a new trial; the imports of before beside it."""
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    if posted and form.is_valid():
        try:
            job = uploads.put_down(form.cleaned_data["papers"], year=form.cleaned_data["year"], actor=request.user)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return redirect("settings:import_job", pk=job.pk)
    context = {
        "form": form,
        "kinds": [(kind.title, address(kind.sample)) for kind in registry.kinds_for(request.user)],
        "earlier": [(job, _words(job)) for job in _jobs(request)[:12]],
    }
    return render(request, "core/import_list.html", context, status=422 if form.errors else 200)


@import_page
@never_cache
@require_safe
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its progress while it runs, then a line for each file and one for each problem."""
    job = _job(request, pk)
    context: dict[str, Any] = {
        "job": job,
        "is_trial": job.kind == uploads.TRIAL,
        "under_way": job.state in (Job.State.WAITING, Job.State.RUNNING),
        "failed": job.state == Job.State.FAILED,
    }
    if job.state == Job.State.DONE:
        context |= _outcome(request, job)
    return render(request, "core/import_job.html", context)


def _outcome(request: HttpRequest, job: Job) -> dict[str, Any]:
    """What a finished import shows: files, sums, a page of problems, and what may be written."""
    files = job.result["files"]
    problems = uploads.problems_of(job)
    found = Counter(problem["severity"] for problem in problems)
    page = Paginator(problems, PAGE).get_page(request.GET.get("page"))
    return {
        "files": [
            {"name": name, "note": _note(file), "warnings": _warnings(file)} | {key: file[key] for key in COUNTS}
            for name, file in files.items()
        ],
        "sums": {key: sum(file[key] for file in files.values()) for key in COUNTS},
        "problems": [p | {"result": uploads.SEVERITIES[p["severity"]]} for p in page.object_list],
        "page": page,
        "problem_count": len(problems),
        "found": found,
        "columns": [(name, file["columns"]) for name, file in files.items() if file["columns"]],
        "to_write": uploads.to_write(job) if job.kind == uploads.TRIAL else 0,
        "written": uploads.writing_of(job) if job.kind == uploads.TRIAL else None,
    }


def _warnings(file: dict[str, Any]) -> int:
    return sum(1 for problem in file["problems"] if problem["severity"] == "warning")


def _note(file: dict[str, Any]) -> str:
    """What a file was taken for, or why it was not read."""
    if file["known"]:
        return "、".join(dict.fromkeys(file["titles"]))
    return file["problems"][0]["message"] if file["problems"] else "没有读"


def _words(job: Job) -> str:
    """One line on an earlier import."""
    if job.state != Job.State.DONE:
        return job.get_state_display()
    count = uploads.to_write(job)
    return f"写入{count}条" if job.kind == uploads.WRITE else f"试读，有{count}条可写"


@import_page
@require_POST
def import_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what a trial read."""
    trial = _job(request, pk)
    try:
        job = uploads.write(trial, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("settings:import_job", pk=trial.pk)
    return redirect("settings:import_job", pk=job.pk)


@import_page
@require_POST
def import_restart(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an import that broke off again."""
    job = _job(request, pk)
    try:
        jobs.restart(job)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("settings:import_job", pk=job.pk)


@import_page
@require_POST
def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a trial's files once more, after what was missing was entered."""
    job = _job(request, pk)
    try:
        uploads.read_again(job)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("settings:import_job", pk=job.pk)


@import_page
@require_safe
def import_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """The problems of an import as a spreadsheet."""
    job = _job(request, pk)
    if job.state != Job.State.DONE:
        raise Http404
    response = HttpResponse(uploads.problem_book(job), content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="import-{job.pk}-problems.xlsx"'
    return response
