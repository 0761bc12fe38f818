"""Import in the browser (网上导入): files are put down, tried in the background, then written.

A trial (试读) reads everything and writes nothing; writing starts a second job on the same files.
The files are kept under the trial's job and never handed out again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import models, transaction
from django.db.models.fields.json import KeyTransform
from django.urls import reverse

from core import attachments, audit, jobs, spreadsheets
from core.errors import Refusal
from core.models import Attachment, Job
from core.papers import archives, marking
from core.papers.importing import import_papers
from core.subjects import subject_key

TRIAL, WRITE = "papers.trial", "papers.write"
MOST_FILES = 200
MOST_BYTES = 200 * 1024 * 1024
COUNTS = ("read", "created", "updated", "unchanged", "skipped", "refused")
ALL_KINDS = "core.import_papers"
SEVERITIES = {"error": "没有收", "warning": "请核对", "info": "说明"}

TO_DO = "todo"

jobs.LABELS |= {TRIAL: "导入试读", WRITE: "导入写入"}


def put_down(files: Sequence[UploadedFile], *, year: int | None, actor: Any) -> Job:
    """Keep the files and start their trial; raises Refusal for too many, too large or two of one name."""
    if not files:
        raise Refusal("还没有选文件，请选一个或几个表格。", field="papers")
    folder = next((PurePath(f.name or "").stem for f in files if archives.is_folder(f)), "")
    files, left_out = _opened(files)
    if len(files) > MOST_FILES:
        raise Refusal(f"一次最多{MOST_FILES}个文件，选了{len(files)}个，请分几次。", field="papers")
    if sum(file.size or 0 for file in files) > MOST_BYTES:
        raise Refusal(f"合计超过{MOST_BYTES // 1024 // 1024}MB，请分几次。", field="papers")
    names = [attachments.clean_name(file.name or "") or "没有名字" for file in files]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Refusal(f"有两个文件都叫“{twice}”，请改名后再选。", field="papers")

    def keep(job: Job) -> None:
        for name, file in zip(names, files, strict=True):
            _keep(job, name, file, actor)
        audit.record(
            verb="papers.trial", summary=f"试读{len(names)}个文件", actor=actor, subject=job, detail={"files": names}
        )

    params = {"year": year, "folder": folder, "left_out": left_out[:MOST_FILES], "names": names}
    return jobs.start(TRIAL, actor=actor, params=params, prepare=keep)


def _opened(files: Sequence[UploadedFile]) -> tuple[list[UploadedFile], list[str]]:
    """The files, packed folders replaced by the spreadsheets in them; and what in these is no spreadsheet."""
    found: list[UploadedFile] = []
    left_out: list[str] = []
    for file in files:
        if not archives.is_folder(file):
            found.append(file)
            continue
        unpacked = archives.unpack(file, file.name or "", most_files=MOST_FILES, most_bytes=MOST_BYTES)
        found += [SimpleUploadedFile(name, content) for name, content in unpacked.files.items()]
        left_out += unpacked.left_out
    return found, left_out


def _keep(job: Job, name: str, file: UploadedFile, actor: Any) -> None:
    """Store one file as it came; the reader, not the door, says what is wrong inside."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    subject_type, subject_id = subject_key(job)
    row = Attachment(
        subject_type=subject_type,
        subject_id=subject_id,
        kind="paper",
        name=name,
        content_type="application/octet-stream",
        size=file.size or 0,
        sha256=digest.hexdigest(),
        uploaded_by=actor,
    )
    row.file.save(name, file, save=False)
    row.save()


@transaction.atomic
def write(trial: Job, *, actor: Any) -> Job:
    """Start writing what a finished trial read; a trial is written once."""
    current = Job.objects.select_for_update().get(pk=trial.pk)
    if current.kind != TRIAL or current.state != Job.State.DONE:
        raise Refusal("还没有读完，读完才能写。")
    if written := writing_of(current):
        raise Refusal(f"这次试读已经在{written.created_at:%Y-%m-%d}写过了，要再写请重新选文件。")
    if not to_write(current):
        raise Refusal("没有要写的：都已在系统里，或都没有收。")
    names = [row.name for row in attachments.files_of(current)]

    params = {
        "trial": current.pk, "year": current.result["year"], "names": names, "folder": current.params.get("folder", ""),
    }  # fmt: skip

    def note(job: Job) -> None:
        audit.record(
            verb="papers.write", summary=f"写入{len(names)}个文件", actor=actor, subject=job, detail={"files": names}
        )

    return jobs.start(WRITE, actor=actor, params=params, prepare=note)


@transaction.atomic
def read_again(trial: Job) -> Job:
    """Read the files of a trial once more, after aliases or lists were mended; nothing is written."""
    current = Job.objects.select_for_update().get(pk=trial.pk)
    if current.kind != TRIAL or writing_of(current):
        raise Refusal("已经写入的不能再读，请重新选文件。")
    return jobs.again(current)


def writing_of(trial: Job) -> Job | None:
    """The job that writes a trial's files, if it was started."""
    return Job.objects.filter(kind=WRITE, params__trial=trial.pk).order_by("-id").first()


