"""Feedback 反馈 and what follows: closing 办结, re-handling 再办理, follow-up 跟踪, archive 归档."""

import logging
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone

from core import audit, deadlines, options, outbox, workflow
from core.errors import Refusal
from core.models import Deadline
from proposals import terms
from proposals.models import Feedback, Promise, Proposal, Reply, ResultClass, UnitTask
from proposals.services.common import all_proposers, day, fresh, lock_case, require, words

logger = logging.getLogger(__name__)

Rating, State = Proposal.Rating, Feedback.State
WORST_FIRST = (Rating.UNSATISFIED, Rating.BASICALLY, Rating.SATISFIED)
JUDGEMENTS = tuple(Rating.values[:3])


@transaction.atomic
def answer(
    feedback: Feedback,
    *,
    actor,
    contact_way: str,
    targeting: str,
    attitude: str,
    result: str,
    leader_answered: bool | None = None,
    text: str = "",
    entered: bool = False,
    on: date | None = None,
) -> Feedback:
    """One proposer's judgement of a reply; when all have answered or let the day pass, the case goes on.

    Only the proposer himself answers; late is better than never as long as the round is open. ``entered`` means that the office enters a paper form, whose
    scan the view attaches; ``on`` is then the day on the form.
    """
    proposal = lock_case(feedback.proposal_id)
    row = Feedback.objects.select_for_update().select_related("proposer").get(pk=feedback.pk)
    _may_answer(row, proposal, actor, entered=entered)
    if row.state == State.ANSWERED:
        raise Refusal("这份征询意见表已经填过了，不能再改。")
    if proposal.status != Proposal.Status.REPLIED or row.round != proposal.round:
        raise Refusal("这一轮反馈已经结束。")
    _check_choices(contact_way=contact_way, targeting=targeting, attitude=attitude, result=result)
    if Rating.UNSATISFIED in (attitude, result):
        words(text, "不满意的理由", field_name="text")
    when = day(on)
    row.state = State.ANSWERED
    row.contact_way, row.targeting, row.attitude, row.result = (
        contact_way,
        targeting,
        attitude,
        result,
    )
    row.leader_answered, row.text, row.answered_on = leader_answered, text.strip(), when
    row.entered_by = actor if entered else None
    row.save()
    deadlines.meet(row, "feedback", on=when)
    # The log of the case is read by units too: the sealed rating 评价 itself stays out of it.
    audit.record(
        verb="feedback.enter" if entered else "feedback.answer",
        summary=f"{row.proposer.name}反馈意见" + ("（纸质代录）" if entered else ""),
        actor=actor,
        subject=row,
        root=proposal,
        occurred_on=on,
    )
    _settle(proposal, when=when)
    return fresh(row)


def open_round(proposal: Proposal, *, start: date, only: Collection[int] | None = None) -> list[Feedback]:
    """Ask every proposer of a replied case (or those in ``only``, by id) for feedback of this round.

    Runs inside the transaction of the act that calls it; whoever was asked already is not again.
    """
    rows = []
    for proposer in all_proposers(proposal):
        if only is not None and proposer.pk not in only:
            continue
        row, created = Feedback.objects.get_or_create(proposal=proposal, proposer=proposer, round=proposal.round)
        if created:
            terms.open_feedback(row, start=start)
            rows.append(row)
    if rows:
        outbox.add(
            "proposals.feedback_asked",
            key=f"proposals.feedback_asked:{proposal.pk}:{proposal.round}:{rows[0].pk}",
            payload={
                "model": "proposals.proposal",
                "id": proposal.pk,
                "feedback": [row.pk for row in rows],
            },
        )
    elif only is None:
        _settle(proposal, when=start)
    return rows


def lapse_due(on: date) -> int:
    """The system's part of the daily run: feedback whose day has passed counts as no response 未反馈.

    Also reopens the follow-up of closed cases whose promise passed its day. Each case is its own
    transaction, so one that fails stops no other; returns how many forms lapsed.
    """
    late = Deadline.objects.open().filter(subject_type=Feedback._meta.label_lower, kind="feedback", due__lt=on)
    lapsed = 0
    for case_id in list(late.order_by("root_id").values_list("root_id", flat=True).distinct()):
        try:
            lapsed += _lapse_case(case_id, on)
        except Exception:
            logger.exception("feedback of case %s did not lapse", case_id)
    _reopen_broken_promises(on)
    return lapsed


@transaction.atomic
def remind(proposal: Proposal, *, actor) -> int:
    """The office reminds those who have not answered, at most once a day; how many they are."""
    current = lock_case(proposal.pk)
    require(actor, "proposals.archive", current, act="催反馈")
    waiting = list(current.feedback.filter(round=current.round, state=State.WAITING).values_list("pk", flat=True))
    if current.status != Proposal.Status.REPLIED or not waiting:
        raise Refusal("没有等待反馈的提案者。")
    today = timezone.localdate()
    outbox.add(
        "proposals.feedback_reminded",
        key=f"proposals.feedback_reminded:{current.pk}:{today}",
        payload={
            "model": "proposals.proposal",
            "id": current.pk,
            "feedback": waiting,
            "on": today.isoformat(),
        },
    )
    audit.record(
        verb="proposal.remind_feedback",
        summary=f"催{len(waiting)}位提案者反馈",
        actor=actor,
        subject=current,
    )
    return len(waiting)


@transaction.atomic
def archive(proposal: Proposal, *, actor) -> Proposal:
    """Put the complete file away 归档."""
    current = lock_case(proposal.pk)
    workflow.perform(current, "archive", actor=actor)
    return fresh(current)


