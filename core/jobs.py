"""Background jobs 后台任务: long work that a person starts, watches, and can start again.

The row is the truth, the broker only a nudge: the sweep of every minute asks again for what no
worker has begun, and says of a job without a sign of life that it broke off. A handler may
therefore run more than once and must be safe to repeat.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from core import notices
from core.errors import Refusal
from core.models import Job

logger = logging.getLogger(__name__)

NOT_BEGUN = timedelta(minutes=1)
"""A waiting job older than this is asked for again."""
NO_LIFE = timedelta(minutes=10)
"""A running job without progress for this long has lost its worker."""
BROKE_OFF = "办到一半断了，可能是服务重新启动过。点“重新开始”接着办，已办的不会重复。"

Report = Callable[[int, int, str], None]
Handler = Callable[[Job, Report], dict]
_handlers: dict[str, Handler] = {}
_addresses: dict[str, Callable[[Job], str]] = {}


def handler(kind: str, *, url: Callable[[Job], str] | None = None) -> Callable[[Handler], Handler]:
    """Register ``(job, report) -> result`` for a kind; ``url`` gives the page where it is watched."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        if url is not None:
            _addresses[kind] = url
        return function

    return register


def start(kind: str, *, actor: Any, params: dict | None = None, prepare: Callable[[Job], None] | None = None) -> Job:
    """Write a job and ask a worker for it after commit; ``prepare`` adds what belongs to it."""
    with transaction.atomic():
        job = Job.objects.create(kind=kind, created_by=actor, params=params or {})
        if prepare is not None:
            prepare(job)
        transaction.on_commit(lambda: _request(job.pk), robust=True)
    return job


@transaction.atomic
def restart(job: Job) -> Job:
    """Put a job that failed or broke off back to the beginning; raises ``Refusal`` while it is under way."""
    current = Job.objects.select_for_update().get(pk=job.pk)
    if current.state != Job.State.FAILED:
        raise Refusal(f"这项任务{current.get_state_display()}，不用重新开始。")
    return _from_the_start(current)


@transaction.atomic
def again(job: Job) -> Job:
    """Do a finished job once more, its result thrown away; raises ``Refusal`` while it is under way."""
    current = Job.objects.select_for_update().get(pk=job.pk)
    if current.state not in (Job.State.DONE, Job.State.FAILED):
        raise Refusal(f"这项任务{current.get_state_display()}，办完再来。")
    current.result = {}
    return _from_the_start(current)


def _from_the_start(current: Job) -> Job:
    current.state, current.message, current.created_at = Job.State.WAITING, "", timezone.now()
    current.done = current.total = 0
    current.save(update_fields=["state", "message", "result", "created_at", "done", "total"])
    transaction.on_commit(lambda: _request(current.pk), robust=True)
    return current


def run(job_id: int) -> bool:
    """Carry a waiting job out; False when it is already in other hands or done."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=now, beat_at=now, finished_at=None
    )
    if not claimed:
        return False
    job = Job.objects.get(pk=job_id)
    try:
        job.result = _handlers[job.kind](job, _reporter(job))
        job.state, job.message = Job.State.DONE, ""
    except Refusal as refusal:
        job.state, job.message = Job.State.FAILED, str(refusal)[:300]
    except Exception:  # whatever broke, the person sees that it did, and the log says why
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        job.state, job.message = Job.State.FAILED, "办理时出了错，没有办完。点“重新开始”再试；还不行请告诉管理员。"
    job.finished_at = job.beat_at = timezone.now()
    job.save(update_fields=["state", "message", "result", "finished_at", "beat_at"])
    _tell(job)
    return True


def sweep() -> int:
    """Ask again for jobs that no worker has begun, and mark those that broke off; how many it touched."""
    now = timezone.now()
    lost = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=now - NO_LIFE)
    touched = lost.update(state=Job.State.FAILED, message=BROKE_OFF, finished_at=now)
    waiting = Job.objects.filter(state=Job.State.WAITING, created_at__lt=now - NOT_BEGUN)
    for pk in waiting.order_by("id").values_list("pk", flat=True)[:20]:
        _request(pk)
        touched += 1
    return touched


def _reporter(job: Job) -> Report:
    """Progress for whoever watches, stored at most twice a second; a report is also a sign of life."""
    last = {"at": 0.0}

    def report(done: int, total: int, message: str) -> None:
        if time.monotonic() - last["at"] < 0.5 and done < total:
            return
        last["at"] = time.monotonic()
        values: dict[str, Any] = {"done": done, "total": total, "message": message[:300], "beat_at": timezone.now()}
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(**values)
        job.done, job.total, job.message = done, total, message[:300]

    return report


def _tell(job: Job) -> None:
    """A message to whoever started it, so that nobody has to wait at the page."""
    outcome = "已办完" if job.state == Job.State.DONE else "没有办完"
    url = _addresses[job.kind](job) if job.kind in _addresses else ""
    label = LABELS.get(job.kind, "后台任务")
    key = f"job:{job.pk}:{job.finished_at:%Y%m%d%H%M%S}"
    notices.notify(
        [job.created_by_id],
        key=key,
        title=f"{label}{outcome}",
        body=job.message or job.result.get("summary", ""),
        url=url,
    )


LABELS: dict[str, str] = {}
"""What each kind of job is called in the message that it is done."""


def of_kinds(*kinds: str) -> models.QuerySet:
    """Jobs of some kinds with who started them, the newest first."""
    return Job.objects.filter(kind__in=kinds).select_related("created_by").order_by("-id")


def _request(job_id: int) -> None:
    """Ask a worker; without a broker the sweep asks again."""
    from core.tasks import run_job

    try:
        run_job.apply_async((job_id,), retry=False)
    except Exception:
        logger.warning("no broker: job %s waits for the sweep", job_id)
