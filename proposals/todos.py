"""What waits for a person 待办 and since when: one duty a row of the table below, one bounded query each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from core.models import Deadline
from members.models import Role
from proposals.models import (
    ContactLog,
    CosignOpinion,
    Feedback,
    Promise,
    Proposal,
    Proposer,
    Reply,
    Status,
    TaskStatus,
    UnitTask,
)

OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)
COUNT_CAP = 1000
TOGETHER_FROM = 3
PROMISE_AHEAD = 30
"""Days before its date from which a promise stands among what waits."""


@dataclass(frozen=True)
class Todo:
    """One thing that waits: what, where, the one next act, until when and since when."""

    kind: str
    title: str
    sub: str
    url: str
    action: str
    due: date | None
    since: date | None
    proposal_id: int


class Entry(NamedTuple):
    """What a duty knows of one of its rows."""

    proposal: Proposal
    url: str
    sub: str
    due: date | None = None
    since: date | None = None


@dataclass(frozen=True)
class Duty:
    """A kind of work: its query for a person (None where it is not his), and how a row is told."""

    kind: str
    action: str
    rows: Callable[[Any], QuerySet | None]
    entry: Callable[[Any], Entry]
    together: str = ""
    """Query of the proposal list under which many of these stand as one line; empty keeps them apart."""


def todos(user, today: date, limit: int = 50) -> list[Todo]:
    """What waits for ``user``, the nearest day first, at most ``limit`` in all."""
    found: list[Todo] = []
    for duty in DUTIES:
        rows = duty.rows(user)
        if rows is None:
            continue
        if duty.together and (line := _together(duty, rows)):
            found.append(line)
            continue
        for row in rows[:limit]:
            entry = duty.entry(row)
            found.append(
                Todo(
                    kind=duty.kind,
                    title=entry.proposal.title or "（还没有案由）",
                    sub=entry.sub,
                    url=entry.url,
                    action=duty.action,
                    due=entry.due,
                    since=entry.since,
                    proposal_id=entry.proposal.pk,
                )
            )
    found.sort(key=lambda todo: (todo.due is None, todo.due or today, todo.since or today, todo.proposal_id))
    return found[:limit]


def _together(duty: Duty, rows: QuerySet) -> Todo | None:
    """One line for work that is done many at a time, once there are more than a few."""
    many = rows.order_by()[:COUNT_CAP].count()
    if many <= TOGETHER_FROM:
        return None
    first = rows[0]
    entry = duty.entry(first)
    return Todo(
        kind=duty.kind,
        title=f"{many}件等着{duty.action}" if many < COUNT_CAP else f"{COUNT_CAP}件以上等着{duty.action}",
        sub="可以在清单里成批办",
        url=f"{reverse('proposals:list')}?{duty.together}",
        action=f"成批{duty.action}",
        due=None,
        since=entry.since,
        proposal_id=entry.proposal.pk,
    )


def counts(user) -> dict[str, int]:
    """How many wait for ``user`` by kind, each counted up to a cap; kinds that are not his are absent."""
    return {duty.kind: rows[:COUNT_CAP].count() for duty in DUTIES if (rows := duty.rows(user)) is not None}


# --- Proposers ---------------------------------------------------------------------------------


def _mine(user) -> Q | None:
    """Proposer rows of this person, or None where he proposes nothing."""
    if not (user.member_id or user.body_ids):
        return None
    own = Q(body_id__in=user.body_ids)
    return own | Q(member_id=user.member_id) if user.member_id else own


def _first_of(user, *statuses: str) -> QuerySet | None:
    mine = _mine(user)
    if mine is None:
        return None
    first = Proposer.objects.filter(mine, order=0)
    return _cases(status__in=statuses).filter(pk__in=first.values("proposal_id")).order_by("-pk")


def _returned(user) -> QuerySet | None:
    return _first_of(user, Status.RETURNED)


def _drafts(user) -> QuerySet | None:
    return _first_of(user, Status.DRAFT)


def _cosigning(user) -> QuerySet | None:
    return _first_of(user, Status.COSIGNING)


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
    return _with_term(rows, Feedback, "feedback").select_related("proposal").order_by("due", "pk")


# --- The proposals office ----------------------------------------------------------------------


def _first_review(user) -> QuerySet | None:
    if not user.has_role(*OFFICE):
        return None
    return _cases(status__in=(Status.SUBMITTED, Status.REVIEWING), first_reviewer=None).order_by("submitted_on", "pk")


def _second_review(user) -> QuerySet | None:
    if not user.has_role(*OFFICE):
        return None
    rows = _cases(status=Status.REVIEWING, first_reviewer__isnull=False)
    return rows.exclude(first_reviewer=user).order_by("submitted_on", "pk")


def _to_assign(user) -> QuerySet | None:
    if not user.has_role(*OFFICE, Role.INSPECTION):
        return None
    return _cases(status=Status.FILED).order_by("next_due", "pk")


def _to_coordinate(user) -> QuerySet | None:
    if not user.has_role(*OFFICE):
        return None
    return _cases(status=Status.REHANDLING, round__gte=3).order_by("next_due", "pk")


def _follow_up_done(user) -> QuerySet | None:
    if not user.has_role(*OFFICE):
        return None
    running = Promise.objects.filter(
        reply__task__proposal=OuterRef("pk"), reply__status=Reply.Status.ISSUED, kept_on=None, missed_on=None
    )
    return _cases(status=Status.FOLLOW_UP).filter(~Exists(running)).order_by("closed_on", "pk")


def _to_archive(user) -> QuerySet | None:
    if not user.has_role(*OFFICE):
        return None
    return _cases(status=Status.CLOSED).order_by("closed_on", "pk")


# --- The inspection office ---------------------------------------------------------------------


def _transfers(user) -> QuerySet | None:
    return _requests(user, TaskStatus.TRANSFER_REQUESTED, "transfer_decision")


def _extensions(user) -> QuerySet | None:
    return _requests(user, TaskStatus.EXTENSION_REQUESTED, "extension_decision")


def _requests(user, status: str, kind: str) -> QuerySet | None:
    if not user.has_role(Role.INSPECTION):
        return None
    rows = UnitTask.objects.filter(status=status)
    return _with_term(rows, UnitTask, kind).select_related("proposal", "unit").order_by("due", "pk")


def _to_check(user) -> QuerySet | None:
    if not user.has_role(Role.INSPECTION):
        return None
    rows = Reply.objects.filter(status=Reply.Status.OFFICE_REVIEW)
    return _letters(rows)


# --- Handling units ----------------------------------------------------------------------------


def _to_sign(user) -> QuerySet | None:
    return _tasks(user, "receipt", status__in=(TaskStatus.PENDING, TaskStatus.UPHELD))


def _to_contact(user) -> QuerySet | None:
    rows = _tasks(user, "contact", status__in=(TaskStatus.SIGNED, TaskStatus.WORKING))
    return None if rows is None else rows.filter(~Exists(_contacts()), role__in=_REPLYING)


def _to_draft(user) -> QuerySet | None:
    rows = _at_work(user)
    if rows is None:
        return None
    beyond = _letter_of_round().exclude(status=Reply.Status.DRAFT)
    return rows.filter(Exists(_contacts()), ~Exists(beyond), role__in=_REPLYING)


def _to_give_opinion(user) -> QuerySet | None:
    return _tasks(user, "opinion", status__in=(TaskStatus.SIGNED, TaskStatus.WORKING), role=UnitTask.Role.SUPPORT)


def _to_cosign(user) -> QuerySet | None:
    if not user.unit_ids():
        return None
    rows = CosignOpinion.objects.filter(
        task__unit_id__in=user.unit_ids(), state=CosignOpinion.State.WAITING, reply__status=Reply.Status.COSIGN
    )
    return rows.select_related("reply__task__proposal", "reply__task__unit").order_by("pk")


def _to_approve(user) -> QuerySet | None:
    units = user.unit_ids(Role.UNIT_LEADER)
    if not units:
        return None
    open_cosign = CosignOpinion.objects.filter(reply=OuterRef("pk")).exclude(state=CosignOpinion.State.AGREED)
    supports = UnitTask.objects.live().filter(proposal=OuterRef("task__proposal"), role=UnitTask.Role.SUPPORT)
    unanswered = Q(items__text="") | Q(items__result_class=None)
    drafts = Q(status=Reply.Status.DRAFT, result_class__isnull=False) & (
        Q(task__role=UnitTask.Role.SPLIT) | ~Exists(supports)
    )
    rows = Reply.objects.filter(task__unit_id__in=units).filter(
        drafts | Q(Q(status=Reply.Status.COSIGN), ~Exists(open_cosign))
    )
    return _letters(rows.exclude(pk__in=Reply.objects.filter(unanswered, status=Reply.Status.DRAFT).values("pk")))


def _to_send(user) -> QuerySet | None:
    if not user.unit_ids():
        return None
    return _letters(Reply.objects.filter(task__unit_id__in=user.unit_ids(), status=Reply.Status.UNIT_APPROVED))


def _promises(user) -> QuerySet | None:
    if not user.unit_ids():
        return None
    soon = timezone.localdate() + timedelta(days=PROMISE_AHEAD)
    rows = Promise.objects.running().filter(
        reply__task__unit_id__in=user.unit_ids(),
        reply__status=Reply.Status.ISSUED,
        due_on__lte=soon,
    )
    return rows.select_related("reply__task__proposal", "reply__task__unit").order_by("due_on", "pk")


# --- Common parts ------------------------------------------------------------------------------

_REPLYING = (UnitTask.Role.LEAD, UnitTask.Role.SPLIT)
_IN_HAND = (Status.ASSIGNED, Status.HANDLING, Status.REHANDLING)


def _cases(**conditions) -> QuerySet:
    """Cases with the columns that a row shows; no text column."""
    return Proposal.objects.filter(**conditions).only(
        "title", "intake_no", "number", "status", "proposer_name", "submitted_on", "filed_on", "closed_on",
        "next_due", "cosign_until", "created_at",
    )  # fmt: skip


def _with_term(rows: QuerySet, model, kind: str, key: str = "pk") -> QuerySet:
    """Rows with the open deadline of their kind: its day as ``due``, its start as ``since``."""
    term = Deadline.objects.open().filter(subject_type=model._meta.label_lower, subject_id=OuterRef(key), kind=kind)
    return rows.annotate(due=Subquery(term.values("due")[:1]), since=Subquery(term.values("starts")[:1]))


def _tasks(user, kind: str, **conditions) -> QuerySet | None:
    if not user.unit_ids():
        return None
    rows = UnitTask.objects.filter(unit_id__in=user.unit_ids(), proposal__status__in=_IN_HAND, **conditions)
    return _with_term(rows, UnitTask, kind).select_related("proposal", "unit").order_by("due", "pk")


def _at_work(user) -> QuerySet | None:
    return _tasks(user, "reply", status__in=(TaskStatus.SIGNED, TaskStatus.WORKING))


def _contacts() -> QuerySet:
    return ContactLog.objects.filter(task=OuterRef("pk"), round=OuterRef("proposal__round"))


def _letter_of_round() -> QuerySet:
    return Reply.objects.filter(task=OuterRef("pk"), round=OuterRef("proposal__round"))


def _letters(rows: QuerySet) -> QuerySet:
    """Letters of the present round of cases in hand, with the reply's term."""
    rows = rows.filter(round=F("task__proposal__round"), task__proposal__status__in=_IN_HAND)
    return (
        _with_term(rows, UnitTask, "reply", "task_id")
        .select_related("task__proposal", "task__unit")
        .order_by("due", "pk")
    )


