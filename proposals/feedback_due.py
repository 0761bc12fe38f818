"""Feedback 征询意见表 that a member owes on answered proposals, for his duty file."""

from collections.abc import Iterator

from django.urls import reverse

from members.duty.due import Due
from members.models import Member
from proposals.models import Feedback, Status
from proposals.todos.lines import term

MOST = 10


def feedback_of(member: Member) -> Iterator[Due]:
    """Forms that wait for him, the nearest term first; one query."""
    rows = Feedback.objects.filter(
        state=Feedback.State.WAITING, proposer__member=member, proposal__status=Status.REPLIED
    )
    lines = rows.annotate(until=term(Feedback, "feedback", "due")).order_by("until", "pk")
    for pk, title, until in lines.values_list("pk", "proposal__title", "until")[:MOST]:
        yield Due(f"《{title}》的征询意见表没有填", reverse("proposals:feedback", args=[pk]), until)
