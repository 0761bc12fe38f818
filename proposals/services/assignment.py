"""Assignment 交办: units and their tasks, receipt 签收, transfer 改办, extension 延期, key proposals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from core import deadlines, workflow
from core.errors import Refusal
from core.models import Deadline
from core.workdays import Pause
from members.models import HandlingUnit
from proposals import terms
from proposals.models import Handover, Proposal, UnitTask
from proposals.services.common import BatchResult, day, fresh, lock_case, lock_task, run_batch

Mode, Role = Proposal.Mode, UnitTask.Role
OWED = ("receipt", "contact", "opinion", "reply")
"""Terms of a task that stand still while a transfer request is undecided."""


@dataclass(frozen=True)
class Assignment:
    """One row of a batch hand-over: which units do what for which proposal."""

    proposal_id: int
    mode: str
    lead: HandlingUnit | None = None
    supports: Sequence[HandlingUnit] = ()
    splits: Sequence[HandlingUnit] = ()


@transaction.atomic
def assign(
    proposal: Proposal,
    *,
    actor,
    mode: str,
    lead: HandlingUnit | None = None,
    supports: Iterable[HandlingUnit] = (),
    splits: Iterable[HandlingUnit] = (),
    on: date | None = None,
    handover: Handover | None = None,
) -> Proposal:
    """Give a filed case to its units: sole 单办, lead and support 主办会办, or split 分办.

    ``on`` defaults to the day of the hand-over meeting, else today. Of a split case the first unit
    stands in lists as ``lead_unit``.
    """
    current = lock_case(proposal.pk)
    roles = _roles(mode, lead, list(supports), list(splits))
    when = day(on or (handover.held_on if handover else None))
    if current.filed_on and when < current.filed_on:
        raise Refusal(f"交办日期不能早于立案日期（{current.filed_on:%Y-%m-%d}）。", field="on")
    first = roles[0][0]
    workflow.perform(
        current,
        "assign",
        actor=actor,
        changes={
            "handling_mode": mode,
            "handover": handover,
            "lead_unit": first,
            "assigned_on": when,
        },
        on=when,
        summary="交办：" + "，".join(f"{unit}（{Role(role).label}）" for unit, role in roles),
    )
    for unit, role in roles:
        _give(current, unit, role, start=when)
    deadlines.meet(current, "assign", on=when)
    return fresh(current)


def assign_many(items: Iterable[Assignment], *, actor, handover: Handover | None) -> BatchResult:
    """Hand over many cases at a meeting 交办会, each in its own transaction, in the given order."""
    items = list(items)
    rows = Proposal.objects.in_bulk([item.proposal_id for item in items])
    wanted = {item.proposal_id: item for item in items}

    def act(proposal: Proposal) -> Proposal:
        item = wanted[proposal.pk]
        return assign(
            proposal,
            actor=actor,
            mode=item.mode,
            lead=item.lead,
            supports=item.supports,
            splits=item.splits,
            handover=handover,
        )

    return run_batch((rows[pk] for pk in wanted if pk in rows), act)


@transaction.atomic
def sign_receipt(task: UnitTask, *, actor, on: date | None = None) -> UnitTask:
    """Sign for a task 签收; when all lead and split units have, the case is in handling."""
    proposal, current = lock_task(task)
    when = day(on)
    if when < current.assigned_on:
        raise Refusal(f"签收日期不能早于交办日期（{current.assigned_on:%Y-%m-%d}）。", field="on")
    workflow.perform(
        current,
        "sign",
        actor=actor,
        changes={"signed_on": when},
        on=on,
        summary=f"{current.unit}签收",
    )
    deadlines.meet(current, "receipt", on=when)
    _start_when_signed(proposal)
    return fresh(current)


def sign_many(ids: Iterable[int], *, actor) -> BatchResult:
    """Sign for many tasks, each in its own transaction."""
    tasks = UnitTask.objects.select_related("proposal", "unit").filter(pk__in=list(ids)).order_by("pk")
    return run_batch(tasks, lambda task: sign_receipt(task, actor=actor))


@transaction.atomic
def request_transfer(task: UnitTask, *, actor, reason: str, suggested: HandlingUnit | None = None) -> UnitTask:
    """Ask that another unit handle the case 退办; the task's clocks stand still until the decision."""
    _, current = lock_task(task)
    today = timezone.localdate()
    limit = terms.transfer_until(current)
    if today > limit:
        raise Refusal(f"申请改办的期限是{limit:%Y-%m-%d}，已经过了，请与督查室联系。")
    if suggested is not None and suggested.pk == current.unit_id:
        raise Refusal("建议改给的单位不能是本单位。", field="suggested")
    workflow.perform(
        current,
        "request_transfer",
        actor=actor,
        changes={
            "transfer_reason": reason.strip(),
            "transfer_to": suggested,
            "transfer_asked_on": today,
        },
        reason=reason,
        summary=f"{current.unit}申请改办" + (f"，建议改给{suggested}" if suggested else ""),
    )
    deadlines.void(current, *OWED)
    terms.open_decision(current, "transfer_decision", start=today)
    return fresh(current)


