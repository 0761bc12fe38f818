"""Opinion reports among the other records 转出转入: what they give to a proposal, how they are named and told.

A matter of a studio and a proposal that was not filed may go on as a report; a report may go on as a
proposal. Neither side knows the other: core keeps the link.
"""

from typing import Any

from core import handover, tracking
from core.tracking import Step
from members.matters import onward as matter_onward
from members.matters.onward import Onward
from members.models import Matter
from sentiment.models import Forward, OpinionReport, ReportStatus
from sentiment.selectors import is_own

LABEL = "sentiment.opinionreport"
PRIVATE = (ReportStatus.DRAFT, ReportStatus.RETURNED)
WORKING = (ReportStatus.SUBMITTED, ReportStatus.EDITING, ReportStatus.EDITED, ReportStatus.CHECKED, ReportStatus.SIGNED)
ENDS: dict[str, str] = {
    ReportStatus.KEPT: "来稿留存备查，这次没有编发。",
    ReportStatus.WITHDRAWN: "来稿撤回了。",
    ReportStatus.TO_PROPOSAL: "区政协建议把它写成提案。",
}


def register() -> None:
    """Join the registries of handover, tracking and the ways on from a matter."""
    handover.offer(LABEL, give)
    handover.name_with(LABEL, name)
    tracking.tell_with(LABEL, steps, successor=lambda report: report.combined_into)
    matter_onward.register(Onward(Matter.Route.TO_OPINION, LABEL, "写成社情民意", "sentiment:new", _may_begin))


def _may_begin(user: Any) -> bool:
    return user.has_perm("sentiment.add_report")


def give(user: Any, report: OpinionReport) -> handover.Data | None:
    """The text of a report for the draft of a proposal: to its author, when the office suggests it."""
    if report.status != ReportStatus.TO_PROPOSAL or not is_own(user, report):
        return None
    lines = [line.strip() for line in report.suggestions.splitlines() if line.strip()]
    values = {
        "title": report.title,
        "situation": report.situation,
        "analysis": report.analysis,
        "suggestions": lines,
    }
    return handover.Data(f"社情民意{report.code or ''}《{report.title}》", report.get_absolute_url(), values)


def name(report: OpinionReport) -> tuple[str, str]:
    """A report in words for those who may see it; a draft keeps its title to itself."""
    if not report.code:
        return "社情民意草稿", report.get_absolute_url()
    return f"社情民意{report.code}《{report.title}》", report.get_absolute_url()


def steps(report: OpinionReport) -> list[Step]:
    """How a report stands for whoever holds a receipt code: no names, no text, no leader's note.

    A resident's own letter ends with the office's answer to him.
    """
    found = _way(report)
    if report.reply_to_sender:
        found.append(Step(report.replied_on, f"答复：{report.reply_to_sender}"))
    return found


def _way(report: OpinionReport) -> list[Step]:
    if report.status in PRIVATE:
        return [Step(None, "正在写成社情民意信息。", open=True)]
    own = report.source == OpinionReport.Source.PUBLIC
    found = [Step(report.submitted_on, "收到您反映的情况。" if own else "已写成社情民意信息报送区政协。")]
    if report.status in ENDS:
        return [*found, Step(None, ENDS[report.status])]
    if report.status in WORKING:
        return [*found, Step(None, "区政协正在编辑审核。", open=True)]
    if report.status == ReportStatus.COMBINED:
        return [*found, Step(None, "和同类来稿编在一起反映。")]
    if report.issued_on:
        found.append(Step(report.issued_on, "已编发，报送区委、区政府领导。"))
    for row in Forward.objects.filter(report=report).select_related("unit"):
        found.append(Step(row.sent_on, f"已转{row.unit.name}办理。"))
        if row.answered_on:
            found.append(Step(row.answered_on, f"{row.unit.name}已经答复。"))
        else:
            found.append(Step(report.next_due, f"等{row.unit.name}答复。", open=True))
    if report.closed_on:
        found.append(Step(report.closed_on, "已办结。"))
    return found