def to_write(job: Job) -> int:
    """How many records a trial would make or change."""
    files = job.result.get("files", {}).values()
    return sum(file["created"] + file["updated"] for file in files)


def listed(user: Any) -> models.QuerySet[Job]:
    """The imports that a person may see, each with its ``sums`` and without the long list of its problems."""
    return jobs_for(user).defer("result").annotate(sums=KeyTransform("sums", "result"))


def words_of(job: Any) -> str:
    """One line on a listed import: what it did, or how far it is."""
    if job.kind not in (TRIAL, WRITE):
        return f"{jobs.LABELS[job.kind]}，{job.get_state_display()}"
    if job.state != Job.State.DONE or not job.sums:
        return job.get_state_display()
    count = job.sums["created"] + job.sums["updated"]
    return f"写入{count}条" if job.kind == WRITE else f"试读，有{count}条可写"


def sums_of(files: Mapping[str, Any]) -> dict[str, int]:
    """What was read, made, changed and refused over all files of an import."""
    return {key: sum(file[key] for file in files.values()) for key in COUNTS}


def page_of(job: Job) -> str:
    """The page on which an import is watched."""
    return reverse("settings:import_job", args=[job.pk])


@jobs.handler(TRIAL, url=page_of)
def _run_trial(job: Job, report: jobs.Report) -> dict:
    return _import(job, job, report, dry_run=True)


@jobs.handler(WRITE, url=page_of)
def _run_write(job: Job, report: jobs.Report) -> dict:
    return _import(job, owner_of(job), report, dry_run=False)


def _import(job: Job, owner: Job, report: jobs.Report, *, dry_run: bool) -> dict:
    sources = {}
    for row in attachments.files_of(owner).filter(kind="paper"):
        try:
            with row.file.open("rb") as stored:
                sources[row.name] = io.BytesIO(stored.read())
        except FileNotFoundError as error:
            raise Refusal(f"“{row.name}”不在了，请重新选文件。") from error
    result = import_papers(
        sources, actor=job.created_by, year=job.params.get("year"), folder=owner.params.get("folder", ""),
        dry_run=dry_run, progress=report, run=None if dry_run else job,
    )  # fmt: skip
    plain = result.as_dict()
    return plain | {"sums": sums_of(plain["files"])}


def jobs_for(user: Any) -> models.QuerySet[Job]:
    """Everybody's imports for those who may import all kinds, one's own for others; the newest first."""
    rows = jobs.of_kinds(TRIAL, WRITE, "papers.undo_look", "papers.undo")
    return rows if user.has_perm(ALL_KINDS) else rows.filter(created_by=user)


def problems_of(job: Job, *, file: str = "", severity: str = "") -> list[dict[str, Any]]:
    """The problems of a finished import, what was not taken first, then by file and row.

    Of one file; of one severity, or ``TO_DO``: those that somebody should look at.
    """
    order = list(SEVERITIES)
    wanted = {TO_DO: ("error", "warning"), "": order, "all": order}.get(severity, (severity,))
    files = job.result.get("files", {})
    chosen = [files[file]] if file in files else files.values()
    found = [p for each in chosen for p in each["problems"] if p["severity"] in wanted]
    return sorted(found, key=lambda p: (order.index(p["severity"]), p["file"], p["row"]))


def marked_paper(job: Job, name: str, *, actor: Any) -> bytes:
    """One file of an import with its problems marked in it; only for whoever put it down, and logged.

    Raises ``Refusal`` when the file is gone or cannot be opened.
    """
    owner = owner_of(job)
    row = attachments.files_of(owner).filter(kind="paper", name=name).first()
    if row is None or job.created_by_id != actor.pk or owner.created_by_id != actor.pk:
        raise Refusal("只有传这个文件的人能取回标注的原表；别人可以下载问题清单。")
    try:
        with row.file.open("rb") as stored:
            data = stored.read()
    except FileNotFoundError as error:
        raise Refusal(f"“{name}”不在了，请重新选文件。") from error
    content = marking.marked(data, name, problems_of(job, file=name))
    audit.record(verb="papers.take_marked", summary=f"取回标注的原表“{name}”", actor=actor, subject=job)
    return content


def owner_of(job: Job) -> Job:
    """The trial that keeps the files of an import."""
    if job.kind == TRIAL:
        return job
    trial = Job.objects.filter(pk=job.params.get("trial")).first()
    if trial is None:
        raise Refusal("试读的记录已经没有了，请重新选文件。")
    return trial


def problem_book(job: Job, *, file: str = "", severity: str = "") -> bytes:
    """The problems as a spreadsheet: file, sheet, row, column, value, what to do."""
    columns: tuple[spreadsheets.Column, ...] = (
        ("文件", 24, lambda p: p["file"]),
        ("表", 16, lambda p: p["sheet"]),
        ("行", 8, lambda p: p["row"] or None),
        ("列", 16, lambda p: p["column"]),
        ("表里写的", 30, lambda p: p["value"]),
        ("怎么改", 60, lambda p: p["message"]),
        ("结果", 10, lambda p: SEVERITIES[p["severity"]]),
    )
    book, _ = spreadsheets.write("问题", columns, problems_of(job, file=file, severity=severity))
    with book:
        return book.read()
