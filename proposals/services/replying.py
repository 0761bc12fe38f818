"""Replying 答复: contact 面商, support opinion 会办意见, the letter and its way 会签、签发、审核、送达."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, deadlines, outbox, workflow
from core.errors import Refusal
from proposals import terms
from proposals.models import (
    ContactLog,
    CosignOpinion,
    Proposal,
    Reply,
    ReplyItem,
    ResultClass,
    UnitTask,
)
from proposals.search import index_reply
from proposals.services import letter_parts, publishing
from proposals.services.common import day, fresh, lock_task, require, words
from proposals.services.feedback import open_round

AT_WORK = (UnitTask.Status.SIGNED, UnitTask.Status.WORKING, UnitTask.Status.EXTENSION_REQUESTED)


@transaction.atomic
def add_contact(task: UnitTask, *, actor, held_on: date, method: str, persons: str, content: str) -> ContactLog:
    """Log one contact with a proposer before the reply."""
    proposal, current = lock_task(task)
    require(actor, "proposals.work_task", current, act="登记沟通")
    _at_work(current)
    if method not in ContactLog.Method.values:
        raise Refusal("请选择沟通方式。", field="method")
    log = ContactLog.objects.create(
        task=current,
        round=proposal.round,
        held_on=day(held_on),
        method=method,
        persons=words(persons, "参加人", field_name="persons", limit=120),
        content=words(content, "沟通内容", field_name="content"),
        recorded_by=actor,
    )
    _start(current, actor)
    deadlines.meet(current, "contact", on=held_on)
    audit.record(
        verb="unittask.add_contact",
        summary=f"{current.unit}与提案者沟通（{log.get_method_display()}）",
        actor=actor,
        subject=current,
        root=proposal,
        occurred_on=held_on,
    )
    return log


@transaction.atomic
def give_opinion(task: UnitTask, *, actor, opinion: str) -> UnitTask:
    """A support unit's opinion to the lead unit; it never goes to the proposer."""
    _, current = lock_task(task)
    today = timezone.localdate()
    text = words(opinion, "会办意见", field_name="opinion")
    workflow.perform(
        current,
        "give_opinion",
        actor=actor,
        changes={"opinion": text, "opinion_on": today, "done_on": today},
        summary=f"{current.unit}提交会办意见",
    )
    deadlines.meet(current, "opinion", on=today)
    return fresh(current)


@transaction.atomic
def draft_reply(task: UnitTask, *, actor) -> Reply:
    """This round's letter of a unit that replies itself, made with one answer per suggestion if new."""
    proposal, current = lock_task(task)
    require(actor, "proposals.work_task", current, act="起草答复")
    if reply := current.letters.filter(round=proposal.round).first():
        return reply
    if not current.replies:
        raise Refusal("会办单位把意见交给主办单位，不直接答复委员。")
    _at_work(current)
    _start(current, actor)
    reply = Reply(
        task=current,
        round=proposal.round,
        opening=f"您提出的《{proposal.title}》（{proposal.case_no}）收悉。经研究，现答复如下：",
        closing="感谢您对我们工作的关心和支持，欢迎继续提出宝贵意见。",
        contact_phone=current.unit.phone,
        drafted_by=actor,
        saved_by=actor,
    )
    workflow.begin(reply, Reply.Status.DRAFT).save()
    ReplyItem.objects.bulk_create(
        [ReplyItem(reply=reply, suggestion=suggestion) for suggestion in proposal.suggestions.all()]
    )
    audit.record(
        verb="reply.draft",
        summary=f"{current.unit}起草答复",
        actor=actor,
        subject=reply,
        root=proposal,
    )
    return reply


