"""What follows a report: adoption 采用, notes 批示, forwarding 转办, the answer, feedback, the public abstract."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import attachments, audit, outbox, search, workflow
from core.acts import day, require, words
from core.errors import Refusal
from members.models import HandlingUnit
from sentiment import terms
from sentiment.models import Adoption, Forward, ForwardStatus, LeaderNote, Level, OpinionReport, ReportStatus
from sentiment.services.writing import lock

MOST_EVIDENCE = 3
"""Files that may prove one adoption."""
NEVER = (ReportStatus.DRAFT, ReportStatus.RETURNED, ReportStatus.WITHDRAWN)


@transaction.atomic
def adopt(
    report: OpinionReport, *, actor: Any, level: str, body_name: str, on: date | None, is_combined: bool = False,
    note: str = "", files: Sequence[Any] = (),
) -> Adoption:  # fmt: skip
    """Record that a body of some level took the report up, with its evidence; the same body counts once."""
    require(actor, "sentiment.record_aftermath", report, act="登记采用")
    current = lock(report)
    if current.status in NEVER:
        raise Refusal(f"现在是“{current.get_status_display()}”，不能登记采用。")
    body_name = words(body_name, "采用单位", field_name="body_name", limit=60)
    try:
        with transaction.atomic():
            row = Adoption.objects.create(
                report=current, level=level, body_name=body_name, on=day(on) if on else None,
                is_combined=is_combined, note=note.strip()[:200], made_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(f"{body_name}的采用已经登记过了。", field="body_name") from error
    for upload in files:
        attachments.add(row, upload, actor=actor, kind="evidence", most=MOST_EVIDENCE)
    audit.record(
        verb="opinionreport.adopt",
        summary=f"{row.get_level_display()}级采用：{body_name}",
        actor=actor,
        subject=current,
    )
    _recount(current, f"adopt:{row.pk}")
    return row


@transaction.atomic
def note(
    report: OpinionReport, *, actor: Any, leader: str, level: str, text: str, on: date | None, for_unit: bool = False
) -> LeaderNote:
    """Record a leader's note; its text is seen only by those entitled."""
    require(actor, "sentiment.record_aftermath", report, act="登记批示")
    current = lock(report)
    if current.status in NEVER:
        raise Refusal(f"现在是“{current.get_status_display()}”，不能登记批示。")
    row = LeaderNote.objects.create(
        report=current, leader=words(leader, "批示领导", field_name="leader", limit=40), level=level,
        text=words(text, "批示内容", field_name="text", limit=1000), on=day(on) if on else None, for_unit=for_unit,
        made_by=actor,
    )  # fmt: skip
    audit.record(verb="opinionreport.note", summary=f"登记{row.leader}批示", actor=actor, subject=current)
    _recount(current, f"note:{row.pk}")
    return row


@transaction.atomic
def write_note(report: OpinionReport, *, actor: Any, text: str, for_unit: bool = False) -> LeaderNote:
    """A leader's own note on an issued report, in his name and of today; the office is told."""
    require(actor, "sentiment.write_note", report, act="批示")
    current = lock(report)
    require(actor, "sentiment.write_note", current, act="批示")
    row = LeaderNote.objects.create(
        report=current, leader=str(actor)[:40], level=Level.DISTRICT, for_unit=for_unit, on=timezone.localdate(),
        text=words(text, "批示内容", field_name="text", limit=1000), made_by=actor,
    )  # fmt: skip
    entry = audit.record(verb="opinionreport.note", summary=f"{row.leader}批示", actor=actor, subject=current)
    outbox.add(
        "sentiment.noted",
        key=f"sentiment.noted:{row.pk}",
        payload={"model": "sentiment.opinionreport", "id": current.pk, "verb": "note", "entry": entry.pk},
    )
    _recount(current, f"note:{row.pk}")
    return row


def see_phones(report: OpinionReport, *, actor: Any) -> None:
    """Look at the telephones of those who report, for whoever must reach them; each look is recorded."""
    require(actor, "sentiment.see_contacts", report, act="看反映人电话")
    audit.record(verb="opinionreport.phone", summary="查看反映人电话", actor=actor, subject=report)


@transaction.atomic
def remove_record(row: Adoption | LeaderNote, *, actor: Any, reason: str) -> None:
    """Take a wrongly recorded adoption or note off; the row stays in the log's reach."""
    require(actor, "sentiment.record_aftermath", row.report, act="删去登记")
    if not reason.strip():
        raise Refusal("请写明删去的理由。", field="reason")
    current = lock(row.report)
    changed = type(row)._base_manager.filter(pk=row.pk, removed_at__isnull=True).update(removed_at=timezone.now())
    if not changed:
        raise Refusal("这一条已经删去了。")
    audit.record(
        verb="opinionreport.unrecord", summary=f"删去{row._meta.verbose_name}登记", actor=actor, subject=current,
        reason=reason.strip(),
    )  # fmt: skip
    _recount(current, f"unrecord:{row._meta.model_name}:{row.pk}")


