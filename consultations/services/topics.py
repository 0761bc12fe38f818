"""Topics put in for the yearly plan 议题征集: by whom and how many, and what the office makes of them."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from consultations.models import (
    AnnualPlan,
    Consultation,
    PlanItem,
    TopicSender,
    TopicStatus,
    TopicSuggestion,
)
from core import audit, options, secrets, workflow
from core.acts import BatchResult, require, run_batch, words
from core.errors import Refusal
from members.matters.receipts import new_code
from members.models import Body, HandlingUnit

PURPOSE = "consultations.topics"
SOURCE = TopicSuggestion.Source
SOURCES: dict[str, str] = {Body.Kind.COMMITTEE: SOURCE.COMMITTEE}
"""Which source a body is; any other kind is 党派团体界别."""


@transaction.atomic
def suggest(
    plan: AnnualPlan, *, actor: Any, title: str, text: str, form: str = "", body: Body | None = None,
    unit: HandlingUnit | None = None, source: str = "", proposer: str = "",
) -> TopicSuggestion:  # fmt: skip
    """A signed-in person puts a topic in: for himself, or for a body or unit that he acts for.

    The office may enter what came on paper: then ``proposer`` says from whom, ``source`` of what kind.
    """
    require(actor, "consultations.suggest", act="提议题")
    current = _calling(plan, late=actor.has_perm("consultations.manage_plan"))
    row = TopicSuggestion(plan=current, user=actor)
    most = options.value("consultations.topics_each_body")
    if body is not None:
        if body.pk not in actor.body_ids:
            raise Refusal("请选择您代表的组织。", field="hat")
        row.body, row.source = body, SOURCES.get(body.kind, SOURCE.PARTY)
    elif unit is not None:
        if unit.pk not in actor.unit_ids():
            raise Refusal("请选择您所在的单位。", field="hat")
        row.unit, row.source = unit, SOURCE.UNIT
    elif proposer.strip() or source:
        require(actor, "consultations.manage_plan", act="代录议题")
        row.source = source if source in SOURCE.values else SOURCE.OFFICE
        row.proposer = words(proposer, "谁提的", field_name="proposer", limit=60)
    elif actor.member_id:
        row.source, row.proposer = SOURCE.MEMBER, actor.name
        most = options.value("consultations.topics_each")
    else:
        raise Refusal("请选择以谁的名义提。", field="hat")
    same = TopicSuggestion.objects.filter(plan=current, source=row.source, body=row.body, unit=row.unit)
    if row.body is None and row.unit is None:
        same = same.filter(user=actor, proposer=row.proposer)
    if same.filter(title=title.strip()).exclude(status=TopicStatus.WITHDRAWN).exists():
        raise Refusal("这个议题已经提过了，不用再提。", field="title")
    if same.exclude(status=TopicStatus.WITHDRAWN).count() >= most:
        raise Refusal(f"这次征集最多提{most}个议题，已经提满了。撤回一个还没有处理的，可以再提。")
    return _store(row, title=title, text=text, form=form, actor=actor)


@transaction.atomic
def receive(plan: AnnualPlan, topics: Collection[tuple[str, str]], *, name: str, phone: str) -> TopicSender:
    """Take in what one of the public sent: title and reasons of each topic, and whom to tell.

    Raises ``Refusal`` when the call is closed, or the same telephone has put in as many as one may.
    """
    current = _calling(plan)
    if not topics:
        raise Refusal("请至少写一个议题。")
    digest = secrets.digest(phone, PURPOSE)
    most = options.value("consultations.topics_each")
    before = TopicSuggestion.objects.filter(plan=current, sender__phone_digest=digest)
    titles = {title.strip() for title, _ in topics}
    if before.filter(title__in=titles).exists():
        raise Refusal("这个议题您已经提过了，不用再提。凭上次的回执号可以查结果。")
    if (count := before.count()) + len(topics) > most:
        said = f"您已经提了{count}个，" if count else ""
        raise Refusal(f"{said}一个人这次最多提{most}个议题。写好的内容还在页面上。")
    sender = TopicSender.objects.create(
        plan=current, name=name.strip()[:20], phone=phone, phone_digest=digest, receipt_code=new_code(),
        sent_on=timezone.localdate(),
    )  # fmt: skip
    for title, text in topics:
        _store(TopicSuggestion(plan=current, source=SOURCE.PUBLIC, sender=sender), title=title, text=text, actor=None)
    return sender


def _store(row: TopicSuggestion, *, title: str, text: str, actor: Any, form: str = "") -> TopicSuggestion:
    row.title = words(title, "议题", field_name="title", limit=60)
    row.text = words(text, "为什么要议", field_name="text", limit=1000)
    row.form = form if form in Consultation.Form.values else ""
    row = workflow.begin(row, TopicStatus.SUBMITTED)
    row.save()
    for_whom = "" if actor is not None and row.by == actor.name else row.by
    summary = f"{for_whom}提议题《{row.title}》"
    audit.record(verb="topicsuggestion.suggest", summary=summary, actor=actor, subject=row, root=row.plan)
    return row


def _calling(plan: AnnualPlan, *, late: bool = False) -> AnnualPlan:
    """The plan, locked, while topics are taken in; the office may still enter paper while it is drafted."""
    current = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    if current.is_calling or (late and not current.is_published):
        return current
    if current.opens_on and current.opens_on > timezone.localdate():
        raise Refusal(f"{current.year}年的议题征集还没有开始。")
    raise Refusal(f"{current.year}年协商计划的议题征集已经截止。")


@transaction.atomic
def take(topics: Collection[TopicSuggestion], *, actor: Any, item: PlanItem | None = None, reply: str = "") -> PlanItem:
    """Put topics into the plan: as one new item named after the first, or into ``item`` that is there already.

    A second press finds the topic taken and is refused, so that no item is made twice.
    """
    require(actor, "consultations.manage_plan", act="列入计划")
    if not topics:
        raise Refusal("请先选议题建议。")
    plan_ids = {topic.plan_id for topic in topics}
    if len(plan_ids) > 1 or (item is not None and item.plan_id not in plan_ids):
        raise Refusal("只能列入同一年的计划。")
    plan = AnnualPlan.objects.select_for_update().get(pk=plan_ids.pop())
    rows = list(TopicSuggestion.objects.select_for_update().filter(pk__in=[t.pk for t in topics]).order_by("id"))
    for row in rows:
        if problem := workflow.refusal(row, "take", actor):
            raise Refusal(f"《{row.title}》：{problem}")
    if item is None:
        first = rows[0]
        item = PlanItem.objects.create(
            plan=plan, order=plan.items.count(), topic=first.title, form=first.form or Consultation.Form.TOPICAL,
            body=first.body if first.body and first.body.kind == Body.Kind.COMMITTEE else None,
        )  # fmt: skip
        audit.record(verb="annualplan.add_item", summary=f"列入议题《{item.topic}》", actor=actor, subject=plan)
    for row in rows:
        _names_nobody(row, reply)
        changes = {"item": item, "reply": reply.strip()[:300], "decided_on": timezone.localdate()}
        workflow.perform(
            row, "take", actor=actor, changes=changes, summary=f"《{row.title}》列入计划议题《{item.topic}》"[:200]
        )
    return item


@transaction.atomic
def answer(topic: TopicSuggestion, verb: str, *, actor: Any, reason: str = "") -> TopicSuggestion:
    """Keep 留作备选, decline 不列入, or study again 重新研究 a topic; the reason is told to whoever put it in."""
    _names_nobody(topic, reason)
    changes: dict[str, Any] = {"reply": reason.strip()[:300], "decided_on": timezone.localdate()}
    labels = {"keep": "留作备选", "decline": "不列入", "reconsider": "重新研究"}
    if verb == "reconsider":
        changes = {"item": None, "reply": "", "decided_on": None}
    summary = f"《{topic.title}》{labels[verb]}"
    return workflow.perform(topic, verb, actor=actor, changes=changes, reason=reason, summary=summary)


def _names_nobody(topic: TopicSuggestion, reply: str) -> None:
    """An answer to one of the public is read by whoever holds the code, so it does not name the sender."""
    name = topic.sender.name if topic.sender else ""
    if len(name) > 1 and name in reply:
        raise Refusal(f"答复凭回执号就能看到，不要写来件人的称呼“{name}”。", field="reason")


def answer_many(topics: Collection[TopicSuggestion], verb: str, *, actor: Any, reason: str) -> BatchResult:
    """The same for several; one that is refused stops no other."""
    return run_batch(topics, lambda topic: answer(topic, verb, actor=actor, reason=reason))


@transaction.atomic
def withdraw(topic: TopicSuggestion, *, actor: Any) -> TopicSuggestion:
    """Take back what one put in oneself and nobody has decided."""
    return workflow.perform(topic, "withdraw", actor=actor, summary=f"撤回《{topic.title}》")


def reveal(topic: TopicSuggestion, *, actor: Any) -> TopicSender:
    """Name and telephone of a sender for whoever must call back; the log keeps who looked."""
    require(actor, "consultations.see_contact", act="看来件人电话")
    if topic.sender is None:
        raise Refusal("这条议题没有留联系方式。")
    audit.record(
        verb="topicsuggestion.reveal",
        summary=f"看《{topic.title}》来件人的联系方式",
        actor=actor,
        subject=topic,
        root=topic.plan,
    )
    return topic.sender
