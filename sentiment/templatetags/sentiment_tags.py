"""Small tags of the opinion report pages: states as badges."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

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
    return _badge(ReportStatus(report.status).label, LOOKS.get(report.status, "info"))


@register.simple_tag
def bulletin_state(bulletin: Bulletin) -> SafeString:
    """The state of an issue."""
    return _badge(BulletinStatus(bulletin.status).label, ISSUES.get(bulletin.status, "info"))


@register.simple_tag
def forward_state(row: Forward) -> SafeString:
    """The state of what was forwarded."""
    return _badge(ForwardStatus(row.status).label, FORWARDS.get(row.status, "info"))


@lru_cache(maxsize=64)
def _badge(label: str, look: str) -> SafeString:
    return format_html('<span class="badge{}">{}</span>', f" badge-{look}" if look else "", label)
