"""Write down a change in a member's standing 任职变动, row by row, so that a typing mistake can be taken back.

A change opens and closes dated rows and sets what ``Member`` repeats of them. All of it is noted in
its ``MembershipChange``; within the same day the office may take the last one back. Raises
``core.errors.Refusal``.
"""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from core import audit
from core.errors import Refusal
from members.models import Member, MembershipChange, User
from members.services.closing import close_account, reopen_account

Kind = MembershipChange.Kind
UNDONE_TOGETHER = (Kind.ELECTED, Kind.ENDED)
"""Changes of a whole term 换届; they are not taken back one by one."""


def allowed(actor: User | None) -> None:
    """Refuse whoever does not keep the roll; ``actor`` None is the machine's operator."""
    if actor is not None and not actor.has_perm("members.manage_people"):
        raise Refusal("只有委员联络室能登记委员的变动。")


def held(member: Member) -> Member:
    """The member as stored, locked, so that of two officers at once the second sees what the first did."""
    return Member.objects.select_for_update().get(pk=member.pk)


def check_day(on: date, *rows: Any) -> None:
    """Refuse a day that has not come, or that lies before what it ends."""
    if on > timezone.localdate():
        raise Refusal("日期还没有到，变动到了那一天再登记。", field="on")
    latest = max((row.starts for row in rows if row.starts), default=None)
    if latest and on < latest:
        raise Refusal(f"日期早于原来的开始日期（{latest:%Y-%m-%d}），请核对。", field="on")


class Recorder:
    """Collects what one change does to a member's rows, then writes it down."""

    def __init__(self, member: Member, *, actor: User | None, kind: str, on: date, decision: str = "") -> None:
        self.member, self.actor, self.kind, self.on = member, actor, kind, on
        self.decision = decision.strip()[:200]
        self.detail: dict[str, Any] = {"opened": [], "closed": [], "member": {}, "heads": [], "told": []}

    def open(self, row: models.Model) -> None:
        """Store a new dated row."""
        row.save(force_insert=True)
        self.detail["opened"].append([row._meta.label_lower, row.pk])

    def close(self, row: Any, **values: Any) -> None:
        """End a dated row on the day of the change, or on its first day where that is later."""
        row.ends = max(self.on, row.starts or self.on)
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=["ends", *values])
        self.detail["closed"].append([row._meta.label_lower, row.pk])

    def set(self, **values: Any) -> None:
        """Let ``Member`` repeat the present; relations are given by ``…_id``."""
        for name, value in values.items():
            before = getattr(self.member, name)
            if before != value:
                self.detail["member"].setdefault(name, before)
                setattr(self.member, name, value)

    def point(self, model: type[models.Model], pk: int, field: str, member_id: int | None) -> None:
        """Let a body repeat its present head: a studio its convener 召集人, a branch its secretary."""
        rows = model._base_manager.filter(pk=pk)
        before = rows.values_list(f"{field}_id", flat=True).first()
        if before != member_id:
            self.detail["heads"].append([model._meta.label_lower, pk, field, before])
            rows.update(**{f"{field}_id": member_id})

    def close_account(self) -> None:
        """Close the account of somebody who left, and tell what became of it."""
        self.detail["account"], words = close_account(self.member, actor=self.actor)
        self.tell(words)

    def tell(self, sentence: str) -> None:
        """Add a sentence for the officer: what else the change brought about."""
        self.detail["told"].append(sentence)

    def done(self, summary: str) -> MembershipChange:
        """Store the member, the change and its line in the operation log."""
        if names := sorted(self.detail["member"]):
            self.member.save(update_fields=[name.removesuffix("_id") for name in names])
        change = MembershipChange.objects.create(
            member=self.member,
            kind=self.kind,
            on=self.on,
            summary=summary[:200],
            decision=self.decision,
            detail=self.detail,
            recorded_by=self.actor,
        )
        audit.record(
            verb=f"member.{self.kind}", summary=f"{self.member.name}：{summary}", actor=self.actor,
            subject=self.member, reason=self.decision, occurred_on=self.on, detail={"change": change.pk},
        )  # fmt: skip
        return change


def refusal_to_undo(change: MembershipChange) -> str | None:
    """Why a change can no longer be taken back, in words; None when it can."""
    if change.undone_at:
        return "这次变动已经撤回过了。"
    if change.kind in UNDONE_TOGETHER:
        return "换届不能一个人一个人撤回。"
    if timezone.localdate(change.recorded_at) != timezone.localdate():
        return "只有当天登记的能撤回；以前登记的，请照实再登记一次变动。"
    last = MembershipChange.objects.filter(member=change.member_id, undone_at=None).order_by("-id").first()
    if last is None or last.pk != change.pk:
        return "这以后又登记了别的变动，请先撤回最近的一次。"
    return None


@transaction.atomic
def undo(change: MembershipChange, *, actor: User, reason: str) -> MembershipChange:
    """Take the last change of today back, for a typing mistake; the line stays, marked as taken back."""
    allowed(actor)
    member = held(change.member)
    current = MembershipChange.objects.select_for_update().get(pk=change.pk)
    if problem := refusal_to_undo(current):
        raise Refusal(problem)
    if not reason.strip():
        raise Refusal("请写明为什么撤回。", field="reason")
    detail = current.detail
    for label, pk in reversed(detail["opened"]):
        apps.get_model(label)._base_manager.filter(pk=pk).delete()
    left_out = sum(not _reopen(label, pk) for label, pk in detail["closed"])
    for name, value in detail["member"].items():
        setattr(member, name, value)
    if detail["member"]:
        member.save(update_fields=[name.removesuffix("_id") for name in detail["member"]])
    for label, pk, field, before in detail["heads"]:
        apps.get_model(label)._base_manager.filter(pk=pk).update(**{f"{field}_id": before})
    reopen_account(member, detail.get("account") or {}, actor=actor)
    current.undone_at, current.undone_by, current.undo_reason = timezone.now(), actor, reason.strip()[:200]
    current.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    audit.record(
        verb="member.undo", summary=f"{member.name}：撤回“{current.summary}”", actor=actor, subject=member,
        reason=reason.strip(), detail={"change": current.pk, "left_out": left_out},
    )  # fmt: skip
    return current


def _reopen(label: str, pk: int) -> bool:
    """Let a closed row run on, unless another took its place since."""
    model = apps.get_model(label)
    row = model._base_manager.filter(pk=pk).first()
    if row is None:
        return True
    row.ends = None
    names = ["ends"]
    if hasattr(row, "ended_by"):
        row.ended_by = ""
        names.append("ended_by")
    taken = any(
        model._base_manager.exclude(pk=pk).filter(ends=None, **{n: getattr(row, row._meta.get_field(n).attname) for n in rule.fields}).exists()
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint)
    )  # fmt: skip
    if not taken:
        row.save(update_fields=names)
    return not taken
