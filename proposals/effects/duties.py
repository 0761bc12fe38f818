"""The duty ledger 履职台账 follows the moves that count for proposers."""

from proposals import duty
from proposals.effects.telling import on
from proposals.models import Proposal


@on("duty")
def settle_duty(proposal: Proposal, payload: dict) -> None:
    """Record what the proposal proves now, and take back what it no longer does."""
    duty.settle(proposal)
