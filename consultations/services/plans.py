"""The yearly plan 年度协商计划: topics put in, decided step by step, issued as a document, adjusted with reasons."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.models import (
    AnnualPlan,
    Consultation,
    PlanAmendment,
    PlanItem,
    PlanStatus,
    PlanStep,
    TopicStatus,
)
from consultations.plans import options as terms
from consultations.services import topics
from core import audit, deadlines, workflow
from core.acts import day, require, words
from core.errors import Refusal
from core.templatetags.frame import cn_date

OPEN = (PlanStatus.COLLECTING, PlanStatus.DRAFTING)
PLAIN = ("month", "leader", "body", "participants", "method")
MANY = ("units", "partner_units", "partner_bodies")
NEXT = {"draft": "review", "review": "decide", "decide": "issue", "reopen": "review"}
"""Which step's term opens with a step."""


@transaction.atomic
def begin_plan(year: int, *, actor: Any) -> AnnualPlan:
    """The plan of a year; one that is there already is given back."""
    require(actor, "consultations.manage_plan", act="制定协商计划")
    plan = AnnualPlan.objects.filter(year=year).first()
    if plan is not None:
        return plan
    plan = workflow.begin(AnnualPlan(year=year, made_by=actor), PlanStatus.COLLECTING)
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError:  # begun by somebody else at the same moment
        return AnnualPlan.objects.get(year=year)
    audit.record(verb="annualplan.begin", summary=f"开始制定{year}年协商计划", actor=actor, subject=plan)
    return plan


@transaction.atomic
def call(plan: AnnualPlan, *, actor: Any, opens_on: date, closes_on: date, call_text: str = "") -> AnnualPlan:
    """Call for topics 发布征集 between two days, or change the days; drafting is due after the last."""
    if closes_on < opens_on:
        raise Refusal("截止日要在开始日以后。", field="closes_on")
    if closes_on < timezone.localdate():
        raise Refusal("截止日已经过了，请填今天或以后的日期。", field="closes_on")
    changes = {"opens_on": opens_on, "closes_on": closes_on, "call_text": call_text.strip()}
    summary = f"征集议题：{cn_date(opens_on)}至{cn_date(closes_on)}"
    current = workflow.perform(plan, "call", actor=actor, changes=changes, summary=summary)
    terms.open_step(current, "draft", start=closes_on)
    return current


@transaction.atomic
def set_item(
    plan: AnnualPlan, *, actor: Any, topic: str, form: str, item: PlanItem | None = None, reason: str = "", basis: str = "",
    **values: Any,
) -> PlanItem:  # fmt: skip
    """Add a topic, or change one; after the issue only as an amendment 调整 with its reason."""
    current = _editable(plan, actor)
    if form not in Consultation.Form.values:
        raise Refusal("请选择协商形式。", field="form")
    if current.is_published:
        words(reason, "调整的理由", field_name="reason", limit=300)
    row = PlanItem.objects.get(pk=item.pk) if item else PlanItem(plan=current, order=current.items.count())
    if row.plan_id != current.pk or row.dropped_on:
        raise Refusal("这个议题不在计划里。")
    before = shown(row) if item else {}
    row.topic, row.form = words(topic, "议题", field_name="topic", limit=120), form
    for name in PLAIN:
        if name in values:
            setattr(row, name, values[name])
    row.save()
    for name in MANY:
        if name in values:
            getattr(row, name).set(values[name])
    if current.is_published:
        kind = PlanAmendment.Kind.CHANGE if item else PlanAmendment.Kind.ADD
        _amend(row, kind, before=before, reason=reason, basis=basis, actor=actor)
        terms.open_item(row, start=timezone.localdate())
    else:
        verb, said = ("change_item", "修改") if item else ("add_item", "列入")
        audit.record(verb=f"annualplan.{verb}", summary=f"{said}议题《{row.topic}》", actor=actor, subject=current)
    return row


def shown(item: PlanItem) -> dict[str, str]:
    """The particulars of an item by their names, in words."""
    found = {
        "议题": item.topic, "形式": str(Consultation.Form(item.form).label), "月份": f"{item.month}月" if item.month else "未定",
        "领衔领导": item.leader, "承办专委会": str(item.body or ""),
    }  # fmt: skip
    for name in MANY:
        found[str(PlanItem._meta.get_field(name).verbose_name)] = "、".join(
            str(one) for one in getattr(item, name).all()
        )
    return found | {"参加范围": item.participants, "协商方式": item.method}


