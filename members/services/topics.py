"""Research topics 一领导一课题: make, change, and move from the plan to what came of the paper."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import attachments, audit, deadlines, workflow
from core.acts import day
from core.errors import Refusal
from members.activities import acts as activity_acts
from members.activities.access import committee_bodies
from members.activities.workflow import TOPIC
from members.models import Member, Role
from members.models.activities import ResearchTopic, TopicStatus

DUE = "topic_report"
PAPERS = 5


@transaction.atomic
def create(*, actor: Any, team: Collection[int] = (), **values: Any) -> ResearchTopic:
    """A new topic of a committee for which ``actor`` works; ``team`` are ids of members."""
    _may_do(actor, values.get("body"))
    topic = workflow.begin(ResearchTopic(made_by=actor, **_known(values)), TopicStatus.PLANNED)
    topic.save()
    topic.team.set(_members(team))
    audit.record(verb="researchtopic.create", summary="立题", actor=actor, subject=topic, root=topic)
    _deadline(topic)
    return topic


@transaction.atomic
def change(topic: ResearchTopic, *, actor: Any, team: Collection[int] | None = None, **values: Any) -> ResearchTopic:
    """Change what is written of a topic and who is in its team."""
    if "body" in values and getattr(values["body"], "pk", None) != topic.body_id:
        _may_do(actor, values["body"])
    due = topic.due_on
    topic = workflow.perform(topic, "change", actor=actor, changes=_known(values))
    if team is not None:
        topic.team.set(_members(team))
    if topic.due_on != due:
        _deadline(topic)
    if topic.status in activity_acts.REPORTED:
        activity_acts.record_topic(topic, actor=actor, reason="课题组更正")
    return topic


@transaction.atomic
def move(topic: ResearchTopic, verb: str, *, actor: Any, reason: str = "", on: date | None = None,
         uptake: str | None = None) -> ResearchTopic:  # fmt: skip
    """Take a topic on: start, report (``on`` is the paper's day), reopen, adopt (with ``uptake``) or close."""
    changes: dict[str, Any] = {}
    if verb == "report":
        changes["reported_on"] = day(on)
    elif verb == "reopen":
        changes["reported_on"] = None
    elif verb == "adopt" and uptake is not None and uptake.strip() != topic.uptake:
        topic = workflow.perform(topic, "change", actor=actor, changes={"uptake": uptake.strip()})
    topic = workflow.perform(topic, verb, actor=actor, reason=reason, changes=changes)
    if verb == "report":
        deadlines.meet(topic, DUE, on=changes["reported_on"])
    elif verb == "reopen":
        _deadline(topic)
    elif verb == "close":
        deadlines.void(topic, DUE)
    activity_acts.record_topic(topic, actor=actor, reason=reason or topic.get_status_display())
    return topic


def may_add_papers(topic: ResearchTopic, user: Any) -> bool:
    """Whether ``user`` may add the paper: who runs the topic, and its team until it is closed."""
    if topic.status == TopicStatus.CLOSED:
        return False
    if user.has_perm("members.run_topic", topic):
        return True
    return bool(user.member_id) and topic.team.filter(pk=user.member_id).exists()


@transaction.atomic
def add_papers(topic: ResearchTopic, files: Collection[Any], *, actor: Any) -> int:
    """Keep the paper with its topic."""
    if files and not may_add_papers(topic, actor):
        raise Refusal("您不能给这个课题加报告。", field="files")
    for upload in files:
        attachments.add(topic, upload, actor=actor, kind="paper", most=PAPERS)
    return len(files)


def _deadline(topic: ResearchTopic) -> None:
    """Let the paper's day be watched while the paper is not there."""
    deadlines.void(topic, DUE)
    if topic.due_on and topic.reported_on is None and topic.status in (TopicStatus.PLANNED, TopicStatus.RESEARCHING):
        start = min(timezone.localdate(), topic.due_on)
        deadlines.set_date(
            topic, DUE, root=topic, label="形成调研报告", start=start, due=topic.due_on, rule="课题计划定的完成时限"
        )


def _may_do(actor: Any, body: Any) -> None:
    if actor.has_role(Role.LIAISON):
        return
    if body is None or body.pk not in committee_bodies(actor):
        raise Refusal("您只能登记自己所在专委会的课题。", field="body")


def _members(ids: Collection[int]) -> list[int]:
    return list(Member.objects.filter(pk__in=set(ids)).values_list("pk", flat=True))


def _known(values: dict[str, Any]) -> dict[str, Any]:
    if extra := set(values) - set(TOPIC):
        raise ValueError(f"not of a topic: {sorted(extra)}")
    return values
