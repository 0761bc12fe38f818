"""Dispatch supervisors 民主监督员, recall them, keep the list of host units; every act is logged."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from core import audit
from core.acts import require, words
from core.errors import Refusal
from members.models import Member, User
from oversight.conflicts import works_there
from oversight.models import HostUnit, Supervisor

MANAGE = "oversight.manage"
FIELDS = ("name", "category", "contact", "is_active", "note")


@transaction.atomic
def keep_unit(unit: HostUnit, *, actor: User, **values) -> HostUnit:
    """Add a host unit, or change one that is stored; its name is its own."""
    require(actor, MANAGE, act="管理受派单位")
    if extra := set(values) - set(FIELDS):
        raise ValueError(f"not a field of this page: {sorted(extra)}")
    values["name"] = words(values.get("name", unit.name), "单位名称", field_name="name", limit=80)
    if HostUnit.objects.filter(name=values["name"]).exclude(pk=unit.pk).exists():
        raise Refusal(f"“{values['name']}”已经在名单里。", field="name")
    is_new = unit.pk is None
    stored = unit if is_new else HostUnit.objects.select_for_update().get(pk=unit.pk)
    if is_new:
        last = HostUnit.objects.order_by("-order").values_list("order", flat=True).first()
        stored.order = (last or 0) + 1
    changes = {name: [getattr(stored, name), value] for name, value in values.items() if getattr(stored, name) != value}
    if not changes and not is_new:
        return stored
    for name, value in values.items():
        setattr(stored, name, value)
    stored.save()
    summary = f"新增受派单位：{stored.name}" if is_new else f"改受派单位：{stored.name}"
    audit.record(
        verb="hostunit.add" if is_new else "hostunit.change", summary=summary, actor=actor, subject=stored,
        detail={} if is_new else {"changes": changes},
    )  # fmt: skip
    return stored


@transaction.atomic
def dispatch(unit: HostUnit, *, member: Member, starts: date, ends: date | None, actor: User) -> Supervisor:
    """Send a member to a unit for a time; not to his own employer, nor twice for the same time."""
    require(actor, MANAGE, act="派驻民主监督员")
    unit = HostUnit.objects.select_for_update().get(pk=unit.pk)
    member = Member.objects.get(pk=member.pk)
    if not unit.is_active:
        raise Refusal(f"{unit.name}已不再派驻，请先改为在派。")
    if not member.is_active:
        raise Refusal(f"{member.name}已不在任，不能派驻。", field="member")
    if ends and ends < starts:
        raise Refusal("聘期结束早于开始，请改正。", field="ends")
    if works_there(member.post, unit.name):
        raise Refusal(f"{member.name}就在这个单位工作（{member.post}），应当回避，请另派一位。", field="member")
    before = Supervisor.objects.filter(Q(ends__isnull=True) | Q(ends__gte=starts), unit=unit, member=member)
    if ends:
        before = before.filter(starts__lte=ends)
    if row := before.first():
        until = f"到{row.ends.isoformat()}" if row.ends else "还没有结束"
        raise Refusal(
            f"{member.name}在{unit.name}的聘期从{row.starts.isoformat()}起，{until}，时间重叠了。", field="starts"
        )
    row = Supervisor.objects.create(unit=unit, member=member, starts=starts, ends=ends, recorded_by=actor)
    audit.record(
        verb="supervisor.dispatch", summary=f"派驻{member.name}到{unit.name}", actor=actor, subject=row, root=unit,
        detail={"starts": starts, "ends": ends},
    )  # fmt: skip
    return row


@transaction.atomic
def recall(supervisor: Supervisor, *, on: date, reason: str, actor: User) -> Supervisor:
    """End a supervisor's time on a day that is its last, before its term is over; with a reason."""
    require(actor, MANAGE, act="结束派驻")
    row = Supervisor.objects.select_for_update().select_related("unit", "member").get(pk=supervisor.pk)
    if row.ends and row.ends < on:
        raise Refusal(f"聘期到{row.ends.isoformat()}就结束了，不用提前结束。", field="on")
    if row.end_reason:
        raise Refusal("已经提前结束过了。")
    if on < row.starts:
        raise Refusal(f"聘期从{row.starts.isoformat()}才开始，结束的日期不能更早。", field="on")
    why = words(reason, "结束的原因", field_name="reason", limit=120)
    before = row.ends
    row.ends, row.end_reason = on, why
    row.save(update_fields=["ends", "end_reason"])
    audit.record(
        verb="supervisor.recall", summary=f"结束{row.member.name}在{row.unit.name}的派驻", actor=actor, subject=row,
        root=row.unit, reason=why, detail={"changes": {"ends": [before, on]}},
    )  # fmt: skip
    return row