def _number(proposal: Proposal) -> str:
    return proposal.case_no or proposal.intake_no or "草稿"


def _case_entry(page: str = "item", since: str = "submitted_on") -> Callable[[Proposal], Entry]:
    def entry(row: Proposal) -> Entry:
        url = reverse(f"proposals:{page}", args=[row.pk])
        due = row.cosign_until if row.status == Status.COSIGNING else row.next_due
        start = getattr(row, since) or timezone.localdate(row.created_at)
        return Entry(row, url, f"{_number(row)} · {row.proposer_name}", due, start)

    return entry


def _task_entry(row: UnitTask) -> Entry:
    sub = f"{_number(row.proposal)} · {row.get_role_display()} · {row.unit}"
    return Entry(row.proposal, reverse("proposals:task", args=[row.pk]), sub, row.due, row.since or row.assigned_on)


def _letter_entry(row: Reply) -> Entry:
    proposal = row.task.proposal
    url = reverse("proposals:reply", args=[row.pk])
    return Entry(
        proposal, url, f"{_number(proposal)} · {row.task.unit}的答复", row.due, timezone.localdate(row.saved_at)
    )


def _cosign_entry(row: CosignOpinion) -> Entry:
    proposal = row.reply.task.proposal
    url = reverse("proposals:reply", args=[row.reply_id])
    since = timezone.localdate(row.reply.saved_at)
    return Entry(proposal, url, f"{_number(proposal)} · {row.reply.task.unit}主办", None, since)


