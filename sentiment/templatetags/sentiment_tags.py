"""Small tags of the opinion report pages: states as badges."""

from django import template
from django.utils.safestring import SafeString

from core.state_badge import badge
from sentiment.models import Bulletin, BulletinStatus, Forward, ForwardStatus, OpinionReport, ReportStatus

register = template.Library()

LOOKS: dict[str, str] = {
    ReportStatus.RETURNED: "soon",
    ReportStatus.ANSWERED: "soon",
    ReportStatus.CLOSED: "done",
    ReportStatus.DRAFT: "",
    ReportStatus.KEPT: "",
    ReportStatus.WITHDRAWN: "",
    ReportStatus.TO_PROPOSAL: "",
    ReportStatus.COMBINED: "",
}
ISSUES: dict[str, str] = {BulletinStatus.PUBLISHED: "done", BulletinStatus.WITHDRAWN: ""}
FORWARDS: dict[str, str] = {ForwardStatus.SENT: "soon", ForwardStatus.ACCEPTED: "done", ForwardStatus.ASKED_AGAIN: ""}


@register.simple_tag
def report_state(report: OpinionReport) -> SafeString:
    """The state of a report in words with its shape and colour."""
    return badge(ReportStatus(report.status).label, LOOKS.get(report.status, "info"))


@register.simple_tag
def bulletin_state(bulletin: Bulletin) -> SafeString:
    """The state of an issue."""
    return badge(BulletinStatus(bulletin.status).label, ISSUES.get(bulletin.status, "info"))


@register.simple_tag
def forward_state(row: Forward) -> SafeString:
    """The state of what was forwarded."""
    return badge(ForwardStatus(row.status).label, FORWARDS.get(row.status, "info"))
