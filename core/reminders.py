"""Reminders 提醒: a daily sweep by condition, each stage of each deadline once, whatever is missed or killed.

A stage is a number of days relative to the due day and the level that it reaches: 1 operator,
2 unit leader, 3 inspection office. The sweep marks and records stages in bulk; delivery groups
what one person must know into one message and marks it in the same transaction.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from core import notices, options
from core.models import Deadline, Reminder

logger = logging.getLogger(__name__)

CHUNK = 500
LEVELS = {1: "经办人", 2: "单位负责人", 3: "督查室"}

options.declare(
    "reminders.before_days",
    type="str",
    default="15,7",
    label="到期前几天提醒",
    group="提醒",
    help="用逗号分开，日历日。",
)
options.declare(
    "reminders.leader_after",
    type="int",
    default=1,
    label="超期几天后提醒单位负责人",
    group="提醒",
    minimum=1,
    maximum=60,
)
options.declare(
    "reminders.inspection_after",
    type="int",
    default=5,
    label="超期几天后提醒督查室",
    group="提醒",
    minimum=1,
    maximum=90,
)


@dataclass(frozen=True)
class Line:
    """What one reminder tells one person: a title, the page, and the people by level."""

    title: str
    url: str
    people: dict[int, list[int]]


Resolver = Callable[[list[Deadline]], dict[int, Line]]
_resolvers: dict[str, Resolver] = {}


def resolve_with(root_type: str, resolver: Resolver) -> None:
    """Register who is told of deadlines of cases of ``root_type``: deadlines in, lines by deadline id out."""
    _resolvers[root_type] = resolver


_callbacks: list[Callable[[date], object]] = []


def on_sweep(callback: Callable[[date], object]) -> None:
    """Call ``callback(on)`` at the start of every daily run, before the stages are looked at."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def run(on: date) -> dict[str, int]:
    """The whole daily run: what lapses first, then the sweep; a callback that fails stops no other."""
    for callback in _callbacks:
        try:
            callback(on)
        except Exception:
            logger.exception("daily callback %r failed", callback)
    return sweep(on)


def stages() -> list[tuple[int, int]]:
    """Pairs (days relative to the due day, level), earliest first, as configured."""
    before = sorted(
        {int(part) for part in options.value("reminders.before_days").split(",") if part.strip()}, reverse=True
    )
    after = [(options.value("reminders.leader_after"), 2), (options.value("reminders.inspection_after"), 3)]
    return [(-days, 1) for days in before] + [(0, 1), *sorted(after)]


def first_stage(start: date, due: date) -> int:
    """How many stages lie on or before the start and are skipped: a 3-day term has no 15-day notice."""
    return sum(1 for offset, _ in stages() if offset < 0 and due + timedelta(days=offset) <= start)


def sweep(on: date) -> dict[str, int]:
    """Record every stage reached by ``on`` and not yet recorded; counts due, sent and already.

    Stages that a missed day skipped are caught up by the latest one reached, which speaks to all
    levels up to its own.
    """
    due = sent = 0
    table = stages()
    for number in range(len(table), 0, -1):
        limit = on - timedelta(days=table[number - 1][0])
        rows = Deadline.objects.open().filter(due__lte=limit)
        while True:
            with transaction.atomic():
                batch = list(
                    rows.filter(stage__lt=number).select_for_update(skip_locked=_skips()).order_by("due", "id")[:5000]
                )
                Reminder.objects.bulk_create(
                    [Reminder(deadline=row, stage=number, due=row.due, on=on) for row in batch],
                    ignore_conflicts=True,
                    batch_size=1000,
                )
                Deadline.objects.filter(pk__in=[row.pk for row in batch]).update(stage=number)
            sent += len(batch)
            if len(batch) < 5000:
                break
        if number == 1:
            due = rows.count()
    return {"due": due, "sent": sent, "already": due - sent}


def undelivered_chunks() -> list[list[int]]:
    """Ids of reminders that nobody has been told of, in chunks for one task each."""
    ids = list(Reminder.objects.filter(delivered_at__isnull=True).order_by("id").values_list("id", flat=True))
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]


@transaction.atomic
def deliver(ids: list[int]) -> int:
    """Tell people of these reminders, one message a person, and mark them; whatever is marked is skipped."""
    rows = list(
        Reminder.objects.select_for_update(of=("self",) if _skips() else ())
        .select_related("deadline")
        .filter(pk__in=ids, delivered_at__isnull=True)
        .order_by("id")
    )
    lines = _lines([row.deadline for row in rows])
    table = stages()
    told: dict[int, list[tuple[Reminder, Line]]] = defaultdict(list)
    for row in rows:
        line = lines.get(row.deadline_id)
        if line is None or not row.deadline.is_open:
            continue
        top = table[min(row.stage, len(table)) - 1][1]
        for person in {pk for level, people in line.people.items() if level <= top for pk in people}:
            told[person].append((row, line))
    for person, items in told.items():
        _tell(person, items)
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(delivered_at=timezone.now())
    return len(rows)


def _lines(deadlines: list[Deadline]) -> dict[int, Line]:
    by_root = defaultdict(list)
    for row in deadlines:
        by_root[row.root_type].append(row)
    lines: dict[int, Line] = {}
    for root_type, rows in by_root.items():
        if resolver := _resolvers.get(root_type):
            lines.update(resolver(rows))
    return lines


def _tell(person: int, items: list[tuple[Reminder, Line]]) -> None:
    """One message to one person for all that this delivery holds for him."""
    late = sum(1 for row, _ in items if row.due < row.on)
    body = "\n".join(f"{line.title}：{row.deadline.label}{_when(row)}" for row, line in items[:30])
    if len(items) > 30:
        body += f"\n另有{len(items) - 30}件，请在待办里看。"
    first, line = items[0]
    title = (
        f"{line.title}：{first.deadline.label}{_when(first)}" if len(items) == 1 else f"{len(items)}件临近或超过期限"
    )
    url = line.url if len(items) == 1 else "/home/"
    notices.notify([person], key=f"reminder:{first.pk}", title=title, body=body, url=url, urgent=bool(late))


def _when(row: Reminder) -> str:
    days = (row.due - row.on).days
    if days > 0:
        return f"{row.due.month}月{row.due.day}日到期，还有{days}天"
    return "今天到期" if days == 0 else f"已超期{-days}天"


def _skips() -> bool:
    from django.db import connection

    return connection.features.has_select_for_update_skip_locked
