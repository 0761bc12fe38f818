"""Lay reception days 接待日 out ahead of time from the studios' rules, with hosts in rotation 轮值.

Idempotent: a day that is announced, booked, cancelled or taken in hand by a person is left alone; the
others follow the rule and the working calendar as these stand now.
"""

import calendar as months_of
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from core import audit, options
from core.errors import Refusal
from members.models import Booking, Member, ReceptionDay, ReceptionHost, ReceptionSlot, RotaRule, Studio
from members.studios import rota

logger = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=365)
"""How far back it counts who sat, so that turns come round evenly."""


@dataclass
class Laid:
    """What laying out did for one studio: days made, moved, dropped, and in words what could not be."""

    made: int = 0
    moved: int = 0
    dropped: int = 0
    problems: list[str] = field(default_factory=list)


class Rotation:
    """Whose turn it is among a studio's members in office: who sat least, then who sat longest ago, then by code."""

    def __init__(self, studio: Studio, today: date) -> None:
        self.members = list(Member.objects.filter(studio=studio, is_active=True).order_by("code"))
        self.sat: dict[int, list[date]] = {member.pk: [] for member in self.members}
        seats = ReceptionHost.objects.filter(
            day__studio=studio, day__on__gte=today - LOOK_BACK, day__cancelled_at__isnull=True
        )
        for member_id, on in seats.order_by("day__on").values_list("member_id", "day__on"):
            if member_id in self.sat:
                self.sat[member_id].append(on)

    def pick(self, on: date, count: int) -> list[Member]:
        """The next ``count`` hosts for a day; their turn is then over."""
        chosen = sorted(
            self.members,
            key=lambda member: (len(self.sat[member.pk]), max(self.sat[member.pk], default=date.min), member.code),
        )[:count]
        for member in chosen:
            self.sat[member.pk].append(on)
        return chosen


def horizon(today: date) -> date:
    """The last day laid out now: the end of the month so many months ahead."""
    index = today.year * 12 + today.month - 1 + options.value("reception.months_ahead")
    year, month = divmod(index, 12)
    return date(year, month + 1, months_of.monthrange(year, month + 1)[1])


def lay_out_all(today: date, *, actor=None) -> dict[str, Laid]:
    """Every studio in use, each in a transaction of its own; by the studio's name."""
    found = {}
    for studio in Studio.objects.filter(is_active=True).order_by("order", "pk"):
        try:
            found[studio.name] = lay_out(studio, today=today, actor=actor)
        except Refusal as refusal:
            found[studio.name] = Laid(problems=[str(refusal)])
    return found


@transaction.atomic
def lay_out(studio: Studio, *, today: date | None = None, actor=None) -> Laid:
    """Make the days up to the horizon; ``Refusal`` where the studio's rule cannot be read."""
    today = today or timezone.localdate()
    until = horizon(today)
    Studio.objects.select_for_update(of=("self",)).get(pk=studio.pk)
    rules = _rules(studio, today)
    present: list[Any] = list(
        ReceptionDay.objects.filter(studio=studio, on__gte=today - timedelta(days=2 * rota.MARGIN)).annotate(
            is_booked=Exists(Booking.objects.filter(slot__day=OuterRef("pk")))
        )
    )
    free = {day.planned_on: day for day in present if _is_free(day, today, until)}
    kept = [day for day in present if day.planned_on not in free or free[day.planned_on] is not day]
    laid = Laid()
    wanted = _wanted(rules, kept, laid, today=today, until=until)
    hosts = _drop(free, wanted, laid)
    rotation = Rotation(studio, today)
    for rule, row in wanted:
        if row.planned_on in free:
            continue
        day = _make(studio, rule, row)
        again = hosts.get(row.planned_on)
        seat(day, again if again is not None else rotation.pick(day.on, rule.hosts_each))
        laid.made += again is None
        laid.moved += again is not None
    if laid.made or laid.moved or laid.dropped:
        audit.record(
            verb="studio.rota", actor=actor, subject=studio,
            summary=f"排接待日到{until.month}月{until.day}日：新排{laid.made}次，改期{laid.moved}次，去掉{laid.dropped}次",
        )  # fmt: skip
    return laid