@transaction.atomic
def end_follow_up(proposal: Proposal, *, actor, result_class: ResultClass, reason: str) -> Proposal:
    """End the follow-up of promises with the class that was reached in the end."""
    current = lock_case(proposal.pk)
    workflow.perform(current, "end_follow_up", actor=actor, changes={"result_class": result_class}, reason=reason)
    for promise in _open_promises(current):
        deadlines.void(promise, "promise")
    return fresh(current)


def case_rating(rows: Collection[Feedback], which: str) -> str:
    """The case's rating from its forms of a round; ``which`` is "result" or "attitude".

    Worst of those who answered, or the first proposer's, as the option says. Silence never counts
    as satisfied: without any answer (or the first's) the rating is no_response.
    """
    rows = list(rows)
    if options.value("proposals.joint_rating") == "first":
        rows = rows[:1]
    given = {getattr(row, which) for row in rows if row.state == State.ANSWERED}
    return next((rating.value for rating in WORST_FIRST if rating in given), Rating.NO_RESPONSE.value)


def _settle(proposal: Proposal, *, when: date) -> None:
    """When nobody is awaited any more: close, or handle again where anybody is not satisfied."""
    rows = [row for row in proposal.feedback.select_related("proposer") if row.round == proposal.round]
    if any(row.state == State.WAITING for row in rows):
        return
    rows.sort(
        key=lambda row: (
            row.proposer.proposal_id != proposal.pk,
            row.proposer.order,
            row.proposer_id,
        )
    )
    ratings = {"rating": case_rating(rows, "result"), "attitude": case_rating(rows, "attitude")}
    if any(row.state == State.ANSWERED and row.result == Rating.UNSATISFIED for row in rows):
        _rehandle(proposal, ratings, when=when)
    else:
        _close(proposal, ratings, when=when)


def _rehandle(proposal: Proposal, ratings: dict[str, str], *, when: date) -> None:
    changes = {**ratings, "round": proposal.round + 1}
    summary = f"提案者不满意，进入第{proposal.round + 1}轮办理"
    workflow.perform(proposal, "rehandle", actor=None, changes=changes, summary=summary)
    for task in proposal.tasks.live():
        if task.replies and task.status in (UnitTask.Status.DONE, UnitTask.Status.SUBMITTED):
            task.proposal = proposal
            workflow.perform(task, "send_back", actor=None, changes={"done_on": None})
            terms.open_second_reply(task, start=when)
    deadlines.void(proposal, "publish")  # the next reply opens it again


def _close(proposal: Proposal, ratings: dict[str, str], *, when: date) -> None:
    workflow.perform(proposal, "close", actor=None, changes={**ratings, "closed_on": when})
    if proposal.result_class and proposal.result_class.follows_up and _open_promises(proposal):
        workflow.perform(proposal, "follow_up", actor=None, summary="有承诺未兑现，转入跟踪")


def _open_promises(proposal: Proposal) -> list[Promise]:
    """Promises of which it is not known what became of them."""
    rows = Promise.objects.filter(reply__task__proposal=proposal, reply__status=Reply.Status.ISSUED)
    return list(rows.filter(kept_on__isnull=True, missed_on__isnull=True))


@transaction.atomic
def _lapse_case(case_id: int, on: date) -> int:
    proposal = lock_case(case_id)
    late = Deadline.objects.open().filter(
        subject_type=Feedback._meta.label_lower, kind="feedback", due__lt=on, root_id=case_id
    )
    rows = list(
        Feedback.objects.select_for_update()
        .select_related("proposer")
        .filter(pk__in=late.values("subject_id"), state=State.WAITING)
    )
    for row in rows:
        row.state = State.NO_RESPONSE
        row.save(update_fields=["state"])
        deadlines.void(row, "feedback")
    audit.record_many(
        audit.Event("feedback.lapse", f"{row.proposer.name}到期未反馈", subject=row, root=proposal) for row in rows
    )
    if rows and proposal.status == Proposal.Status.REPLIED:
        _settle(proposal, when=on)
    return len(rows)


def _reopen_broken_promises(on: date) -> None:
    """A promise that passes its date reopens the follow-up and tells the proposer (domain rules)."""
    late = Deadline.objects.open().filter(subject_type=Promise._meta.label_lower, kind="promise", due__lt=on)
    cases = Proposal.objects.filter(pk__in=late.values("root_id"), status=Proposal.Status.CLOSED)
    for case_id in list(cases.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                proposal = lock_case(case_id)
                if proposal.status == Proposal.Status.CLOSED:
                    workflow.perform(proposal, "follow_up", actor=None, summary="承诺到期未兑现，重新跟踪")
        except Exception:
            logger.exception("follow-up of case %s was not reopened", case_id)
    for pk in list(late.values_list("subject_id", flat=True)):
        outbox.add(
            "proposals.promise_late",
            key=f"proposals.promise_late:{pk}",
            payload={"model": "proposals.promise", "id": pk},
        )


def _may_answer(row: Feedback, proposal: Proposal, actor, *, entered: bool) -> None:
    if entered:
        require(actor, "proposals.enter_feedback", proposal, act="代录征询意见表")
        return
    mine = row.proposer.member_id is not None and row.proposer.member_id == actor.member_id
    if not (mine or (row.proposer.body_id and row.proposer.body_id in actor.body_ids)):
        raise Refusal("只有提案者本人可以填写征询意见表。")


def _check_choices(*, contact_way: str, targeting: str, attitude: str, result: str) -> None:
    for name, value, allowed, label in (
        ("contact_way", contact_way, Feedback.ContactWay.values, "沟通方式"),
        ("targeting", targeting, Feedback.Targeting.values, "答复针对性"),
        ("attitude", attitude, JUDGEMENTS, "办理态度"),
        ("result", result, JUDGEMENTS, "办理结果"),
    ):
        if value not in allowed:
            raise Refusal(f"请选择{label}。", field=name)
