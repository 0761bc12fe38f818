"""The yearly plan 年度协商计划: topics put in, decided step by step, issued as a document."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from consultations.models import AnnualPlan, Consultation, PlanItem, PlanStatus
from core import audit, workflow
from core.acts import day, require, words
from core.errors import Refusal
from members.models import HandlingUnit

OPEN = (PlanStatus.COLLECTING, PlanStatus.DRAFTING)


@transaction.atomic
def begin_plan(year: int, *, actor: Any) -> AnnualPlan:
    """The plan of a year; one that is there already is given back."""
    require(actor, "consultations.manage_plan", act="制定协商计划")
    plan = AnnualPlan.objects.filter(year=year).first()
    if plan is None:
        plan = workflow.begin(AnnualPlan(year=year, made_by=actor), PlanStatus.COLLECTING)
        plan.save()
        audit.record(verb="annualplan.begin", summary=f"开始制定{year}年协商计划", actor=actor, subject=plan)
    return plan


@transaction.atomic
def set_item(
    plan: AnnualPlan, *, actor: Any, topic: str, form: str, item: PlanItem | None = None, units: Iterable[HandlingUnit] = (),
    **values: Any,
) -> PlanItem:  # fmt: skip
    """Add a topic, or change one, while the plan is still being drafted."""
    current = _open(plan, actor)
    row = item or PlanItem(plan=current, order=current.items.count())
    row.topic, row.form = words(topic, "议题", field_name="topic", limit=120), form
    if form not in Consultation.Form.values:
        raise Refusal("请选择协商形式。", field="form")
    for name in ("month", "leader", "body", "participants"):
        if name in values:
            setattr(row, name, values[name])
    row.save()
    row.units.set(units)
    verb = "change_item" if item else "add_item"
    summary = f"{'修改' if item else '列入'}议题《{row.topic}》"
    audit.record(verb=f"annualplan.{verb}", summary=summary, actor=actor, subject=current)
    return row


@transaction.atomic
def drop_item(item: PlanItem, *, actor: Any) -> None:
    """Take a topic out of a plan that is still being drafted."""
    current = _open(item.plan, actor)
    audit.record(verb="annualplan.drop_item", summary=f"去掉议题《{item.topic}》", actor=actor, subject=current)
    item.delete()


@transaction.atomic
def move(
    plan: AnnualPlan, verb: str, *, actor: Any, reason: str = "", document_no: str = "", on: date | None = None
) -> AnnualPlan:
    """One step of a plan; its issue takes the document's number and day."""
    changes: dict[str, Any] = {}
    if verb == "issue":
        changes = {"document_no": words(document_no, "文号", field_name="document_no", limit=40), "issued_on": day(on)}
    return workflow.perform(plan, verb, actor=actor, changes=changes, reason=reason)


def _open(plan: AnnualPlan, actor: Any) -> AnnualPlan:
    require(actor, "consultations.manage_plan", act="修改协商计划")
    current = AnnualPlan.objects.select_for_update().get(pk=plan.pk)
    if current.status not in OPEN:
        raise Refusal(f"计划{current.get_status_display()}，议题不能再改。")
    return current