def _amend(item: PlanItem, kind: str, *, before: dict[str, str], reason: str, basis: str, actor: Any) -> None:
    """Keep what was changed; a change that changes nothing is refused, and with it everything is taken back."""
    after = shown(PlanItem.objects.get(pk=item.pk))
    changes = [[name, before[name], after[name]] for name in before if before[name] != after[name]]
    if kind == PlanAmendment.Kind.CHANGE and not changes:
        raise Refusal("没有改任何一项。")
    row = PlanAmendment.objects.create(
        plan=item.plan, item=item, kind=kind, changes=changes, reason=reason.strip()[:300], basis=basis.strip()[:120],
        on=timezone.localdate(), made_by=actor,
    )  # fmt: skip
    audit.record(
        verb=f"annualplan.amend_{kind}", summary=f"计划调整：{row.get_kind_display()}《{item.topic}》", actor=actor,
        subject=item.plan, reason=row.reason, detail={"changes": changes, "basis": row.basis},
    )  # fmt: skip


@transaction.atomic
def drop_item(item: PlanItem, *, actor: Any, reason: str = "", basis: str = "") -> None:
    """Take a topic out of a plan; after the issue it stays to be seen as taken out, with the reason.

    Suggestions that had gone into it are to be studied again.
    """
    current = _editable(item.plan, actor)
    row = PlanItem.objects.select_for_update().get(pk=item.pk)
    if current.is_published:
        words(reason, "调出的理由", field_name="reason", limit=300)
        if row.dropped_on:
            raise Refusal("这个议题已经调出了。")
        row.dropped_on = timezone.localdate()
        row.save(update_fields=["dropped_on"])
        deadlines.void(row, "hold")
        _amend(row, PlanAmendment.Kind.DROP, before={}, reason=reason, basis=basis, actor=actor)
        return
    for topic in row.suggestions.filter(status=TopicStatus.TAKEN):
        topics.answer(topic, "reconsider", actor=actor, reason=f"议题《{row.topic}》从计划草案去掉了")
    audit.record(verb="annualplan.drop_item", summary=f"去掉议题《{row.topic}》", actor=actor, subject=current)
    row.delete()


@transaction.atomic
def order_items(plan: AnnualPlan, item: PlanItem, *, up: bool, actor: Any) -> None:
    """Move a topic one place up or down in a plan that is being drafted."""
    current = _editable(plan, actor)
    rows = list(current.items.select_for_update())
    place = next(at for at, row in enumerate(rows) if row.pk == item.pk)
    other = place + (-1 if up else 1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for at, row in enumerate(rows):
        row.order = at
    PlanItem.objects.bulk_update(rows, ["order"])


@transaction.atomic
def move(
    plan: AnnualPlan, verb: str, *, actor: Any, reason: str = "", document_no: str = "", on: date | None = None,
    note: str = "",
) -> AnnualPlan:  # fmt: skip
    """One step of a plan on its day, with the meeting's remark; its issue takes the document's number and opens the terms of its items."""
    held = day(on)
    changes: dict[str, Any] = {}
    if verb == "issue":
        changes = {"document_no": words(document_no, "文号", field_name="document_no", limit=40), "issued_on": held}
    current = workflow.perform(plan, verb, actor=actor, changes=changes, reason=reason or note, on=held)
    stage = workflow.process_of(current)[verb].target
    if stage:
        PlanStep.objects.create(plan=current, stage=stage, on=held, note=(note or reason).strip()[:300], made_by=actor)
    if verb == "reopen":
        deadlines.void(current)
    else:
        deadlines.meet(current, verb, on=held)
    if verb in NEXT:
        terms.open_step(current, NEXT[verb], start=held)
    if verb == "issue":
        for item in current.items.select_related("plan"):
            terms.open_item(item, start=held)
    return current


def _editable(plan: AnnualPlan, actor: Any) -> AnnualPlan:
    """The plan, locked, unless it lies before a meeting and is neither being drafted nor issued."""
    require(actor, "consultations.manage_plan", act="修改协商计划")
    current = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    if current.status not in OPEN and not current.is_published:
        raise Refusal(f"计划{current.get_status_display()}，议题不能再改；要改先退回修改。")
    return current
