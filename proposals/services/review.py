"""Review 审查: first opinion, second review by another person, filing 立案, merging 并案, refusal, withdrawal."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import deadlines, workflow
from core.errors import Refusal
from core.numbering import next_number
from proposals import terms
from proposals.models import Proposal
from proposals.models.queries import FILED_ON
from proposals.numbers import case_scope
from proposals.search import reindex
from proposals.services.common import (
    BatchResult,
    all_proposers,
    fresh,
    lock_case,
    lock_cases,
    run_batch,
)

FILE, MERGE, REFUSE, RETURN, DISAGREE = "file", "merge", "refuse", "return", "disagree"
OPINIONS = {FILE: "准予立案", MERGE: "并案", REFUSE: "不立案", RETURN: "退回修改"}
"""Outcomes of the first review and their names; the second may also disagree."""

FINISHED = (Proposal.Status.CLOSED, Proposal.Status.FOLLOW_UP, Proposal.Status.ARCHIVED)

_NO_OPINION = {
    "first_reviewer": None,
    "first_opinion": "",
    "first_note": "",
    "ground": None,
    "disposition": "",
    "merged_into": None,
}


@transaction.atomic
def recommend(
    proposal: Proposal,
    *,
    actor,
    outcome: str,
    note: str = "",
    category=None,
    ground=None,
    disposition: str = "",
    main_case: Proposal | None = None,
) -> Proposal:
    """The first reviewer's opinion 初审意见; takes the proposal into review if it was not yet.

    ``outcome`` is file, merge (with ``main_case``), refuse (with ``ground``, ``disposition``) or
    return, which goes back to the proposer at once with ``note`` as its reason.
    """
    current = _locked_pair(proposal, main_case)
    if outcome not in OPINIONS:
        raise Refusal("请选择初审意见。", field="outcome")
    if outcome == RETURN:
        return _return(current, actor=actor, reason=note)
    if current.status == Proposal.Status.SUBMITTED:
        workflow.perform(current, "accept", actor=actor)
    changes = {
        "first_reviewer": actor,
        "first_opinion": outcome,
        "first_note": note.strip(),
        "category": category or current.category,
        **_outcome_fields(current, outcome, ground=ground, disposition=disposition, main_case=main_case),
    }
    workflow.perform(
        current,
        "recommend",
        actor=actor,
        changes=changes,
        summary=f"初审意见：{OPINIONS[outcome]}",
        reason=note,
    )
    return fresh(current)


@transaction.atomic
def decide(
    proposal: Proposal,
    *,
    actor,
    outcome: str,
    note: str = "",
    ground=None,
    disposition: str | None = None,
    main_case: Proposal | None = None,
    category=None,
) -> Proposal:
    """The second review 复审, by another person than the first; what is not given is as first opined.

    ``outcome`` as in :func:`recommend`, or "disagree", which asks for a new first opinion.
    """
    current = _locked_pair(proposal, main_case or proposal.merged_into)
    if outcome == RETURN:
        if problem := workflow.refusal(current, "disagree", actor):
            raise Refusal(problem)
        return _return(current, actor=actor, reason=note)
    if outcome == DISAGREE:
        workflow.perform(current, "disagree", actor=actor, changes=dict(_NO_OPINION), reason=note)
        return fresh(current)
    if outcome not in OPINIONS:
        raise Refusal("请选择复审意见。", field="outcome")
    if problem := workflow.refusal(current, outcome, actor):
        raise Refusal(problem)
    changes: dict[str, Any] = {
        "second_reviewer": actor,
        "decision_note": note.strip(),
        **_outcome_fields(
            current,
            outcome,
            ground=ground or current.ground,
            disposition=current.disposition if disposition is None else disposition,
            main_case=main_case or current.merged_into,
        ),
    }
    if outcome == FILE:
        return _file(current, actor=actor, changes=changes, category=category, note=note)
    workflow.perform(current, outcome, actor=actor, changes=changes, reason=note)
    if outcome == MERGE:
        _join_feedback(current)
    return fresh(current)


def recommend_many(ids: Iterable[int], *, actor, outcome: str, note: str = "") -> BatchResult:
    """The same first opinion on many, each in its own transaction, in the order of intake."""
    return run_batch(_in_order(ids), lambda row: recommend(row, actor=actor, outcome=outcome, note=note))


def decide_many(ids: Iterable[int], *, actor, outcome: str, note: str = "", **details) -> BatchResult:
    """The same second review on many, so that case numbers follow the order of intake."""
    return run_batch(_in_order(ids), lambda row: decide(row, actor=actor, outcome=outcome, note=note, **details))


@transaction.atomic
def withdraw(proposal: Proposal, *, actor, reason: str) -> Proposal:
    """Take a proposal back 撤案: before assignment asked by the proposer, after it approved by the head."""
    current = lock_case(proposal.pk)
    late = current.status in (Proposal.Status.ASSIGNED, Proposal.Status.HANDLING)
    workflow.perform(current, "withdraw_assigned" if late else "withdraw", actor=actor, reason=reason)
    deadlines.void_case(current)
    return fresh(current)


def _file(current: Proposal, *, actor, changes: dict[str, Any], category, note: str) -> Proposal:
    today = timezone.localdate()
    changes |= {"number": next_number(case_scope(current.session)), "filed_on": today}
    changes["category"] = category or current.category
    workflow.perform(
        current,
        "file",
        actor=actor,
        changes=changes,
        reason=note,
        summary=f"准予立案，编为第{changes['number']}号",
    )
    terms.open_assignment(current, start=today)
    reindex(current)
    return fresh(current)


def _return(current: Proposal, *, actor, reason: str) -> Proposal:
    changes = {**_NO_OPINION, "decision_note": reason.strip()}
    workflow.perform(current, "return", actor=actor, changes=changes, reason=reason)
    return fresh(current)


def _outcome_fields(current: Proposal, outcome: str, *, ground, disposition: str, main_case) -> dict[str, Any]:
    """Ground, disposition and main case as the outcome needs them; what belongs to another is cleared."""
    fields: dict[str, Any] = {"ground": None, "disposition": "", "merged_into": None}
    if outcome == REFUSE:
        if ground is None:
            raise Refusal("请选择不立案的理由。", field="ground")
        fields |= {"ground": ground, "disposition": disposition}
    elif outcome == MERGE:
        fields["merged_into"] = _checked_main_case(current, main_case)
    return fields


def _checked_main_case(current: Proposal, main_case: Proposal | None) -> Proposal:
    if main_case is None:
        raise Refusal("请选择并入哪一件。", field="main_case")
    main_case = fresh(main_case)
    if main_case.pk == current.pk:
        raise Refusal("不能并入自己。", field="main_case")
    if main_case.status not in FILED_ON:
        raise Refusal(
            f"{main_case.title}现在是“{main_case.get_status_display()}”，只能并入已立案的提案。",
            field="main_case",
        )
    if main_case.status in FINISHED:
        raise Refusal("这件提案已经办结，不能再并入，请单独立案。", field="main_case")
    return main_case


def _join_feedback(merged: Proposal) -> None:
    """Proposers who join a case that is already answered judge its reply like the others."""
    from proposals.services.feedback import open_round

    main = merged.merged_into
    if main is not None and main.status == Proposal.Status.REPLIED:
        own = {row.pk for row in all_proposers(main) if row.proposal_id == merged.pk}
        open_round(main, start=timezone.localdate(), only=own)


def _locked_pair(proposal: Proposal, main_case: Proposal | None) -> Proposal:
    """Lock the case, and the main case with it, in one order for everybody."""
    ids = [proposal.pk] + ([main_case.pk] if main_case else [])
    return lock_cases(ids)[proposal.pk]


def _in_order(ids: Iterable[int]) -> list[Proposal]:
    return list(Proposal.objects.filter(pk__in=list(ids)).order_by("submitted_on", "intake_no", "pk"))
