"""Lists as spreadsheets (导出): small ones at once, large ones in the background with a link that expires.

An app registers each list: which rows a person sees under a filter, and how they are written. Both
ways go through the same two functions, so a large export holds just what the list shows to whoever
asked, by his rights at the moment when it is made. The file is for that person alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import models, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from core import attachments, audit, jobs, options, spreadsheets
from core.errors import Refusal
from core.models import Attachment, Job
from core.subjects import subject_key

KIND = "exports.write"
FILE = "export"
MOST = 1_000_000
"""Rows that one sheet can hold."""

jobs.LABELS[KIND] = "导出"

options.declare(
    "exports.at_once",
    type="int",
    default=5_000,
    label="超过多少行的导出放到后台",
    group="导出",
    minimum=100,
    maximum=50_000,
)
options.declare(
    "exports.keep_hours",
    type="int",
    default=48,
    label="后台导出的文件留多少小时",
    group="导出",
    minimum=1,
    maximum=720,
)


@dataclass(frozen=True)
class Export:
    """One list that can be taken away.

    ``rows(user, query)`` are the rows that the list shows to ``user`` under the address's filter, in
    its order; ``write(rows, actor=, query=)`` gives the open file and records it in the log.
    """

    label: str
    unit: str
    address: str
    """Name of the list's own address."""
    rows: Callable[[Any, QueryDict], models.QuerySet]
    write: Callable[..., IO[bytes]]
    file_name: Callable[[], str]


_exports: dict[str, Export] = {}


def register(kind: str, export: Export) -> None:
    """Make a list known by the name under which its exports are asked for."""
    _exports[kind] = export


def answer(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list that the address filters: the file itself, or the page of the job that makes it."""
    export = _exports[kind]
    rows = export.rows(request.user, request.GET)
    query = request.GET.urlencode()
    if not rows.order_by()[options.value("exports.at_once") :].exists():
        try:
            file = export.write(rows, actor=request.user, query=query)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return _back(export, request.GET)
        response = FileResponse(file, as_attachment=True, filename=export.file_name())
        response["Content-Type"] = spreadsheets.CONTENT_TYPE
        return response
    if rows.order_by()[MOST:].exists():
        messages.error(request, f"超过{MOST:,}{export.unit}，一张表放不下。请先筛选，再导出。")
        return _back(export, request.GET)
    return redirect("frame:export", pk=ask(kind, query=query, actor=request.user).pk)


def _back(export: Export, query: QueryDict) -> HttpResponse:
    rest = query.copy()
    rest.pop("format", None)
    return HttpResponseRedirect(f"{reverse(export.address)}?{rest.urlencode()}")


@transaction.atomic
def ask(kind: str, *, query: str, actor: Any) -> Job:
    """Start making a file in the background; asking again while it is being made gives the same job."""
    get_user_model().objects.select_for_update().get(pk=actor.pk)  # a double click waits for the first
    under_way = (Job.State.WAITING, Job.State.RUNNING)
    params = {"list": kind, "query": query, "label": _exports[kind].label}
    known = Job.objects.filter(kind=KIND, created_by=actor, state__in=under_way, params=params).first()
    return known or jobs.start(KIND, actor=actor, params=params)


def of_person(user: Any) -> models.QuerySet[Job]:
    """The exports that a person asked for, the newest first; nobody sees another's."""
    return jobs.of_kinds(KIND).filter(created_by=user)


def file_of(job: Job) -> Attachment | None:
    """The file of a finished export while it is kept."""
    row: Attachment | None = attachments.files_of(job).filter(kind=FILE).first()
    return row if row is not None and expires(row) > timezone.now() else None


def kept_of(found: Sequence[Job]) -> dict[int, tuple[Attachment, dt.datetime]]:
    """The files still kept of several exports with the moment when each expires; one query."""
    subject_type = Job._meta.label_lower
    rows = Attachment.objects.filter(
        subject_type=subject_type, subject_id__in=[job.pk for job in found], kind=FILE, removed_at__isnull=True
    )
    now = timezone.now()
    return {int(row.subject_id): (row, expires(row)) for row in rows if expires(row) > now}


def expires(row: Attachment) -> dt.datetime:
    """When a file is thrown away."""
    return row.uploaded_at + dt.timedelta(hours=options.value("exports.keep_hours"))


def list_address(job: Job) -> str:
    """The list with the filter of an export."""
    rest = QueryDict(job.params["query"]).copy()
    rest.pop("format", None)
    return f"{reverse(_exports[job.params['list']].address)}?{rest.urlencode()}"


def send(job: Job, *, actor: Any) -> FileResponse:
    """The file of a finished export; 404 for whoever did not ask for it and when it is no longer kept."""
    row = file_of(job) if job.created_by_id == actor.pk else None
    if row is None:
        raise Http404
    try:
        stored = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    audit.record(verb="exports.take", summary=f"下载导出的{job.params['label']}", actor=actor, subject=job)
    return FileResponse(stored, as_attachment=True, filename=row.name, content_type=spreadsheets.CONTENT_TYPE)


@jobs.handler(KIND, url=lambda job: reverse("frame:export", args=[job.pk]))
def _run(job: Job, report: jobs.Report) -> dict:
    export = _exports[job.params["list"]]
    actor = job.created_by
    if not actor.is_active:
        raise Refusal("账号已停用，没有导出。")
    query = QueryDict(job.params["query"])
    try:
        rows = export.rows(actor, query)
    except (PermissionDenied, Http404) as error:
        raise Refusal("您现在不能看这个清单，没有导出。") from error
    total = rows.order_by().count()
    report(0, total, f"正在导出{export.label}")
    with spreadsheets.watched(lambda done: report(min(done, total), total, f"正在导出{export.label}")):
        file = export.write(rows, actor=actor, query=job.params["query"])
    report(total, total, "正在存放文件")
    with file:
        return {"rows": total, "summary": f"{export.label}{total:,}{export.unit}", "name": _keep(job, file, export)}


def _keep(job: Job, file: IO[bytes], export: Export) -> str:
    """Store the file under the job, in place of one that an earlier run left."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    _discard(attachments.files_of(job).filter(kind=FILE))
    subject_type, subject_id = subject_key(job)
    name = export.file_name()
    row = Attachment(
        subject_type=subject_type, subject_id=subject_id, kind=FILE, name=name, content_type=spreadsheets.CONTENT_TYPE,
        size=size, sha256=digest.hexdigest(), uploaded_by=job.created_by,
    )  # fmt: skip
    row.file.save(name, File(file), save=False)
    row.save()
    return name


def discard_expired() -> int:
    """Throw away the files whose time is over; how many."""
    before = timezone.now() - dt.timedelta(hours=options.value("exports.keep_hours"))
    return _discard(Attachment.objects.filter(kind=FILE, removed_at__isnull=True, uploaded_at__lt=before)[:100])


def _discard(rows: models.QuerySet[Attachment]) -> int:
    found = list(rows)
    for row in found:
        row.file.delete(save=False)
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at", "file"])
    return len(found)
