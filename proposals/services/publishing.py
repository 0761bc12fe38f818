"""Publication 公开 of a proposal with its replies, and the decision not to publish (domain rules §1.4, §1.8).

The proposer's consent and every unit's word come first; then the proposals office looks through
the text and decides within the term that starts with the reply.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from core import deadlines, workflow
from core.errors import Refusal
from proposals import terms
from proposals.models import Proposal, Reply
from proposals.services.common import fresh, lock_case


def obstacle(proposal: Proposal) -> str | None:
    """Who has said that it must not be published, in words; None when the office may decide."""
    if not proposal.publish_consent:
        return "提案者不同意公开。"
    letters = Reply.objects.filter(task__proposal=proposal, status=Reply.Status.ISSUED)
    if closed := letters.filter(may_publish=False).select_related("task__unit").first():
        return f"{closed.task.unit}的答复注明不公开。"
    return None


def watch(proposal: Proposal, *, start: date) -> None:
    """Open the term of a case answered on ``start``; none where it is decided or must stay closed.

    Runs inside the transaction of the act that calls it.
    """
    if proposal.published_on is None and proposal.withheld_on is None and obstacle(proposal) is None:
        terms.open_publication(proposal, start=start)


@transaction.atomic
def publish(proposal: Proposal, *, actor) -> Proposal:
    """Publish proposal and replies: needs the proposer's consent and every unit's word that it may."""
    current = lock_case(proposal.pk)
    if current.published_on is not None:
        raise Refusal("这件提案已经公开。")
    if problem := obstacle(current):
        raise Refusal(problem)
    today = timezone.localdate()
    changes = {"published_on": today, "withheld_on": None, "withheld_reason": ""}
    workflow.perform(current, "publish", actor=actor, changes=changes)
    deadlines.meet(current, "publish", on=today)
    return fresh(current)


@transaction.atomic
def withhold(proposal: Proposal, *, actor, reason: str) -> Proposal:
    """Decide knowingly not to publish, with the reason; it may still be published later."""
    current = lock_case(proposal.pk)
    today = timezone.localdate()
    changes = {"withheld_on": today, "withheld_reason": reason.strip()[:300]}
    workflow.perform(current, "withhold", actor=actor, changes=changes, reason=reason)
    deadlines.meet(current, "publish", on=today)
    return fresh(current)