@transaction.atomic
def decide_transfer(
    task: UnitTask, *, actor, agree: bool, new_unit: HandlingUnit | None = None, reason: str = ""
) -> UnitTask:
    """Decide a transfer request: the task of ``new_unit`` on agreement, else the same task, upheld.

    The days between request and decision do not count against the unit that keeps the task.
    """
    proposal, current = lock_task(task)
    today = timezone.localdate()
    if not agree:
        workflow.perform(current, "uphold", actor=actor, reason=reason, summary=f"维持交办：{current.unit}")
        deadlines.meet(current, "transfer_decision", on=today)
        asked = current.transfer_asked_on or today
        terms.open_task(current, start=current.assigned_on, pauses=[Pause(asked, today)])
        return fresh(current)
    unit = new_unit or current.transfer_to
    if unit is None:
        raise Refusal("请选择改由哪个单位办理。", field="new_unit")
    if proposal.tasks.live().filter(unit=unit).exists():
        raise Refusal(f"{unit}已经是这件提案的承办单位。", field="new_unit")
    workflow.perform(
        current,
        "reassign",
        actor=actor,
        reason=reason,
        summary=f"同意改办：{current.unit}改为{unit}",
    )
    deadlines.meet(current, "transfer_decision", on=today)
    deadlines.void(current)
    given = _give(proposal, unit, current.role, start=today)
    if proposal.lead_unit_id == current.unit_id:
        workflow.perform(
            proposal,
            "reassign_units",
            actor=actor,
            changes={"lead_unit": unit},
            summary=f"承办单位由{current.unit}改为{unit}",
        )
    return given


@transaction.atomic
def request_extension(task: UnitTask, *, actor, until: date, reason: str) -> UnitTask:
    """Ask before the term ends for more time to reply, up to the months allowed in all."""
    _, current = lock_task(task)
    today = timezone.localdate()
    term = _reply_term(current)
    if term is not None and term.due < today:
        raise Refusal("延期要在期限届满前申请，答复期限已经过了。")
    if until <= max(today, term.due if term else today):
        raise Refusal("延期后的日期要晚于现在的答复期限。", field="until")
    latest = terms.latest_extension(current)
    if until > latest:
        raise Refusal(f"最多可以延到{latest:%Y-%m-%d}。", field="until")
    workflow.perform(
        current,
        "request_extension",
        actor=actor,
        changes={"extension_reason": reason.strip(), "extension_until": until},
        reason=reason,
        summary=f"{current.unit}申请延期至{until:%Y-%m-%d}",
    )
    terms.open_decision(current, "extension_decision", start=today)
    return fresh(current)


@transaction.atomic
def decide_extension(task: UnitTask, *, actor, agree: bool, reason: str = "") -> UnitTask:
    """Grant or deny an extension; granted, the reply's term ends on the day asked for."""
    _, current = lock_task(task)
    today = timezone.localdate()
    until = current.extension_until
    if agree:
        changes = {"extension_count": current.extension_count + 1}
        summary = f"同意{current.unit}延期至{until:%Y-%m-%d}" if until else "同意延期"
        workflow.perform(current, "grant_extension", actor=actor, changes=changes, reason=reason, summary=summary)
        if until:
            terms.extend_reply(current, until=until)
    else:
        workflow.perform(
            current,
            "deny_extension",
            actor=actor,
            reason=reason,
            summary=f"不同意{current.unit}延期",
        )
    deadlines.meet(current, "extension_decision", on=today)
    return fresh(current)


@transaction.atomic
def mark_key(proposal: Proposal, *, actor, leader: str = "", batch: str = "") -> Proposal:
    """Make a case a key proposal 重点提案, with the leader who takes it on and its batch."""
    current = lock_case(proposal.pk)
    workflow.perform(
        current,
        "mark_key",
        actor=actor,
        changes={"is_key": True, "key_leader": leader.strip(), "supervision_batch": batch.strip()},
        summary="列为重点提案" + (f"，{leader.strip()}领衔督办" if leader.strip() else ""),
    )
    return fresh(current)


def _roles(
    mode: str,
    lead: HandlingUnit | None,
    supports: list[HandlingUnit],
    splits: list[HandlingUnit],
) -> list[tuple[HandlingUnit, str]]:
    """The units with their roles, or why the mode does not allow them."""
    if mode not in Mode.values:
        raise Refusal("请选择办理方式。", field="mode")
    if mode == Mode.SPLIT:
        if lead is not None or supports:
            raise Refusal("分办没有主办、会办单位，请只选分办单位。", field="splits")
        roles = [(unit, Role.SPLIT.value) for unit in splits]
        if len({unit.pk for unit in splits}) < 2:
            raise Refusal("分办至少要两家单位。", field="splits")
    else:
        if lead is None:
            raise Refusal("请选择主办单位。", field="lead")
        if splits:
            raise Refusal("只有分办才选分办单位。", field="splits")
        if mode == Mode.SOLE and supports:
            raise Refusal("单办没有会办单位，请改为主办会办。", field="supports")
        if mode == Mode.LEAD_SUPPORT and not supports:
            raise Refusal("主办会办至少要一家会办单位，请改为单办或补上。", field="supports")
        roles = [(lead, Role.LEAD.value), *((unit, Role.SUPPORT.value) for unit in supports)]
    units = [unit for unit, _ in roles]
    if len({unit.pk for unit in units}) < len(units):
        raise Refusal("同一家单位不能选两次。", field="supports" if supports else "splits")
    if retired := next((unit for unit in units if not unit.is_active), None):
        raise Refusal(f"{retired}已停用，请选现在的单位。", field="lead")
    return roles


def _give(proposal: Proposal, unit: HandlingUnit, role: str, *, start: date) -> UnitTask:
    """A new task with its terms; it waits for the unit's receipt."""
    task = UnitTask(proposal=proposal, unit=unit, role=role, assigned_on=start)
    workflow.begin(task, UnitTask.Status.PENDING).save()
    terms.open_task(task, start=start)
    return task


def _start_when_signed(proposal: Proposal) -> None:
    if workflow.refusal(proposal, "start_handling", None) is None:
        workflow.perform(proposal, "start_handling", actor=None, summary="各承办单位都已签收，开始办理")


def _reply_term(task: UnitTask) -> Deadline | None:
    return Deadline.objects.of(task).open().filter(kind="reply").first()
