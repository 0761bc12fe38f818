"""Compute open deadlines again 重算期限 after a change of the calendar, as a background job.

Case by case, in the order of their keys and a batch a transaction: first the cases are locked, as
every act locks its case, then their deadlines, so that the job and people at work never wait for
each other in a ring. Repeating it changes nothing more.
"""

import time
from collections.abc import Callable
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from django.apps import apps
from django.db import OperationalError, models, transaction
from django.urls import reverse

from core import audit, deadlines, jobs, revisions, workdays
from core.models import Deadline, Job
from core.subjects import load_subject

KIND = "deadlines.recompute"
BATCH = 200
"""Cases in one transaction."""
TRIES = 5
PASSING = {"40001", "40P01"}
"""PostgreSQL's words for «try again»: serialization failure, deadlock."""

jobs.LABELS[KIND] = "期限重算"
T = TypeVar("T")


def start(*, actor: Any) -> Job:
    """Ask for the recomputation once the change of the calendar is committed."""
    return jobs.start(KIND, actor=actor)


def latest() -> Job | None:
    """The newest recomputation, under way or over."""
    return jobs.of_kinds(KIND).first()


def page_of(job: Job) -> str:
    """The page on which it is watched: the calendar."""
    return reverse("settings:calendar")


@jobs.handler(KIND, url=page_of)
def _run(job: Job, report: jobs.Report) -> dict:
    """Go through all cases with open deadlines; ``moved`` goes on counting when it is started again."""
    keys, done = _cases(), 0
    for root_type, ids in _batches(keys):
        job.result = again_if_passing(partial(_batch, job, root_type, ids))
        done += len(ids)
        report(done, len(keys), "正在重算期限")
    moved = job.result.get("moved", 0)
    return {"moved": moved, "summary": told(moved)}


@transaction.atomic
def _batch(job: Job, root_type: str, ids: list[int]) -> dict:
    """One batch, and in the same transaction the count that a job started again goes on from."""
    result = {"moved": job.result.get("moved", 0) + recompute(root_type, ids, actor=job.created_by)}
    Job.objects.filter(pk=job.pk).update(result=result)
    return result


def told(moved: int) -> str:
    """What came of it, in words."""
    return f"有{moved}项未完成期限的到期日变了。" if moved else "未完成的期限都不受影响。"


@transaction.atomic
def recompute(root_type: str, root_ids: list[int], *, actor: Any) -> int:
    """Compute the open deadlines of these cases again; logs old and new, returns how many moved."""
    _lock(root_type, root_ids)
    revisions.forget()  # the calendar as it stands now, under the lock
    rows = Deadline.objects.select_for_update().open().exclude(unit=Deadline.Unit.DATE)
    moved, events = [], []
    for row in rows.filter(root_type=root_type, root_id__in=root_ids).order_by("pk"):
        due = workdays.compute(row.unit, row.starts, row.amount, pauses=deadlines.pauses_of(row))
        if (due.due, due.provisional) == (row.due, row.provisional):
            continue
        old, row.due, row.provisional = row.due, due.due, due.provisional
        moved.append(row)
        summary = f"工作日历调整，{row.label}期限由{old:%Y-%m-%d}改为{row.due:%Y-%m-%d}"
        root = load_subject(row.root_type, row.root_id)
        events.append(
            audit.Event("deadline.recompute", summary, actor, row.subject, root, detail={"due": [old, row.due]})
        )
    if moved:
        Deadline.objects.bulk_update(moved, ["due", "provisional"], batch_size=500)
        audit.record_many(events)
        deadlines.changed(root_type, [row.root_id for row in moved])
    return len(moved)


def again_if_passing(act: Callable[[], T]) -> T:
    """Do ``act``, and again after a pause where the database asks for that; gives up after ``TRIES``."""
    for number in range(1, TRIES):
        try:
            return act()
        except OperationalError as error:
            if not _passes(error):
                raise
            time.sleep(0.2 * number)
    return act()


def _passes(error: OperationalError) -> bool:
    """Whether a second try may succeed: two transactions met, or SQLite was writing."""
    return getattr(error.__cause__, "sqlstate", "") in PASSING or "database is locked" in str(error)


def _cases() -> list[tuple[str, int]]:
    """The keys of all cases with open deadlines that the calendar decides, in order."""
    rows = Deadline.objects.open().exclude(unit=Deadline.Unit.DATE)
    return list(rows.order_by("root_type", "root_id").values_list("root_type", "root_id").distinct())


def _batches(keys: list[tuple[str, int]]) -> list[tuple[str, list[int]]]:
    """The keys by kind of case, at most ``BATCH`` together."""
    batches = []
    for root_type, group in groupby(keys, key=lambda key: key[0]):
        ids = [pk for _, pk in group]
        batches += [(root_type, ids[first : first + BATCH]) for first in range(0, len(ids), BATCH)]
    return batches


def _lock(root_type: str, ids: list[int]) -> None:
    """Lock the cases in the order of their keys, as services do before they touch anything else."""
    model: type[models.Model] = apps.get_model(root_type)
    list(model._base_manager.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
