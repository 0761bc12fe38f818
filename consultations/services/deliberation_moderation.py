"""Moderation 意见审核: publish, refuse with a reason, merge what says the same; one by one or in a batch."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations.models import Opinion, OpinionStatus, Vote
from core import workflow
from core.errors import Refusal

CHUNK = 2000


def publish(opinion: Opinion, *, actor: Any) -> Opinion:
    """Let everybody see it; one that was refused may be published after all."""
    return workflow.perform(opinion, "publish", actor=actor, changes={**_by(actor), "reason": ""})


def refuse(opinion: Opinion, *, actor: Any, reason: str) -> Opinion:
    """Keep it from others; its author reads the reason."""
    reason = reason.strip()[:200]
    return workflow.perform(opinion, "refuse", actor=actor, changes={**_by(actor), "reason": reason}, reason=reason)


@transaction.atomic
def merge(opinion: Opinion, into: Opinion, *, actor: Any) -> Opinion:
    """Merge one into another that says the same: whoever voted on the first only, votes so on the second.

    Whoever voted on both keeps what he said to the second. The votes on the first stay where they are.
    """
    target = Opinion.objects.select_for_update().filter(pk=into.pk, deliberation=opinion.deliberation_id).first()
    if target is None or target.pk == opinion.pk:
        raise Refusal("请选同一场议政里的另一条意见。")
    if target.status != OpinionStatus.PUBLISHED:
        raise Refusal("只能并入已经公开的意见。")
    row = workflow.perform(
        opinion, "merge", actor=actor, changes={**_by(actor), "merged_into": target},
        summary=f"并入“{target.text[:40]}”",
    )  # fmt: skip
    Opinion.objects.filter(merged_into=row).update(merged_into=target)
    known = set(Vote.objects.filter(opinion=target).values_list("participant_id", flat=True))
    own = {target.participant_id}
    votes = Vote.objects.filter(opinion=row).values_list("participant_id", "value")
    moved = [Vote(participant_id=who, opinion=target, value=value) for who, value in votes if who not in known | own]
    Vote.objects.bulk_create(moved, batch_size=CHUNK, ignore_conflicts=True)
    Opinion.objects.filter(pk=target.pk).update(votes=Vote.objects.filter(opinion=target).count())
    return row


def _by(actor: Any) -> dict[str, Any]:
    return {"decided_at": timezone.now(), "decided_by": actor}
