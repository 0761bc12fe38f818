"""The summary of a deliberation as a background job 后台任务: computed once for the same votes, kept in a row."""

import hashlib
from typing import Any

from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils import timezone

from consultations.models import Deliberation, DeliberationSummary, Opinion, OpinionStatus, Vote
from core import jobs, options
from core.jobs import Report
from core.models import Job

KIND = "deliberation_summary"
jobs.LABELS[KIND] = "议政摘要"
METHOD = 1
"""Raised when the method changes, so that what was computed by the old one counts as stale."""


def start(row: Deliberation, *, actor: Any) -> Job:
    """Ask for the summary; a job for it that has not begun yet is enough."""
    waiting = Job.objects.filter(kind=KIND, state=Job.State.WAITING, params__deliberation=row.pk).first()
    return waiting or jobs.start(KIND, actor=actor, params={"deliberation": row.pk})


def under_way(row: Deliberation) -> Job | None:
    """The newest job for a deliberation, unless it is done."""
    job = Job.objects.filter(kind=KIND, params__deliberation=row.pk).order_by("-id").first()
    return job if job is not None and job.state != Job.State.DONE else None


def stamp(row: Deliberation) -> str:
    """A cheap mark that changes when opinions, votes or the limits do; votes cannot change after closing."""
    shown = Opinion.objects.filter(deliberation=row, status=OpinionStatus.PUBLISHED)
    found = shown.aggregate(number=Count("pk"), votes=Sum("votes"), last=Max("pk"))
    limits = f"{options.value('consultations.map_votes')}-{options.value('consultations.group_minimum')}"
    return f"{METHOD}:{row.status}:{found['number']}:{found['votes'] or 0}:{found['last'] or 0}:{limits}"


def is_stale(row: Deliberation, summary: DeliberationSummary) -> bool:
    """Whether something has changed since it was computed."""
    return summary.stamp != stamp(row)


def _where(job: Job) -> str:
    return reverse("consultations:deliberation_summary", args=[job.params["deliberation"]])


@jobs.handler(KIND, url=_where)
def compute(job: Job, report: Report) -> dict:
    """Read the votes, compute, keep; the same input as last time is not computed again."""
    row = Deliberation.objects.get(pk=job.params["deliberation"])
    made, told = compute_now(row, report)
    words = f"{made.result['participants']}人表态{made.result['votes']}次"
    return {"summary": f"《{row}》：{words}。" if told else f"《{row}》没有变化，沿用上次的结果。"}


def compute_now(
    row: Deliberation, report: Report = lambda done, total, message: None
) -> tuple[DeliberationSummary, bool]:
    """The summary of the present votes, and whether it was computed anew."""
    # numpy and scikit-learn load here, in the worker, and not when the web server starts
    from consultations.deliberation.summary import Limits, summarise

    mark = stamp(row)
    report(1, 3, "正在读取表态")
    opinions = list(row.opinions.filter(status=OpinionStatus.PUBLISHED).order_by("pk").values_list("pk", flat=True))
    rows = Vote.objects.filter(opinion__in=opinions).order_by()
    votes = list(rows.values_list("participant_id", "opinion_id", "value"))
    limits = Limits(options.value("consultations.map_votes"), options.value("consultations.group_minimum"))
    digest = hashlib.sha256(f"{METHOD}|{limits}|{opinions}|{sorted(votes)}".encode()).hexdigest()
    known = DeliberationSummary.objects.filter(deliberation=row).first()
    if known is not None and known.input_hash == digest:
        DeliberationSummary.objects.filter(pk=known.pk).update(stamp=mark)
        return known, False
    report(2, 3, "正在归纳")
    result = summarise(votes, opinions, limits)
    residents = row.participants.filter(is_member=False, votes__isnull=False).distinct().count()
    result["residents"] = residents
    made, _ = DeliberationSummary.objects.update_or_create(
        deliberation=row,
        defaults={"input_hash": digest, "stamp": mark, "result": result, "computed_at": timezone.now()},
    )
    report(3, 3, "")
    return made, True
