"""Issues 刊发: put together, numbered without gaps at publishing, distributed, withdrawn."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, options, search, workflow
from core.acts import day, require
from core.errors import Refusal
from core.numbering import next_number, set_floor
from sentiment.models import Bulletin, BulletinItem, BulletinStatus, Distribution, OpinionReport, ReportStatus

TOTAL = "sentiment.bulletin.total"


def issue_scope(year: int) -> str:
    """The counter of a year's issue numbers."""
    return f"sentiment.bulletin:{year}"


@transaction.atomic
def create(reports: Sequence[OpinionReport], *, actor: Any) -> Bulletin:
    """Begin an issue with signed reports, and with the usual addressees."""
    require(actor, "sentiment.issue", act="编排刊期")
    bulletin = workflow.begin(
        Bulletin(
            year=timezone.localdate().year,
            report_to="、".join(options.value("sentiment.report_to")),
            send_to="、".join(options.value("sentiment.send_to")),
            made_by=actor,
        ),
        BulletinStatus.DRAFT,
    )
    bulletin.save()
    audit.record(verb="bulletin.create", summary="开始编排一期", actor=actor, subject=bulletin)
    set_items(bulletin, reports, actor=actor)
    return bulletin


@transaction.atomic
def set_items(bulletin: Bulletin, reports: Sequence[OpinionReport], *, actor: Any) -> None:
    """The reports of an issue in their order; each signed, and in no other issue."""
    require(actor, "sentiment.issue", act="编排刊期")
    current = _open(bulletin)
    rows = {row.pk: row for row in OpinionReport.objects.select_for_update().filter(pk__in=[r.pk for r in reports])}
    for row in rows.values():
        if row.status != ReportStatus.SIGNED:
            raise Refusal(f"《{row.title}》现在是“{row.get_status_display()}”，签发以后才能编入刊期。")
        other = row.entries.filter(bulletin__status=BulletinStatus.DRAFT).exclude(bulletin=current).first()
        if other:
            raise Refusal(f"《{row.title}》已编入另一期正在编排的刊期。")
    current.entries.all().delete()
    BulletinItem.objects.bulk_create(
        [BulletinItem(bulletin=current, report=rows[r.pk], order=order) for order, r in enumerate(reports)]
    )


@transaction.atomic
def take_in(report: OpinionReport, *, actor: Any) -> Bulletin:
    """Put a signed report behind the others of the issue that is being put together, or begin one with it."""
    current = Bulletin.objects.filter(status=BulletinStatus.DRAFT).order_by("-pk").first()
    if current is None:
        return create([report], actor=actor)
    rows = [row.report for row in current.entries.select_related("report")]
    set_items(current, [*(row for row in rows if row.pk != report.pk), report], actor=actor)
    return current


@transaction.atomic
def save(bulletin: Bulletin, *, actor: Any, report_to: str, send_to: str, copies: int) -> Bulletin:
    """The addressees and the number of copies of an issue that is being put together."""
    require(actor, "sentiment.issue", act="编排刊期")
    current = _open(bulletin)
    current.report_to, current.send_to, current.copies = report_to.strip(), send_to.strip(), copies
    current.save(update_fields=["report_to", "send_to", "copies"])
    return current


@transaction.atomic
def publish(bulletin: Bulletin, *, actor: Any, on: date | None = None) -> Bulletin:
    """Publish: the year's and the running number are taken under lock, so a double click gives one number."""
    current = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    if problem := workflow.refusal(current, "publish", actor):
        raise Refusal(problem)
    issued = day(on)
    set_floor(TOTAL, options.value("sentiment.total_before"))
    reports = [
        row.report for row in current.entries.select_related("report__editor", "report__checker", "report__signer")
    ]
    changes = {
        "year": issued.year,
        "issue_no": next_number(issue_scope(issued.year)),
        "total_no": next_number(TOTAL),
        "issued_on": issued,
        "editor_name": names_of(row.editor for row in reports),
        "checker_name": names_of(row.checker for row in reports),
        "signer_name": names_of(row.signer for row in reports),
    }
    current = workflow.perform(current, "publish", actor=actor, changes=changes, on=issued)
    for report in reports:
        workflow.perform(report, "issue", actor=None, changes={"issued_on": issued}, on=issued)
    return current


def names_of(people: Any) -> str:
    """Whoever had a hand in the issue, each named once."""
    return "、".join(dict.fromkeys(str(person) for person in people if person))[:40]


@transaction.atomic
def withdraw(bulletin: Bulletin, *, actor: Any, reason: str) -> Bulletin:
    """Withdraw an issue: its numbers stay with it, its reports wait for another issue and leave the portal."""
    current = workflow.perform(
        bulletin, "withdraw", actor=actor, changes={"withdrawn_reason": reason.strip()[:300]}, reason=reason
    )
    for row in current.entries.select_related("report"):
        workflow.perform(row.report, "take_off", actor=None, changes={"issued_on": None, "published_on": None})
        search.remove(row.report, face=search.PUBLIC)
    return current


@transaction.atomic
def distribute(
    bulletin: Bulletin, recipients: Sequence[str], *, actor: Any, way: str, on: date, copies: int = 1
) -> int:
    """Record to whom an issue went; returns how many lines were added."""
    require(actor, "sentiment.issue", act="登记分发")
    if bulletin.status != BulletinStatus.PUBLISHED:
        raise Refusal("刊发以后再登记分发。")
    names = [name for part in recipients if (name := part.strip())]
    if not names:
        raise Refusal("请填写发给谁。", field="recipients")
    Distribution.objects.bulk_create(
        [
            Distribution(bulletin=bulletin, recipient=name[:60], way=way, on=day(on), copies=copies, made_by=actor)
            for name in names
        ]
    )
    audit.record(
        verb="bulletin.distribute",
        summary=f"分发{len(names)}处：{'、'.join(names)}"[:200],
        actor=actor,
        subject=bulletin,
    )
    return len(names)


@transaction.atomic
def undistribute(row: Distribution, *, actor: Any) -> None:
    """Take a wrongly recorded line of the distribution off; the log keeps it."""
    require(actor, "sentiment.issue", act="更正分发登记")
    audit.record(
        verb="bulletin.undistribute", actor=actor, subject=row.bulletin,
        summary=f"删去分发登记：{row.recipient}，{row.get_way_display()}{row.copies}份"[:200],
    )  # fmt: skip
    row.delete()


def _open(bulletin: Bulletin) -> Bulletin:
    current = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    if current.status != BulletinStatus.DRAFT:
        raise Refusal(f"这一期{current.get_status_display()}，不能再改。")
    return current
