"""Outcomes among the other records 成果转出: one goes on as a proposal or as an opinion report, once each.

Core keeps the link; neither of the other apps is known here but by the name of its page.
"""

from typing import Any

from django.db import models
from django.utils import timezone

from consultations.models import Consultation, Outcome, OutcomeStatus
from consultations.services.outcomes import went_up
from core import attachments, handover, navigation, workflow
from core.errors import Refusal
from members.models import Attendance

LABEL = "consultations.outcome"
WAYS = (
    ("proposals.proposal", "转为提案", "proposals:new", "proposals.add_proposal"),
    ("sentiment.opinionreport", "转为社情民意", "sentiment:new", "sentiment.add_report"),
)
"""What it may become: the model, the words of the button, its page, who may begin one."""


def register() -> None:
    """Offer outcomes to the pages of new drafts, follow what became of them, say who reads evidence of conversions."""
    handover.offer(LABEL, give)
    handover.name_with(LABEL, name)
    handover.follow(LABEL, went_on)
    attachments.readable(
        "consultations.conversion",
        lambda user, row: Outcome.objects.visible_to(user).filter(pk=row.outcome_id).exists(),
        lambda row: row.outcome.consultation,
    )


def may_hand_over(user: Any, outcome: Outcome) -> bool:
    """Whoever runs the session, and once it was sent also members who came."""
    if user.has_perm("consultations.write_outcome", outcome):
        return True
    activity = outcome.consultation.activity_id
    if outcome.status == OutcomeStatus.DRAFT or not user.member_id or not activity:
        return False
    came = Attendance.objects.filter(activity=activity, member=user.member_id, state=Attendance.State.PRESENT)
    return came.exists()


def give(user: Any, outcome: Outcome) -> handover.Data | None:
    """Its text and suggestions for the draft."""
    if not may_hand_over(user, outcome):
        return None
    asks = list(outcome.suggestions.values_list("text", flat=True))
    values = {"title": outcome.title[:50], "situation": outcome.text, "analysis": "", "suggestions": asks}
    words, url = name(outcome)
    return handover.Data(words, url, values)


def name(outcome: Outcome) -> tuple[str, str]:
    """An outcome in words for those who may see it."""
    return f"{outcome.get_kind_display()}《{outcome.title}》", outcome.get_absolute_url()


def went_on(outcome: Outcome, target: models.Model) -> None:
    """It went on: a second draft of the same kind is refused; one that had not been sent counts as sent by this."""
    session = Consultation.objects.select_for_update().get(pk=outcome.consultation_id)
    current = Outcome.objects.select_for_update().get(pk=outcome.pk)
    kind = target._meta.label_lower
    if any(one._meta.label_lower == kind and one.pk != target.pk for one in handover.targets_of(current)):
        raise Refusal(f"《{current.title}》已经转过一次，不用再转。")
    if current.status == OutcomeStatus.DRAFT:
        today = timezone.localdate()
        words = next((label for known, label, _, _ in WAYS if known == kind), "转出")
        workflow.perform(current, "hand_over", actor=None, changes={"sent_on": today, "sent_to": words}, summary=words)
        went_up(session, on=today)


def ways(user: Any, outcome: Outcome) -> list[tuple[str, str]]:
    """Words and address of each button that begins such a draft, while it has not been begun."""
    if not may_hand_over(user, outcome):
        return []
    gone = {one._meta.label_lower for one in handover.targets_of(outcome)}
    found = []
    for kind, label, page, permission in WAYS:
        address = navigation.address(page, f"from={LABEL}:{outcome.pk}")
        if kind not in gone and address and user.has_perm(permission):
            found.append((label, address))
    return found
