"""What proposals 提案 add to the duty ledger 履职台账 of members and studios (domain rules §4, §5).

A submitted proposal counts once for each confirmed proposer, a filed or merged one again, a key
proposal 重点提案 once more, and so does an excellent one 优秀提案. Who signed first and how many signed stand in the row, for joint
proposals share. Collective proposals count for nobody but a studio.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from members.duty import acts as duty_acts
from members.duty import due as duty_due
from members.models import Body, DutyEntry, Member, Studio
from members.services import duty
from members.services.duty import Act
from proposals.feedback_due import feedback_of
from proposals.models import Proposal, Proposer, Status
from proposals.models.queries import FILED_ON

SUBMITTED, FILED, MERGED, KEY = "proposal.submitted", "proposal.filed", "proposal.merged", "proposal.key"
EXCELLENT = "proposal.excellent"
OF_STUDIO = "studio.proposal"
LABELS = {
    SUBMITTED: "提交提案",
    FILED: "提案立案",
    MERGED: "提案并案",
    KEY: "列为重点提案",
    EXCELLENT: "评为优秀提案",
}
CHUNK = 1000
SOURCE = "proposals.proposal"
WITHDRAWN = "提案已撤案，提案者已更正，或优秀提案已撤销"


@dataclass
class _Case:
    """What of one proposal counts: its dates, its confirmed members in order, and its studio."""

    proposal: Proposal
    members: list[int] = field(default_factory=list)
    first: int | None = None
    studio: int | None = None


def register() -> None:
    """Declare the acts, the page that proves them, and the sweep over all proposals."""
    for code, label in LABELS.items():
        duty_acts.declare(code, label)
    duty_acts.declare(OF_STUDIO, "工作室提案立案", target="studio")
    duty_acts.link_with(SOURCE, duty_acts.model_link(Proposal))
    duty_acts.sweep_with(every_act, stale=stale)
    duty_due.provide(feedback_of)


def settle(proposal: Proposal) -> None:
    """Bring the ledger in line with one proposal: record what it proves, take back what it no longer does."""
    cases = _cases([proposal.pk])
    acts = [act for case in cases for act in _acts_of(case)]
    wanted = {act.key for act in acts}
    known = set(DutyEntry.objects.filter(key__in=wanted).values_list("key", flat=True))
    duty.record_duties([act for act in acts if act.key not in known])
    for key in _standing([proposal.pk]):
        if key not in wanted:
            duty.take_back(key, actor=None, reason=WITHDRAWN)


def every_act() -> Iterator[Act]:
    """All acts of all proposals, those of imported papers too; in chunks, without any text column."""
    for ids in _chunks():
        for case in _cases(ids):
            yield from _acts_of(case)


def stale() -> Iterator[tuple[str, str]]:
    """Rows in the ledger that their proposal no longer proves."""
    for ids in _chunks():
        wanted = {act.key for case in _cases(ids) for act in _acts_of(case)}
        for key in _standing(ids):
            if key not in wanted:
                yield key, WITHDRAWN


def _chunks() -> Iterator[list[int]]:
    """Ids of all submitted proposals, a thousand at a time."""
    last = 0
    rows = Proposal.objects.received().order_by("pk").values_list("pk", flat=True)
    while ids := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield ids
        last = ids[-1]


def _standing(ids: Iterable[int]) -> list[str]:
    """Keys of rows recorded from these proposals and not taken back; corrections by hand have other keys."""
    rows = DutyEntry.objects.filter(
        subject_type=SOURCE, subject_id__in=ids, reverses__isnull=True, reversed_by__isnull=True
    )
    return [key for act, key in rows.values_list("act", "key") if key.startswith(f"{act}:")]


def _cases(ids: Iterable[int]) -> list[_Case]:
    """The proposals with those who count; two queries."""
    found = (
        Proposal.objects.filter(pk__in=ids)
        .order_by("pk")
        .only(
            "pk",
            "status",
            "title",
            "intake_no",
            "number",
            "submitted_on",
            "filed_on",
            "is_key",
            "excellent_on",
            "excellent_times",
            "kind",
        )
    )
    cases = {proposal.pk: _Case(proposal) for proposal in found}
    rows = Proposer.objects.filter(proposal_id__in=cases, state=Proposer.State.CONFIRMED).order_by("order", "pk")
    for pk, member, body, kind, order in rows.values_list("proposal_id", "member_id", "body_id", "body__kind", "order"):
        case = cases[pk]
        if member is not None:
            case.members.append(member)
            case.first = member if order == 0 else case.first
        elif kind == Body.Kind.STUDIO and order == 0:
            case.studio = body
    for case in cases.values():
        if case.proposal.is_collective:
            case.members, case.first = [], None
    return list(cases.values())


def _acts_of(case: _Case) -> Iterator[Act]:
    """What one proposal proves, in the order of its life."""
    proposal = case.proposal
    filed = proposal.status in FILED_ON and proposal.filed_on
    merged = proposal.status == Status.MERGED
    decided = proposal.filed_on or proposal.submitted_on
    steps: list[tuple[str, date]] = []
    if proposal.status != Status.WITHDRAWN and proposal.submitted_on:
        steps.append((SUBMITTED, proposal.submitted_on))
    if filed:
        steps.append((FILED, proposal.filed_on))
    if merged and decided:
        steps.append((MERGED, decided))
    if filed and proposal.is_key:
        steps.append((KEY, proposal.filed_on))
    if filed and proposal.excellent_on:
        steps.append((EXCELLENT, proposal.excellent_on))
    for act, on in steps:
        for member in case.members:
            yield _act_of_member(case, act, on, member)
    if case.studio and filed:
        key = f"{OF_STUDIO}:{proposal.pk}:s{case.studio}"
        yield Act(Studio(pk=case.studio), OF_STUDIO, proposal.filed_on, proposal, key, _words(proposal))


def _act_of_member(case: _Case, act: str, on: date, member: int) -> Act:
    """One row of one proposer; its share is part of the key, so that a corrected list of signers makes new rows."""
    signers = len(case.members)
    role = "first" if member == case.first else "joint"
    key = f"{act}:{case.proposal.pk}:m{member}"
    if act == EXCELLENT:
        key += f":n{case.proposal.excellent_times}"  # named again after a revocation counts again
    detail: dict[str, Any] = {"role": role, "signers": signers}
    words = _words(case.proposal)
    if signers > 1:
        key += f":{role}{signers}"
        words += f"（{'第一提案者' if role == 'first' else '联名'}，共{signers}人）"
    return Act(Member(pk=member), act, on, case.proposal, key, words, detail=detail)


def _words(proposal: Proposal) -> str:
    number = proposal.case_no or (f"流水号{proposal.intake_no}" if proposal.intake_no else "")
    return f"{number}《{proposal.title}》"
