"""Duties on cases and their feedback: of proposers 提案者, and of the proposals office 提案委."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from core.models import Deadline
from members.models import Role
from proposals.models import Feedback, Promise, Proposal, Proposer, Reply, Status
from proposals.todos.lines import Columns, Duty, Line, case_columns, term, term_columns

PUBLISH_AHEAD = 10
"""Days before its term ends from which publication stands among what waits."""
OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)


def _cases(**conditions) -> QuerySet:
    return Proposal.objects.filter(**conditions)


# --- Proposers ---------------------------------------------------------------------------------


def _mine(user) -> Q | None:
    """Proposer rows of this person, or None where he proposes nothing."""
    if not (user.member_id or user.body_ids):
        return None
    own = Q(body_id__in=user.body_ids)
    return own | Q(member_id=user.member_id) if user.member_id else own


def _first_of(status: str) -> Callable[..., QuerySet | None]:
    """Cases in ``status`` of which the person is the first proposer."""

    def rows(user) -> QuerySet | None:
        mine = _mine(user)
        if mine is None:
            return None
        first = Proposer.objects.filter(mine, order=0)
        return _cases(status=status).filter(pk__in=first.values("proposal_id")).order_by("-pk")

    return rows


def _invited(user) -> QuerySet | None:
    if not user.member_id:
        return None
    asked = Proposer.objects.filter(member_id=user.member_id, state=Proposer.State.INVITED)
    return _cases(status=Status.COSIGNING).filter(pk__in=asked.values("proposal_id")).order_by("cosign_until", "pk")


def _feedback(user) -> QuerySet | None:
    mine = _mine(user)
    if mine is None:
        return None
    rows = Feedback.objects.filter(
        state=Feedback.State.WAITING, proposer__in=Proposer.objects.filter(mine), proposal__status=Status.REPLIED
    )
    return rows.annotate(due=term(Feedback, "feedback", "due")).order_by("due", "pk")


def _feedback_columns() -> Columns:
    return case_columns("proposal__", round=F("round"), **term_columns(Feedback, "feedback"))


def _tell_feedback(line: Line) -> str:
    return line.case + (f" · 第{line.round}次答复" if line.round > 1 else "")


# --- The proposals office ----------------------------------------------------------------------


def _of_office(rows: Callable[..., QuerySet]) -> Callable[..., QuerySet | None]:
    """Rows for the proposals office alone."""
    return lambda user: rows(user) if user.has_role(*OFFICE) else None


def _first_review(user) -> QuerySet:
    return _cases(status__in=(Status.SUBMITTED, Status.REVIEWING), first_reviewer=None).order_by("submitted_on", "pk")


def _second_review(user) -> QuerySet:
    rows = _cases(status=Status.REVIEWING, first_reviewer__isnull=False)
    return rows.exclude(first_reviewer=user).order_by("submitted_on", "pk")


def _to_assign(user) -> QuerySet | None:
    if not user.has_role(*OFFICE, Role.INSPECTION):
        return None
    return _cases(status=Status.FILED).order_by("next_due", "pk")


def _to_coordinate(user) -> QuerySet:
    return _cases(status=Status.REHANDLING, round__gte=3).order_by("next_due", "pk")


def _follow_up_done(user) -> QuerySet:
    running = Promise.objects.filter(
        reply__task__proposal=OuterRef("pk"), reply__status=Reply.Status.ISSUED, kept_on=None, missed_on=None
    )
    return _cases(status=Status.FOLLOW_UP).filter(~Exists(running)).order_by("closed_on", "pk")


def _to_archive(user) -> QuerySet:
    return _cases(status=Status.CLOSED).order_by("closed_on", "pk")


def _to_publish(user) -> QuerySet:
    """Answered cases of which it must soon be decided whether they are published."""
    soon = timezone.localdate() + timedelta(days=PUBLISH_AHEAD)
    terms = Deadline.objects.open().filter(subject_type=Proposal._meta.label_lower, kind="publish", due__lte=soon)
    return _cases(pk__in=terms.values("subject_id")).order_by("replied_on", "pk")


def _publish_columns() -> Columns:
    return case_columns(words=F("proposer_name"), **term_columns(Proposal, "publish"))


def _columns(since: str = "submitted_on", due: str = "next_due") -> Callable[[], Columns]:
    return lambda: case_columns(words=F("proposer_name"), due=F(due), since=F(since), at=F("created_at"))


def _tell(line: Line) -> str:
    return f"{line.case} · {line.words}"


def _case(kind: str, action: str, rows, columns=None, **more: Any) -> Duty:
    return Duty(kind, action, rows, columns or _columns(), "item", _tell, **more)


PROPOSERS = (
    _case("returned", "修改后重新提交", _first_of(Status.RETURNED)),
    _case("invited", "确认是否联名", _invited, _columns(due="cosign_until")),
    _case("cosigning", "联名齐了就提交", _first_of(Status.COSIGNING), _columns(due="cosign_until")),
    Duty("feedback", "填写征询意见表", _feedback, _feedback_columns, "feedback", _tell_feedback),
    _case("draft", "接着写", _first_of(Status.DRAFT)),
)
OFFICES = (
    _case("first_review", "初审", _of_office(_first_review)),
    _case("second_review", "复审", _of_office(_second_review)),
    _case("assign", "交办", _to_assign, _columns("filed_on")),
    _case("coordinate", "组织协调", _of_office(_to_coordinate)),
    _case("publish", "审看公开", _of_office(_to_publish), _publish_columns),
    _case("end_follow_up", "结束跟踪", _of_office(_follow_up_done), _columns("closed_on"), tidying=True),
    _case("archive", "归档", _of_office(_to_archive), _columns("closed_on"), together="state=closed", tidying=True),
)
