"""What all stages share: locking a case first, batches row by row, people concerned by a case."""

from collections.abc import Iterable

from django.db import models

from core.acts import BatchResult, day, fresh, require, run_batch, words
from proposals.models import Proposal, Proposer, UnitTask

__all__ = [
    "BatchResult",
    "all_proposers",
    "day",
    "fresh",
    "lock_case",
    "lock_cases",
    "lock_task",
    "require",
    "run_batch",
    "words",
]


def lock_case(proposal_id: int) -> Proposal:
    """The case, locked and read anew.

    Every service locks the case before any other row, so that two services never wait for each
    other in a ring.
    """
    return Proposal.objects.select_for_update().get(pk=proposal_id)


def lock_cases(ids: Iterable[int]) -> dict[int, Proposal]:
    """Several cases by id, locked in the order of their ids."""
    rows = Proposal.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows}


def lock_task(task: UnitTask) -> tuple[Proposal, UnitTask]:
    """The case and then its task, both locked and read anew."""
    proposal = lock_case(task.proposal_id)
    current = UnitTask.objects.select_for_update().get(pk=task.pk)
    current.proposal = proposal
    return proposal, current


def all_proposers(proposal: Proposal) -> list[Proposer]:
    """Confirmed proposers of a case and of every case merged into it, the case's own first."""
    rows = Proposer.objects.filter(state=Proposer.State.CONFIRMED).filter(
        models.Q(proposal=proposal) | models.Q(proposal__merged_into=proposal, proposal__status="merged")
    )
    return sorted(rows, key=lambda row: (row.proposal_id != proposal.pk, row.proposal_id, row.order, row.pk))
