"""Who reads the files of feedback and replies 附件权限: whoever reads the proposal, sealed ratings apart."""

from core import attachments
from proposals.models import Feedback, Proposal, Reply
from proposals.selectors_item import is_sealed
from proposals.selectors_unit import replies_for


def register() -> None:
    """Tell core how these records lead to their case."""
    attachments.readable("proposals.feedback", _reads_feedback, lambda row: row.proposal)
    attachments.readable("proposals.reply", _reads_reply, lambda row: row.task.proposal)


def _reads_feedback(user, row: Feedback) -> bool:
    visible = Proposal.objects.visible_to(user).filter(pk=row.proposal_id).exists()
    return visible and not (is_sealed(row.proposal, user) and row.round == row.proposal.round)


def _reads_reply(user, row: Reply) -> bool:
    return replies_for(user).filter(pk=row.pk).exists()
