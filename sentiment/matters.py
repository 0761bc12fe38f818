"""Reports that began as a matter 民情事项: what becomes of them told back to it, and the studio's credit for it."""

from collections.abc import Iterator

from core import handover
from core.models import Handover
from members.duty import acts as duty_acts
from members.models import Matter
from members.services import duty, matter_duty
from members.services import matters as members_matters
from sentiment.models import Forward, OpinionReport, ReportStatus

SOURCE, TARGET = "members.matter", "sentiment.opinionreport"
ENDED = {
    ReportStatus.KEPT: "写成的社情民意留存备查，没有编发",
    ReportStatus.WITHDRAWN: "写成的社情民意撤回了",
    ReportStatus.TO_PROPOSAL: "写成的社情民意建议改写成提案",
}
DONE = (ReportStatus.ANSWERED, ReportStatus.CLOSED)


def register() -> None:
    """Count the conversions when the duty ledger is caught up."""
    duty_acts.sweep_with(conversions)


def settle(report: OpinionReport) -> None:
    """Tell the matters behind a report, and behind those combined into it, how it stands; again changes nothing."""
    for part in [report, *report.parts_combined.filter(status=ReportStatus.COMBINED)]:
        for matter in _matters_of(part):
            _settle(report, matter)


def _settle(report: OpinionReport, matter: Matter) -> None:
    if report.status in ENDED:
        members_matters.onward_ended(matter, reason=ENDED[ReportStatus(report.status)])
        return
    if report.issued_on:
        duty.record_duty(matter_duty.conversion(matter, on=report.issued_on))
    if report.status in DONE:
        said, on = outcome(report)
        members_matters.onward_answered(
            matter,
            answer=f"社情民意{report.code}：{said}",
            result=f"写成的社情民意，{said}",
            on=on or matter.received_on,
        )


def outcome(report: OpinionReport):
    """What came of a report that is done, in words without any name, and the day of it."""
    rows = Forward.objects.filter(report=report, answered_on__isnull=False).select_related("unit").order_by("id")
    answered = {row.unit_id: row for row in rows}
    if answered:
        units = "、".join(row.unit.name for row in answered.values())
        return f"{units}已经答复。", max(row.answered_on for row in answered.values())
    if report.issued_on:
        return "已编发，报送区委、区政府领导。", report.closed_on or report.issued_on
    return "已办结。", report.closed_on


def _matters_of(report: OpinionReport) -> list[Matter]:
    return [row for row in handover.sources_of(report) if isinstance(row, Matter)]


def conversions() -> Iterator[duty.Act]:
    """Every matter that became a report which was issued, alone or within a composite."""
    links = dict(Handover.objects.filter(source_type=SOURCE, target_type=TARGET).values_list("source_id", "target_id"))
    rows = OpinionReport.objects.filter(pk__in=set(links.values()))
    days = {
        pk: alone or within for pk, alone, within in rows.values_list("pk", "issued_on", "combined_into__issued_on")
    }
    matters = Matter.objects.filter(pk__in=links).select_related("studio").defer("text", "answer", "result")
    for matter in matters.iterator(chunk_size=1000):
        if day := days.get(links[matter.pk]):
            yield matter_duty.conversion(matter, on=day)
