"""Excellent proposals 优秀提案 of a year: named after the assessment, and taken back with a reason.

Chosen among the answered cases by the committee and the chairmen's meeting; the day of that meeting
is the day that counts in the proposers' duty files.
"""

from datetime import date

from django.db import transaction

from core import workflow
from core.acts import day
from proposals.models import Proposal
from proposals.services.common import fresh, lock_case


@transaction.atomic
def mark_excellent(proposal: Proposal, *, actor, on: date | None = None) -> Proposal:
    """Name a case an excellent proposal as of ``on``, today by default; ``Refusal`` for a day to come."""
    current = lock_case(proposal.pk)
    chosen = day(on)
    workflow.perform(
        current,
        "mark_excellent",
        actor=actor,
        changes={"excellent_on": chosen, "excellent_times": current.excellent_times + 1},
        summary=f"{chosen.year}年{chosen.month}月{chosen.day}日评为优秀提案",
    )
    return fresh(current)


@transaction.atomic
def revoke_excellent(proposal: Proposal, *, actor, reason: str) -> Proposal:
    """Take the honour back; the rows in the duty ledger are reversed with it."""
    current = lock_case(proposal.pk)
    workflow.perform(current, "revoke_excellent", actor=actor, reason=reason, changes={"excellent_on": None})
    return fresh(current)
