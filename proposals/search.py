"""What the search 检索 may find of a proposal: the one place that fills its entry of the index."""

from typing import Any

from core import search, similar
from proposals.models import Proposal, Reply

KIND = "proposals.proposal"
ASK = 50
"""Candidates looked at, of which the reader may not see all."""


def reindex(proposal: Proposal) -> None:
    """Write the search entry of a proposal: number, title, text, suggestions and proposers' names."""
    suggestions = list(proposal.suggestions.values_list("text", flat=True))
    search.index(
        proposal,
        proposal.case_no,
        proposal.intake_no or "",
        proposal.title,
        proposal.situation,
        proposal.analysis,
        *suggestions,
        *proposal.proposers.exclude(state__in=["declined", "dropped"]).values_list("name", flat=True),
    )
    similar.index(proposal, proposal.title, "\n".join([proposal.situation, proposal.analysis, *suggestions]))


def index_reply(reply: Reply) -> None:
    """Write the search entry of a delivered reply: its answers and promises, never its contacts."""
    answers = list(reply.items.values_list("text", flat=True))
    promises = list(reply.promises.values_list("text", flat=True))
    search.index(reply, reply.opening, *answers, *promises, reply.closing)


def similar_to(
    user: Any, title: str, text: str, *, limit: int = 10, without: int | None = None
) -> list[tuple[Proposal, similar.Hit]]:
    """Proposals that ``user`` may see and that say much the same, best first; None as user sees all."""
    hits = similar.find(KIND, title, text, limit=ASK, without=without)
    rows = Proposal.objects.all() if user is None else Proposal.objects.visible_to(user)
    found = rows.select_related("session").for_list().in_bulk([hit.id for hit in hits])
    return [(found[hit.id], hit) for hit in hits if hit.id in found][:limit]
