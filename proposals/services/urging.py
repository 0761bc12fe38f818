"""Urging 催办: inspection or the proposals office presses a unit about what is late; its leader hears of it too."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, notices
from core.errors import Refusal
from core.models import Deadline
from proposals import people
from proposals.models import UnitTask
from proposals.services.common import BatchResult, lock_task, require, run_batch

MOST_WORDS = 200


@transaction.atomic
def urge(task: UnitTask, *, actor, note: str = "") -> UnitTask:
    """Press the unit of a late task; once a day, so that pressing the button twice urges once."""
    proposal, current = lock_task(task)
    require(actor, "proposals.urge", current, act="催办")
    today = timezone.localdate()
    late = list(Deadline.objects.of(current).open().filter(due__lt=today).exclude(kind="transfer").order_by("due"))
    if not late:
        raise Refusal(f"{current.unit}办的这一件没有超期的，不用催。")
    if current.urged_on == today:
        raise Refusal(f"{current.unit}今天已经催过了，明天还没有办再催。")
    current.urged_on, current.urged_times = today, current.urged_times + 1
    current.save(update_fields=["urged_on", "urged_times"])
    what = "、".join(f"{row.label}（{row.due.month}月{row.due.day}日到期）" for row in late)
    times = f"第{current.urged_times}次催办" if current.urged_times > 1 else "催办"
    note = note.strip()[:MOST_WORDS]
    entry = audit.record(
        verb="unittask.urge", summary=f"{times}{current.unit}：{what}", actor=actor, subject=current, root=proposal, reason=note
    )  # fmt: skip
    notices.notify(
        people.of_unit(current.unit_id),
        key=f"proposals:urge:{current.pk}:{entry.pk}",
        title=f"{times}：《{proposal.title}》（{proposal.case_no}）",
        body=f"超期的：{what}。" + (f"\n{note}" if note else "") + "\n请马上办理；办不了的，请与督查室联系。",
        url=reverse("proposals:task", args=[current.pk]),
        urgent=True,
    )
    return current


def urge_many(tasks: Iterable[UnitTask], *, actor, note: str = "") -> BatchResult:
    """The same to several, each by itself; what need not be urged is told with its reason."""
    return run_batch(list(tasks), lambda task: urge(task, actor=actor, note=note))