@transaction.atomic
def save_reply(
    reply: Reply,
    *,
    actor,
    version: int | None = None,
    opening: str | None = None,
    closing: str | None = None,
    document_no: str | None = None,
    contact_name: str | None = None,
    contact_phone: str | None = None,
    result_class: ResultClass | None = None,
    may_publish: bool | None = None,
    items: Mapping[int, Mapping[str, Any]] | None = None,
    promises: Iterable[Mapping[str, Any]] | None = None,
) -> Reply:
    """Store a draft; None leaves a part as it is, ``promises`` replaces all of them.

    ``items``: {suggestion id: {"text", "result_class"}}; ``promises``: [{"suggestion_id" or None,
    "text", "due_on", "owner"}]. Refuses with field "version" when somebody saved since.
    """
    proposal, current = _locked_reply(reply)
    require(actor, "proposals.write_reply", current, act="修改答复")
    if current.status != Reply.Status.DRAFT:
        raise Refusal(f"答复函现在是“{current.get_status_display()}”，不能再改。")
    if version is not None and version != current.version:
        when = timezone.localtime(current.saved_at)
        raise Refusal(
            f"{current.saved_by or '另一个页面'}在{when:%H:%M}保存过这份答复，您的修改没有保存。"
            "请先把您写的复制下来，刷新后再改。",
            field="version",
        )
    texts = {
        "opening": opening,
        "closing": closing,
        "document_no": document_no,
        "contact_name": contact_name,
        "contact_phone": contact_phone,
    }
    for name, text in texts.items():
        if text is not None:
            letter_parts.set_text(current, name, text)
    if result_class is not None:
        current.result_class = letter_parts.usable(result_class)
    if may_publish is not None:
        current.may_publish = may_publish
    current.version += 1
    current.saved_by = actor
    current.save()
    if items is not None:
        letter_parts.set_items(current, proposal, items)
    if promises is not None:
        letter_parts.set_promises(current, list(promises))
    return fresh(current)


@transaction.atomic
def send_cosign(reply: Reply, *, actor) -> Reply:
    """Send the letter to all support units for agreement 会签; earlier answers count no more."""
    proposal, current = _locked_reply(reply)
    workflow.perform(current, "send_cosign", actor=actor, summary=f"{current.task.unit}送会签")
    current.cosigns.all().delete()
    supports = proposal.tasks.live().filter(role=UnitTask.Role.SUPPORT)
    CosignOpinion.objects.bulk_create([CosignOpinion(reply=current, task=task) for task in supports])
    return fresh(current)


@transaction.atomic
def answer_cosign(opinion: CosignOpinion, *, actor, agree: bool, text: str = "") -> CosignOpinion:
    """A support unit agrees, or objects with words, which sends the letter back to its draft."""
    proposal, reply = _locked_reply(opinion.reply)
    row = CosignOpinion.objects.select_for_update().filter(pk=opinion.pk).first()
    if row is None or reply.status != Reply.Status.COSIGN:
        raise Refusal("答复函已经不在会签中。")
    require(actor, "proposals.work_task", row.task, act="会签")
    if row.state != CosignOpinion.State.WAITING:
        raise Refusal("本单位已经会签过了。")
    row.state = CosignOpinion.State.AGREED if agree else CosignOpinion.State.OBJECTED
    row.opinion = text.strip() if agree else words(text, "意见", field_name="text")
    row.answered_by, row.answered_at = actor, timezone.now()
    row.save()
    unit = row.task.unit
    audit.record(
        verb="reply.answer_cosign",
        summary=f"{unit}会签：{row.get_state_display()}",
        actor=actor,
        subject=reply,
        root=proposal,
        reason=row.opinion,
    )
    if not agree:
        reason = f"{unit}会签意见：{row.opinion}"
        workflow.perform(
            reply,
            "object",
            actor=None,
            changes={"sent_back_reason": reason},
            reason=reason,
            summary="会签有意见，退回起草",
        )
    elif not reply.cosigns.exclude(state=CosignOpinion.State.AGREED).exists():
        _tell("proposals.cosign_agreed", reply)
    return row


@transaction.atomic
def recall(reply: Reply, *, actor) -> Reply:
    """Take the letter back from the support units to change it."""
    _, current = _locked_reply(reply)
    workflow.perform(current, "recall", actor=actor)
    return fresh(current)


@transaction.atomic
def approve(reply: Reply, *, actor) -> Reply:
    """The unit's leader signs 签发 and answers for the reply."""
    _, current = _locked_reply(reply)
    workflow.perform(
        current,
        "approve",
        actor=actor,
        changes={"signed_by": actor},
        summary=f"{current.task.unit}签发答复",
    )
    return fresh(current)


@transaction.atomic
def leader_return(reply: Reply, *, actor, reason: str) -> Reply:
    """The unit's leader sends the draft back to its writer."""
    _, current = _locked_reply(reply)
    changes = {"sent_back_reason": reason.strip(), "signed_by": None}
    workflow.perform(current, "leader_return", actor=actor, changes=changes, reason=reason)
    return fresh(current)


