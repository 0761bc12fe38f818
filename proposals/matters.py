"""Proposals that began as a matter 民情事项: begun from its page, and what becomes of them told back to it."""

from collections.abc import Iterator
from typing import Any

from core import handover
from core.models import Handover
from members.duty import acts as duty_acts
from members.matters import onward as matter_onward
from members.matters.onward import Onward
from members.models import Matter
from members.services import duty, matter_duty
from members.services import matters as members_matters
from proposals import tracking
from proposals.models import Proposal, Status
from proposals.models.queries import FILED_ON

SOURCE, TARGET = "members.matter", "proposals.proposal"
ENDED = {Status.NOT_FILED: "写成的提案没有立案", Status.WITHDRAWN: "写成的提案撤回了"}


def register() -> None:
    """Offer the way from a matter to a proposal, and count the conversions."""
    tracking.register()
    matter_onward.register(Onward(Matter.Route.TO_PROPOSAL, TARGET, "写成提案", "proposals:new", _may_begin))
    duty_acts.sweep_with(conversions)


def _may_begin(user: Any) -> bool:
    return user.has_perm("proposals.add_proposal")


def begun_from(request_user: Any, text: str, proposal: Proposal) -> None:
    """Keep what a new draft was begun from, once; a source that is gone or went on meanwhile is left out."""
    if found := handover.read(request_user, text):
        handover.link(found[0], proposal, actor=request_user)


def settle(proposal: Proposal) -> None:
    """Tell the matters behind a proposal, and behind those merged into it, how it stands; again changes nothing."""
    for case in [proposal, *proposal.merged_cases.filter(status=Status.MERGED)]:
        for matter in _matters_of(case):
            _settle(proposal, matter)


def _settle(proposal: Proposal, matter: Matter) -> None:
    if proposal.status in ENDED:
        members_matters.onward_ended(matter, reason=ENDED[Status(proposal.status)])
        return
    if proposal.filed_on or proposal.status == Status.MERGED:
        duty.record_duty(matter_duty.conversion(matter, on=proposal.filed_on or proposal.submitted_on))
    if proposal.status == Status.REPLIED and proposal.replied_on:
        said = tracking.answered(proposal)
        members_matters.onward_answered(
            matter, answer=f"{tracking.name(proposal)[0]}{said}", result=f"写成的提案，{said}", on=proposal.replied_on
        )


def _matters_of(proposal: Proposal) -> list[Matter]:
    return [row for row in handover.sources_of(proposal) if isinstance(row, Matter)]


def conversions() -> Iterator[duty.Act]:
    """Every matter that became a filed or merged proposal."""
    links = dict(Handover.objects.filter(source_type=SOURCE, target_type=TARGET).values_list("source_id", "target_id"))
    counts = (*FILED_ON, Status.MERGED)
    cases = Proposal.objects.filter(pk__in=set(links.values()), status__in=counts)
    days = {pk: filed or submitted for pk, filed, submitted in cases.values_list("pk", "filed_on", "submitted_on")}
    rows = Matter.objects.filter(pk__in=links).select_related("studio").defer("text", "answer", "result")
    for matter in rows.iterator(chunk_size=1000):
        if day := days.get(links[matter.pk]):
            yield matter_duty.conversion(matter, on=day)
