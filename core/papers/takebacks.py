"""Take an import back in the browser (撤回这次导入): first looked at, then done, each as a background job."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from core import jobs
from core.errors import Refusal
from core.models import Job, PaperRow
from core.papers import undoing, uploads

LOOK, UNDO = "papers.undo_look", "papers.undo"
MOST_NAMED = 500
"""Records that stay which are named one by one; the rest are counted."""

jobs.LABELS |= {LOOK: "撤回导入的核对", UNDO: "撤回导入"}


def can_be_looked_at(run: Job) -> bool:
    """Whether an import was written and something that it made still stands."""
    return run.kind == uploads.WRITE and run.state == Job.State.DONE and PaperRow.objects.filter(made_in=run).exists()


@transaction.atomic
def look(run: Job, *, actor: Any) -> Job:
    """Start looking at what taking an import back would remove and what would stay; nothing is removed."""
    current = Job.objects.select_for_update().get(pk=run.pk)
    if not can_be_looked_at(current):
        raise Refusal("这次导入新建的都已经不在了，没有可撤回的。")
    known = _under_way(current)
    return known or jobs.start(LOOK, actor=actor, params=_params(current))


@transaction.atomic
def undo(looked: Job, *, actor: Any) -> Job:
    """Take back what a finished look has shown; asked twice, it is done once."""
    current = Job.objects.select_for_update().get(pk=run_of(looked).pk)
    if looked.kind != LOOK or looked.state != Job.State.DONE:
        raise Refusal("还没有查完，查完才能撤回。")
    if known := _under_way(current, UNDO):
        return known
    if not can_be_looked_at(current):
        raise Refusal("这次导入新建的都已经不在了，没有可撤回的。")
    return jobs.start(UNDO, actor=actor, params=_params(current))


def _params(run: Job) -> dict[str, Any]:
    return {"run": run.pk, "names": run.params.get("names", []), "folder": run.params.get("folder", "")}


def _under_way(run: Job, *kinds: str) -> Job | None:
    states = (Job.State.WAITING, Job.State.RUNNING)
    found: Job | None = Job.objects.filter(kind__in=kinds or (LOOK, UNDO), state__in=states, params__run=run.pk).first()
    return found


def run_of(job: Job) -> Job:
    """The import that a look or an undo is about."""
    run = Job.objects.filter(pk=job.params.get("run"), kind=uploads.WRITE).first()
    if run is None:
        raise Refusal("那次导入的记录已经没有了。")
    return run


def undone_by(run: Job) -> Job | None:
    """The finished job that took an import back, the last one if there were several."""
    found: Job | None = Job.objects.filter(kind=UNDO, state=Job.State.DONE, params__run=run.pk).order_by("-id").first()
    return found


@jobs.handler(LOOK, url=lambda job: reverse("settings:import_undo", args=[job.pk]))
def _look(job: Job, report: jobs.Report) -> dict:
    return _carry_out(job, report, dry_run=True)


@jobs.handler(UNDO, url=lambda job: reverse("settings:import_undo", args=[job.pk]))
def _undo(job: Job, report: jobs.Report) -> dict:
    return _carry_out(job, report, dry_run=False)


def _carry_out(job: Job, report: jobs.Report, *, dry_run: bool) -> dict:
    found = undoing.take_back(run_of(job), actor=job.created_by, dry_run=dry_run, report=report).as_dict()
    return found | {"kept": found["kept"][:MOST_NAMED], "kept_count": len(found["kept"])}
