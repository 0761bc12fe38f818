"""Small tags of the proposal pages: the state as a badge, suggestions numbered as in papers."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString

from core.state_badge import badge
from proposals.models import Proposal, Status
from proposals.models.proposal import review_state

register = template.Library()

LOOKS = {
    Status.RETURNED: "soon",
    Status.REHANDLING: "soon",
    Status.FOLLOW_UP: "soon",
    Status.CLOSED: "done",
    Status.ARCHIVED: "done",
    Status.DRAFT: "",
    Status.MERGED: "",
    Status.NOT_FILED: "",
    Status.WITHDRAWN: "",
}
_DIGITS = "零一二三四五六七八九"


@register.simple_tag
def proposal_state(proposal: Proposal) -> SafeString:
    """The state in words with its shape and colour; a proposal under review says whose turn it is."""
    return state_badge(proposal.status, reviewed_once=bool(proposal.first_reviewer_id))


@lru_cache(maxsize=64)
def state_badge(status: str, *, reviewed_once: bool) -> SafeString:
    """The badge of a state; ``reviewed_once`` tells which of the two reviewers is awaited."""
    state = Status(status)
    label = review_state(reviewed_once) if state == Status.REVIEWING else state.label
    look = LOOKS.get(state, "info")
    return badge(label, look)


@register.filter
def chinese_number(value: int) -> str:
    """A number below 100 as papers count: 3 is 三, 12 is 十二."""
    tens, ones = divmod(int(value), 10)
    if tens == 0:
        return _DIGITS[ones]
    return f"{_DIGITS[tens] if tens > 1 else ''}十{_DIGITS[ones] if ones else ''}"
