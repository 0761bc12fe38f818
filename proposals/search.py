"""What the search 检索 may find of a proposal: the one place that fills its entry of the index."""

from core import search
from proposals.models import Proposal


def reindex(proposal: Proposal) -> None:
    """Write the search entry of a proposal: number, title, text, suggestions and proposers' names."""
    search.index(
        proposal,
        proposal.case_no,
        proposal.intake_no or "",
        proposal.title,
        proposal.situation,
        proposal.analysis,
        *proposal.suggestions.values_list("text", flat=True),
        *proposal.proposers.exclude(state__in=["declined", "dropped"]).values_list("name", flat=True),
    )