@transaction.atomic
def forward(
    report: OpinionReport, units: Sequence[HandlingUnit], *, actor: Any, request: str = "", on: date | None = None,
    days: int | None = None,
) -> list[Forward]:  # fmt: skip
    """Send an issued report to units, each with a term of ``days`` working days (the usual one without);
    a unit that has it already is named."""
    require(actor, "sentiment.forward", report, act="转办")
    if not units:
        raise Refusal("请选择转办单位。", field="units")
    current = lock(report)
    busy = current.forwards.filter(unit__in=units).select_related("unit").first()
    if busy:
        raise Refusal(f"{busy.unit}已经转办过；要再办理，请在它的答复下点“请再办理”。", field="units")
    sent = day(on)
    rows = [_send(current, unit, sent, actor=actor, request=request, round_no=1, days=days) for unit in units]
    names = "、".join(str(unit) for unit in units)
    workflow.perform(current, "forward", actor=actor, on=sent, summary=f"转办{names}"[:200])
    return rows


def _send(
    report: OpinionReport, unit: HandlingUnit, sent: date, *, actor: Any, request: str, round_no: int,
    days: int | None = None,
) -> Forward:  # fmt: skip
    row = workflow.begin(
        Forward(report=report, unit=unit, round=round_no, request=request.strip()[:500], sent_on=sent, made_by=actor),
        ForwardStatus.SENT,
    )
    row.save()
    terms.open_answer(row, start=sent, days=days)
    outbox.add(
        "sentiment.forwarded",
        key=f"sentiment.forwarded:{row.pk}",
        payload={"model": "sentiment.forward", "id": row.pk, "verb": "forward"},
    )
    return row


@transaction.atomic
def answer(row: Forward, *, actor: Any, text: str) -> Forward:
    """The unit's answer; it goes to the office and the author."""
    report = lock(row.report)
    changes = {
        "answer": words(text, "答复", field_name="answer"),
        "answered_on": timezone.localdate(),
        "answered_by": actor,
    }
    current = workflow.perform(row, "answer", actor=actor, changes=changes)
    terms.met_answer(current, on=timezone.localdate())
    if report.status == ReportStatus.FORWARDED and not report.forwards.filter(status=ForwardStatus.SENT).exists():
        workflow.perform(report, "all_answered", actor=None)
    return current


@transaction.atomic
def judge(row: Forward, *, actor: Any, enough: bool, comment: str = "") -> Forward:
    """The author is content, or asks again with a reason, which opens the next round with a new term."""
    report = lock(row.report)
    changes = {"is_enough": enough, "comment": comment.strip()[:500]}
    if enough:
        return workflow.perform(row, "accept", actor=actor, changes=changes)
    current = workflow.perform(row, "ask_again", actor=actor, changes=changes, reason=comment)
    if report.status == ReportStatus.CLOSED:
        raise Refusal("这一篇已办结，不能再转办。")
    _send(report, current.unit, timezone.localdate(), actor=actor, request=comment, round_no=current.round + 1)
    if report.status == ReportStatus.ANSWERED:
        workflow.perform(report, "forward", actor=None, summary=f"请{current.unit}再办理")
    return current


@transaction.atomic
def close(report: OpinionReport, *, actor: Any) -> OpinionReport:
    """Close a report whose units have answered, or that was issued for information only."""
    return workflow.perform(report, "close", actor=actor, changes={"closed_on": timezone.localdate()})


@transaction.atomic
def publish(report: OpinionReport, *, actor: Any, title: str, abstract: str) -> OpinionReport:
    """Clear a title and an abstract for the portal; names found in them are refused."""
    title = words(title, "公开的标题", field_name="title", limit=80)
    abstract = words(abstract, "公开的摘要", field_name="abstract", limit=600)
    for person in report.reporters.filter(body__isnull=True):
        if person.name and person.name in f"{title}{abstract}":
            raise Refusal(f"里面有反映人“{person.name}”的姓名，请去掉后再公开。", field="abstract")
    changes = {"public_title": title, "public_abstract": abstract, "published_on": timezone.localdate()}
    current = workflow.perform(report, "publish", actor=actor, changes=changes)
    search.index(current, title, abstract, face=search.PUBLIC)
    return current


@transaction.atomic
def unpublish(report: OpinionReport, *, actor: Any, reason: str) -> OpinionReport:
    """Take the abstract off the portal."""
    search.remove(report, face=search.PUBLIC)
    return workflow.perform(report, "unpublish", actor=actor, changes={"published_on": None}, reason=reason)


@transaction.atomic
def reply_sender(report: OpinionReport, *, actor: Any, text: str) -> OpinionReport:
    """Answer a resident's letter in plain words, which whoever holds the receipt code reads; names are refused."""
    text = words(text, "给来信人的答复", field_name="text", limit=1000)
    for person in report.reporters.filter(body__isnull=True):
        if len(person.name) > 1 and person.name in text:
            raise Refusal(f"里面有来信人“{person.name}”的姓名，请去掉。", field="text")
    changes = {"reply_to_sender": text, "replied_on": timezone.localdate()}
    return workflow.perform(report, "reply_sender", actor=actor, changes=changes)


def _recount(report: OpinionReport, mark: str) -> None:
    """Have the duty ledger brought up to date after the act."""
    outbox.add(
        "sentiment.duty",
        key=f"sentiment.duty:{report.pk}:{mark}",
        payload={"model": "sentiment.opinionreport", "id": report.pk, "verb": "recount"},
    )