def _feedback_entry(row: Feedback) -> Entry:
    url = reverse("proposals:feedback", args=[row.pk])
    sub = _number(row.proposal) + (f" · 第{row.round}次答复" if row.round > 1 else "")
    return Entry(row.proposal, url, sub, row.due, row.since)


def _promise_entry(row: Promise) -> Entry:
    task = row.reply.task
    url = reverse("proposals:promise", args=[row.pk])
    return Entry(task.proposal, url, f"{_number(task.proposal)} · {row.text[:40]}", row.due_on, row.reply.issued_on)


DUTIES = (
    Duty("returned", "修改后重新提交", _returned, _case_entry()),
    Duty("invited", "确认是否联名", _invited, _case_entry()),
    Duty("cosigning", "联名齐了就提交", _cosigning, _case_entry()),
    Duty("feedback", "填写征询意见表", _feedback, _feedback_entry),
    Duty("draft", "接着写", _drafts, _case_entry()),
    Duty("first_review", "初审", _first_review, _case_entry()),
    Duty("second_review", "复审", _second_review, _case_entry()),
    Duty("assign", "交办", _to_assign, _case_entry(since="filed_on")),
    Duty("coordinate", "组织协调", _to_coordinate, _case_entry()),
    Duty("end_follow_up", "结束跟踪", _follow_up_done, _case_entry(since="closed_on")),
    Duty("archive", "归档", _to_archive, _case_entry(since="closed_on"), "state=closed"),
    Duty("transfer", "决定改办申请", _transfers, _task_entry),
    Duty("extension", "决定延期申请", _extensions, _task_entry),
    Duty("check_reply", "审核答复", _to_check, _letter_entry),
    Duty("sign", "签收", _to_sign, _task_entry),
    Duty("contact", "与委员沟通并登记", _to_contact, _task_entry),
    Duty("reply", "起草答复", _to_draft, _task_entry),
    Duty("opinion", "提交会办意见", _to_give_opinion, _task_entry),
    Duty("cosign", "会签答复", _to_cosign, _cosign_entry),
    Duty("approve", "签发答复", _to_approve, _letter_entry),
    Duty("send", "报督查室审核", _to_send, _letter_entry),
    Duty("promise", "兑现承诺", _promises, _promise_entry),
)