def _rules(studio: Studio, today: date) -> list[tuple[RotaRule, date]]:
    """The studio's rules with their last day; the text on its card becomes a rule where there is none."""
    rules = list(studio.rota_rules.order_by("starts", "pk"))
    if not rules and studio.reception_rule:
        opens, closes = rota.read(studio.reception_rule).hours()
        rules = [
            RotaRule.objects.create(
                studio=studio, text=studio.reception_rule, starts=studio.founded_on or today, opens=opens, closes=closes
            )
        ]
    found = []
    for at, rule in enumerate(rules):
        until_next = rules[at + 1].starts - timedelta(1) if at + 1 < len(rules) else date.max
        found.append((rule, min(rule.ends or date.max, until_next)))
    return found


def _is_free(day: ReceptionDay, today: date, until: date) -> bool:
    """Whether nobody has been told of the day and nobody took it in hand."""
    return bool(
        day.rule_id
        and day.planned_on
        and day.planned_on <= until
        and day.on > today
        and not (day.announced_at or day.cancelled_at or day.is_booked)  # type: ignore[attr-defined]
    )


def _wanted(
    rules: list[tuple[RotaRule, date]], kept: Iterable[ReceptionDay], laid: Laid, *, today: date, until: date
) -> list[tuple[RotaRule, rota.Planned]]:
    """The days to come that the rules ask for beside those kept."""
    taken = {day.on for day in kept}
    settled = {day.planned_on for day in kept if day.planned_on}
    found = []
    for rule, ends in rules:
        first, last = max(rule.starts, today - timedelta(rota.FURTHEST)), min(ends, until)
        if first > last:
            continue
        rows = rota.plan(rota.read(rule.text), first, last, anchor=rule.starts, taken=taken, settled=settled)
        for row in rows:
            if row.on is None:
                laid.problems.append(row.moved_because)
            elif row.on > today:
                taken.add(row.on)
                found.append((rule, row))
    return found


def _drop(
    free: dict[date, ReceptionDay], wanted: list[tuple[RotaRule, rota.Planned]], laid: Laid
) -> dict[date, list[Member]]:
    """Take off free days that the rules no longer ask for, or ask for otherwise; gives the hosts of the latter."""
    asked = {row.planned_on: (rule, row) for rule, row in wanted}
    hosts: dict[date, list[Member]] = {}
    for planned_on, day in list(free.items()):
        if planned_on not in asked:
            laid.dropped += 1
        else:
            rule, row = asked[planned_on]
            same = (day.on, day.rule_id, day.moved_because) == (row.on, rule.pk, row.moved_because)
            if same and (day.opens, day.closes, day.slot_minutes) == (*_hours(rule, row), rule.slot_minutes):
                continue
            hosts[planned_on] = [seat.member for seat in day.seats.select_related("member")]
        del free[planned_on]
        day.delete()
    return hosts


def _hours(rule: RotaRule, row: rota.Planned) -> tuple[time, time]:
    """The rule's hours; where its parts take different halves of the day, those of the part."""
    halves = {part.half for part in rota.read(rule.text).parts}
    if row.part.hours:
        return row.part.hours
    return rota.HALVES[row.part.half] if len(halves) > 1 and row.part.half else (rule.opens, rule.closes)


def _make(studio: Studio, rule: RotaRule, row: rota.Planned) -> ReceptionDay:
    opens, closes = _hours(rule, row)
    day = ReceptionDay.objects.create(
        studio=studio, rule=rule, on=row.on, planned_on=row.planned_on, moved_because=row.moved_because[:120],
        opens=opens, closes=closes, slot_minutes=rule.slot_minutes,
    )  # fmt: skip
    cut_slots(day)
    return day


def cut_slots(day: ReceptionDay) -> int:
    """Divide the day's hours into slots; gives how many."""
    moment, step = datetime.combine(day.on, day.opens), timedelta(minutes=day.slot_minutes)
    end, starts = datetime.combine(day.on, day.closes), []
    while moment + step <= end:
        starts.append(moment.time())
        moment += step
    ReceptionSlot.objects.bulk_create([ReceptionSlot(day=day, starts=start) for start in starts])
    return len(starts)


def seat(day: ReceptionDay, members: Iterable[Member]) -> None:
    """Let these members host the day, in this order, and nobody else."""
    ReceptionHost.objects.filter(day=day).delete()
    ReceptionHost.objects.bulk_create(
        [ReceptionHost(day=day, member=member, order=order) for order, member in enumerate(members)]
    )
