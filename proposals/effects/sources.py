"""The matters 民情事项 that led to a proposal follow what becomes of it."""

from proposals import matters
from proposals.effects.telling import on
from proposals.models import Proposal


@on("matters")
def settle_matters(proposal: Proposal, payload: dict) -> None:
    """Tell each matter behind the proposal how it stands now."""
    matters.settle(proposal)
