"""Who reads the files of an adoption 采用依据 and of a unit's answer 答复附件: whoever sees these on the page."""

from typing import Any

from core import attachments
from members.models import Role
from sentiment.models import Adoption, Forward, OpinionReport
from sentiment.selectors import ANSWER, EVIDENCE, OFFICE, is_own, leads


def register() -> None:
    """Answer for these files; those of a report follow its ``visible_to``."""
    attachments.readable(EVIDENCE, _reads_evidence, lambda row: row.report)
    attachments.readable(ANSWER, _reads_answer, lambda row: row.report)


def _sees(user: Any, report_id: int) -> bool:
    return OpinionReport.objects.visible_to(user).filter(pk=report_id).exists()


def _reads_evidence(user: Any, row: Adoption) -> bool:
    """The office, leaders and who reported it; never once the adoption was taken off, except for the office."""
    if not _sees(user, row.report_id):
        return False
    if user.has_role(*OFFICE):
        return True
    return row.removed_at is None and (leads(user) or is_own(user, row.report))


def _reads_answer(user: Any, row: Forward) -> bool:
    """The unit itself at any time; the office, leaders, inspection and who reported it once the answer was sent."""
    if not _sees(user, row.report_id):
        return False
    if row.unit_id in user.unit_ids():
        return True
    told = user.has_role(*OFFICE, Role.INSPECTION) or leads(user) or is_own(user, row.report)
    return bool(row.answered_on) and told
