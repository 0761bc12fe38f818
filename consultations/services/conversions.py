"""What an outcome turned into 转化, with its evidence, and looking back at it 回头看 on a day that was set."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations import terms
from consultations.models import Conversion, FollowUp, Outcome, OutcomeStatus, Uptake
from core import attachments, audit, workflow
from core.acts import day, require, words
from core.errors import Refusal

EVIDENCE = "evidence"
MOST_FILES = 5


@transaction.atomic
def convert(
    outcome: Outcome, *, actor: Any, kind: str, name: str, on: date | None = None, number: str = "",
    amount: Decimal | None = None, files: Iterable[Any] = (), uptake: Uptake | None = None,
) -> Conversion:  # fmt: skip
    """Record a policy, a project or a budget line: by the office, or by a unit that has the outcome."""
    if kind not in Conversion.Kind.values:
        raise Refusal("请选政策文件、项目或预算安排。", field="kind")
    name = words(name, "名称", field_name="name", limit=160)
    current = Outcome.objects.select_for_update().get(pk=outcome.pk)
    summary = f"转化为{Conversion.Kind(kind).label}《{name}》"[:200]
    if uptake is None:
        current = workflow.perform(current, "convert", actor=actor, summary=summary)
    else:
        require(actor, "consultations.answer", uptake, act="登记转化")
        if uptake.outcome_id != current.pk or current.status == OutcomeStatus.DRAFT:
            raise Refusal("这份成果没有交办给您单位。")
        audit.record(verb="outcome.convert", summary=summary, actor=actor, subject=current, root=current.consultation)
    try:
        with transaction.atomic():
            row = Conversion.objects.create(
                outcome=current, unit=uptake.unit if uptake else None, kind=kind, name=name, on=day(on),
                number=number.strip()[:60], amount=amount, made_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(f"《{name}》已经登记过了。", field="name") from error
    for file in files:
        attachments.add(row, file, actor=actor, kind=EVIDENCE, most=MOST_FILES)
    return row


@transaction.atomic
def remove(row: Conversion, *, actor: Any, reason: str) -> None:
    """Take a wrongly recorded conversion off: the office, or the unit its own."""
    outcome = Outcome.objects.select_for_update().get(pk=row.outcome_id)
    if not may_remove(actor, row):
        raise Refusal("您没有“删去转化登记”的权限。")
    reason = words(reason, "删去的理由", field_name="reason", limit=300)
    if not Conversion.objects.filter(pk=row.pk, removed_at__isnull=True).update(removed_at=timezone.now()):
        raise Refusal("这一条已经删去了。")
    audit.record(
        verb="outcome.unconvert", summary=f"删去转化登记：{row}"[:200], actor=actor, subject=outcome,
        root=outcome.consultation, reason=reason,
    )  # fmt: skip


def may_remove(user: Any, row: Conversion) -> bool:
    """Whoever runs the session, or the unit that recorded it."""
    own = row.unit_id is not None and row.unit_id in user.unit_ids()
    return own or user.has_perm("consultations.write_outcome", row.outcome)


@transaction.atomic
def plan_follow_up(outcome: Outcome, *, actor: Any, due_on: date) -> FollowUp:
    """Set the day on which somebody looks back; another day replaces one that has not come about."""
    if due_on <= timezone.localdate():
        raise Refusal("请选以后的日期。已经看过的，在“回头看的情况”里登记。", field="due_on")
    current = workflow.perform(outcome, "follow_up", actor=actor, summary=f"定于{due_on.isoformat()}回头看")
    row, _ = FollowUp.objects.update_or_create(
        outcome=current, done_on=None, defaults={"due_on": due_on}, create_defaults={"due_on": due_on, "made_by": actor}
    )
    terms.open_follow_up(row)
    return row


@transaction.atomic
def look_back(
    outcome: Outcome, *, actor: Any, text: str, on: date | None = None, percent: int | None = None,
    next_on: date | None = None,
) -> FollowUp:  # fmt: skip
    """Record what was found, on the day that was set or another; ``next_on`` sets the next one."""
    text = words(text, "看到的情况", field_name="text", limit=2000)
    done = day(on)
    if percent is not None and not 0 <= percent <= 100:
        raise Refusal("百分比在0到100之间。", field="percent")
    current = workflow.perform(outcome, "follow_up", actor=actor, summary="登记回头看的情况", on=done)
    row = FollowUp.objects.select_for_update().filter(outcome=current, done_on=None).first()
    row = row or FollowUp(outcome=current, due_on=done, made_by=actor)
    row.done_on, row.text, row.percent = done, text, percent
    row.save()
    terms.met_follow_up(row, on=done)
    if next_on is not None:
        plan_follow_up(current, actor=actor, due_on=next_on)
    return row
