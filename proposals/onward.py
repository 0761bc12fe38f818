"""A proposal that was not filed 不立案 goes on as an opinion report 社情民意: the way there, and the link kept.

The other app is known by the name of its page only; core keeps the link between the two.
"""

from typing import Any

from core import handover, navigation
from proposals.models import Proposal, Status

LABEL = "proposals.proposal"
WORDS = "写成社情民意"


def register() -> None:
    """Offer the text of a proposal that was not filed."""
    handover.offer(LABEL, give)


def give(user: Any, proposal: Proposal) -> handover.Data | None:
    """The text for the draft of a report: to whoever proposed it, and before it went on."""
    if not _may(user, proposal) or handover.targets_of(proposal):
        return None
    asks = [row.text for row in proposal.suggestions.all()]
    numbered = [f"{place}. {text}" for place, text in enumerate(asks, 1)] if len(asks) > 1 else asks
    values = {
        "title": proposal.title,
        "situation": proposal.situation,
        "analysis": proposal.analysis,
        "suggestions": "\n".join(numbered),
    }
    words = f"未立案的提案{proposal.intake_no or ''}《{proposal.title}》"
    return handover.Data(words, proposal.get_absolute_url(), values)


def way(user: Any, proposal: Proposal) -> tuple[str, str] | None:
    """Words and address of the button on the proposal's page; None where there is nothing to begin."""
    if not _may(user, proposal) or not user.has_perm("sentiment.add_report"):
        return None
    address = navigation.address("sentiment:new", f"from={LABEL}:{proposal.pk}")
    return (WORDS, address) if address and not handover.targets_of(proposal) else None


def went_to(user: Any, proposal: Proposal) -> list[tuple[str, str]]:
    """What a proposal that was not filed became, as far as ``user`` may see it."""
    return handover.seen_by(user, handover.targets_of(proposal)) if proposal.status == Status.NOT_FILED else []


def _may(user: Any, proposal: Proposal) -> bool:
    return proposal.status == Status.NOT_FILED and user.has_perm("proposals.write_draft", proposal)