@transaction.atomic
def send_to_office(reply: Reply, *, actor, document_no: str = "") -> Reply:
    """Send the signed letter, with its document number, to the inspection office for its check."""
    _, current = _locked_reply(reply)
    if document_no.strip():
        require(actor, "proposals.write_reply", current, act="报督查室审核")
        if current.status == Reply.Status.UNIT_APPROVED:
            letter_parts.set_text(current, "document_no", document_no)
            current.save(update_fields=["document_no"])
    workflow.perform(current, "send_to_office", actor=actor, summary=f"{current.task.unit}报督查室审核")
    workflow.perform(current.task, "submit", actor=None)
    return fresh(current)


@transaction.atomic
def office_return(reply: Reply, *, actor, reason: str) -> Reply:
    """The inspection office sends the letter back to the unit."""
    _, current = _locked_reply(reply)
    changes = {"sent_back_reason": reason.strip(), "signed_by": None}
    workflow.perform(
        current,
        "office_return",
        actor=actor,
        changes=changes,
        reason=reason,
        summary=f"督查室退回{current.task.unit}的答复",
    )
    workflow.perform(current.task, "send_back", actor=None, changes={"done_on": None})
    return fresh(current)


@transaction.atomic
def issue(reply: Reply, *, actor, result_class: ResultClass | None = None, on: date | None = None) -> Reply:
    """Deliver the checked letter to all proposers; the last one due makes the case replied.

    ``result_class`` corrects the class. Then every confirmed proposer of the case and of those
    merged into it is asked for feedback.
    """
    proposal, current = _locked_reply(reply)
    when = day(on)
    changes: dict[str, Any] = {"issued_on": when}
    if result_class is not None:
        changes["result_class"] = letter_parts.usable(result_class)
        if result_class.needs_promise and not current.promises.exists():
            raise Refusal(f"{result_class.letter}类答复至少要有一条写明日期的承诺，请退回单位补上。")
    workflow.perform(
        current,
        "issue",
        actor=actor,
        changes=changes,
        on=on,
        summary=f"{current.task.unit}的答复审核通过，送达委员",
    )
    workflow.perform(current.task, "finish", actor=None, changes={"done_on": when})
    deadlines.meet(current.task, "reply", on=when)
    deadlines.void(current.task, "contact")
    for promise in current.promises.all():
        terms.open_promise(promise, root=proposal, start=when)
    index_reply(current)
    _reply_case_when_complete(proposal, when=when)
    return fresh(current)


def _reply_case_when_complete(proposal: Proposal, *, when: date) -> None:
    """Move the case when every unit that replies has; its class is the last in order among them."""
    if workflow.refusal(proposal, "mark_replied", None) is not None:
        return
    letters = Reply.objects.filter(task__proposal=proposal, round=proposal.round, status=Reply.Status.ISSUED).exclude(
        task__status=UnitTask.Status.REASSIGNED
    )
    lowest = ResultClass.objects.filter(pk__in=letters.values("result_class")).order_by("order", "id").last()
    changes: dict[str, Any] = {"result_class": lowest}
    if proposal.replied_on is None:
        changes["replied_on"] = when
    workflow.perform(
        proposal,
        "mark_replied",
        actor=None,
        changes=changes,
        summary="各承办单位都已答复，请提案者反馈",
    )
    for task in proposal.tasks.live().filter(role=UnitTask.Role.SUPPORT):
        deadlines.void(task)
    publishing.watch(proposal, start=when)
    open_round(proposal, start=when)


def _at_work(task: UnitTask) -> None:
    """Refuse work on a task that was not signed for, or that is finished or in other hands."""
    problem = workflow.process_of(task).guard(task, None)
    if problem:
        raise Refusal(problem)
    if task.status not in AT_WORK:
        hint = "请先签收。" if task.signed_on is None else "请刷新后再看。"
        raise Refusal(f"承办任务现在是“{task.get_status_display()}”，{hint}")


def _start(task: UnitTask, actor) -> None:
    if task.status == UnitTask.Status.SIGNED:
        workflow.perform(task, "start", actor=actor, summary=f"{task.unit}开始办理")


def _tell(name: str, reply: Reply) -> None:
    moment = timezone.now().isoformat()
    payload = {"model": "proposals.reply", "id": reply.pk, "on": moment}
    outbox.add(name, key=f"{name}:{reply.pk}:{moment}", payload=payload)


def _locked_reply(reply: Reply) -> tuple[Proposal, Reply]:
    """The case, then its letter and the letter's task, all locked and read anew."""
    proposal, task = lock_task(reply.task)
    current = Reply.objects.select_for_update().get(pk=reply.pk)
    current.task = task
    return proposal, current
