"""The pages of the import 导入: choose files, watch the trial, look at what is wrong, write."""

import io
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import jobs
from core.errors import Refusal
from core.import_forms import ImportForm
from core.models import Job
from core.navigation import address
from core.papers import fixes, registry, takebacks, uploads

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 100
CHOICES = {uploads.TO_DO: "要看的", **uploads.SEVERITIES, "all": "全部"}
"""What the list of problems may be narrowed to."""
HISTORY = 30

View = Callable[..., HttpResponse]


def import_page(view: View) -> View:
    """For those who may import some kind of paper; to others the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not registry.kinds_for(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(uploads.jobs_for(request.user), pk=pk)


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
        "earlier": [(job, uploads.words_of(job)) for job in uploads.listed(request.user)[:8]],
    }
    return render(request, "core/import_list.html", context, status=422 if form.errors else 200)


@import_page
@never_cache
@require_safe
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its progress while it runs, then a line for each file and one for each problem."""
    job = _job(request, pk)
    if job.kind not in (uploads.TRIAL, uploads.WRITE):
        return redirect("settings:import_undo", pk=job.pk)
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
    every = uploads.problems_of(job)
    found = Counter(problem["severity"] for problem in every)
    chosen, severity = _chosen(request, job)
    if not severity and (found["error"] or found["warning"]):
        severity = uploads.TO_DO  # what was only left out knowingly is shown when asked for
    problems = uploads.problems_of(job, file=chosen, severity=severity)
    page = Paginator(problems, PAGE).get_page(request.GET.get("page"))
    return {
        "files": [
            {"name": name, "note": _note(file), "warnings": _warnings(file)}
            | {key: file[key] for key in uploads.COUNTS}
            for name, file in files.items()
        ],
        "sums": uploads.sums_of(files),
        "problems": [_shown(p, job, request.user) for p in page.object_list],
        "page": page,
        "problem_count": len(every),
        "shown_count": len(problems),
        "chosen": chosen,
        "severity": severity,
        "choices": [(name, len(file["problems"])) for name, file in files.items() if file["problems"]],
        "severities": _severities(every if not chosen else uploads.problems_of(job, file=chosen)),
        "query": urlencode({"file": chosen, "severity": severity}),
        "undoable": takebacks.can_be_looked_at(job),
        "undone": takebacks.undone_by(job) if job.kind == uploads.WRITE else None,
        "own": job.created_by_id == request.user.pk,
        "left_out": job.params.get("left_out", []),
        "found": found,
        "columns": [(name, file["columns"]) for name, file in files.items() if file["columns"]],
        "to_write": uploads.to_write(job) if job.kind == uploads.TRIAL else 0,
        "written": uploads.writing_of(job) if job.kind == uploads.TRIAL else None,
    }


def _chosen(request: HttpRequest, job: Job) -> tuple[str, str]:
    """File and severity that the list of problems is narrowed to; unknown ones narrow nothing."""
    file, severity = request.GET.get("file", ""), request.GET.get("severity", "")
    return file if file in job.result["files"] else "", severity if severity in CHOICES else ""


def _severities(problems: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """What the list may be narrowed to, with how many there are of each."""
    found = Counter(problem["severity"] for problem in problems)
    counts = {uploads.TO_DO: found["error"] + found["warning"], "all": len(problems), **found}
    return [(code, words, counts.get(code, 0)) for code, words in CHOICES.items()]


def _shown(problem: dict[str, Any], job: Job, user: Any) -> dict[str, Any]:
    """A problem with its outcome in words and what can be done about it at once."""
    remedy = None
    if job.kind == uploads.TRIAL:
        remedy = fixes.link(problem.get("fix", ""), value=problem["value"], job=job.pk, user=user)
    return problem | {"result": uploads.SEVERITIES[problem["severity"]], "remedy": remedy}


def _warnings(file: dict[str, Any]) -> int:
    return sum(1 for problem in file["problems"] if problem["severity"] == "warning")


def _note(file: dict[str, Any]) -> str:
    """What a file was taken for, or why it was not read."""
    if file["known"]:
        return "、".join(dict.fromkeys(file["titles"]))
    return file["problems"][0]["message"] if file["problems"] else "没有读"


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
def import_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at what taking a written import back would remove; nothing is removed yet."""
    run = _job(request, pk)
    try:
        job = takebacks.look(run, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("settings:import_job", pk=run.pk)
    return redirect("settings:import_undo", pk=job.pk)


@import_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes and what stays; posting takes the import back."""
    job = get_object_or_404(uploads.jobs_for(request.user), pk=pk, kind__in=(takebacks.LOOK, takebacks.UNDO))
    try:
        if request.method == "POST":
            return redirect("settings:import_undo", pk=takebacks.undo(job, actor=request.user).pk)
        run = takebacks.run_of(job)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("settings:imports")
    context = {
        "job": job,
        "run": run,
        "is_look": job.kind == takebacks.LOOK,
        "under_way": job.state in (Job.State.WAITING, Job.State.RUNNING),
        "failed": job.state == Job.State.FAILED,
        "undone": takebacks.undone_by(run),
    }
    return render(request, "core/import_undo.html", context)


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
    file, severity = _chosen(request, job)
    response = HttpResponse(uploads.problem_book(job, file=file, severity=severity), content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="import-{job.pk}-problems.xlsx"'
    return response


@import_page
@never_cache
@require_safe
def import_marked(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of the files with its problems marked, for whoever put it down."""
    job = _job(request, pk)
    name = request.GET.get("file", "")
    if job.state != Job.State.DONE or name not in job.result["files"]:
        raise Http404
    try:
        content = uploads.marked_paper(job, name, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("settings:import_job", pk=job.pk)
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=f"标注_{PurePath(name).stem}.xlsx", content_type=SHEET
    )


@import_page
@require_safe
def import_history(request: HttpRequest) -> HttpResponse:
    """Every import of before, newest first, in pages by key."""
    rows = uploads.listed(request.user)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: HISTORY + 1])
    shown = [{"job": job, "label": jobs.LABELS[job.kind]} for job in page[:HISTORY]]
    older = f"?before={page[HISTORY - 1].pk}" if len(page) > HISTORY else ""
    return render(request, "core/import_history.html", {"rows": shown, "older": older, "later": bool(before)})
