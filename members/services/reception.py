"""What people do with reception days 接待日: the rule, hosts, moving, cancelling, announcing, holding.

Whoever hosts is told of each change. Booked visitors see it by their receipt, and those with a
booking are to be telephoned; ``told`` writes down that this was done.
"""

from collections.abc import Iterable
from datetime import date, time, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, notices
from core.acts import require, words
from core.errors import Refusal
from members.models import Booking, Member, ReceptionDay, RotaRule, Studio, User
from members.services import rota_days, studio_duty
from members.studios import rota

OTHER_DAYS = 400
"""How far ahead a single day may lie."""


@transaction.atomic
def set_rule(
    studio: Studio, *, actor: User, text: str, starts: date, slot_minutes: int = 20, hosts_each: int = 2,
    opens: time | None = None, closes: time | None = None,
) -> RotaRule:  # fmt: skip
    """Put a new rule in force from ``starts``; hours that are not given follow from its words.

    The rule before ends the day before. Days not yet announced are laid out anew.
    """
    require(actor, "members.manage_studio", studio, act="定接待日")
    text = words(text, "接待日", field_name="text", limit=80)
    by_words = rota.read(text).hours()
    opens, closes = opens or by_words[0], closes or by_words[1]
    if closes <= opens:
        raise Refusal("结束时间要晚于开始时间。", field="closes")
    if (closes.hour * 60 + closes.minute) - (opens.hour * 60 + opens.minute) < slot_minutes:
        raise Refusal("从开始到结束不够接待一位，请把时间放长，或把每位的分钟数改小。", field="closes")
    stored = Studio.objects.select_for_update(of=("self",)).get(pk=studio.pk)
    replaced = stored.rota_rules.filter(starts__gte=starts)
    before = [str(rule) for rule in stored.rota_rules.order_by("starts")]
    replaced.delete()
    stored.rota_rules.filter(ends__isnull=True).update(ends=starts - timedelta(1))
    rule = RotaRule.objects.create(
        studio=stored, text=text, starts=starts, opens=opens, closes=closes, slot_minutes=slot_minutes,
        hosts_each=hosts_each,
    )  # fmt: skip
    stored.reception_rule = text
    stored.save(update_fields=["reception_rule"])
    audit.record(
        verb="studio.rule", actor=actor, subject=stored, detail={"changes": {"rule": [before, text]}},
        summary=f"定接待日：{text}，从{starts:%Y-%m-%d}起",
    )  # fmt: skip
    rota_days.lay_out(stored, actor=actor)
    return rule


@transaction.atomic
def add_day(
    studio: Studio, *, actor: User, on: date, opens: time, closes: time, slot_minutes: int = 20,
    hosts: Iterable[Member] = (), place: str = "",
) -> ReceptionDay:  # fmt: skip
    """Add a single day beside the rule."""
    require(actor, "members.manage_studio", studio, act="加接待日")
    _check_day(studio, on)
    day = ReceptionDay(
        studio=studio, on=on, opens=opens, closes=closes, slot_minutes=slot_minutes, place=place.strip()[:120]
    )
    if closes <= opens:
        raise Refusal("结束时间要晚于开始时间。", field="closes")
    with transaction.atomic():
        try:
            day.save()
        except IntegrityError as error:
            raise _taken(on) from error
    if not rota_days.cut_slots(day):
        raise Refusal("从开始到结束不够接待一位，请把时间放长，或把每位的分钟数改小。", field="closes")
    rota_days.seat(day, _members_of(studio, hosts))
    _log(day, "add", f"加一天接待日：{_said(on)}", actor)
    return day


@transaction.atomic
def set_hosts(day: ReceptionDay, *, actor: User, hosts: Iterable[Member]) -> ReceptionDay:
    """Change who sits; those who come and those who go are told."""
    require(actor, "members.manage_day", day, act="调整接待委员")
    stored = _open(day, "调整接待委员")
    before = list(stored.hosts.order_by("code"))
    chosen = _members_of(stored.studio, hosts)
    if not chosen:
        raise Refusal("至少要有一位接待委员。", field="hosts")
    rota_days.seat(stored, chosen)
    changed = {"hosts": [[member.name for member in before], [member.name for member in chosen]]}
    _log(stored, "hosts", f"{_said(stored.on)}接待委员改为{'、'.join(map(str, chosen))}", actor, changes=changed)
    _tell([row for row in chosen if row not in before], stored, f"请您{_said(stored.on)}到{stored.studio.name}接待群众")
    _tell([row for row in before if row not in chosen], stored, f"{_said(stored.on)}的接待已换人，您不用去了")
    return stored


@transaction.atomic
def move_day(day: ReceptionDay, *, actor: User, on: date, reason: str) -> ReceptionDay:
    """Move a day with its bookings to another date; from then on the rule leaves it alone."""
    require(actor, "members.manage_day", day, act="改接待日")
    stored = _open(day, "改期")
    reason = words(reason, "改期的原因", field_name="reason", limit=80)
    _check_day(stored.studio, on, but=stored)
    before = stored.on
    if on == before:
        raise Refusal("改到的日期和原来一样。", field="on")
    stored.planned_on = stored.planned_on or before
    stored.on, stored.rule = on, None
    stored.moved_because = f"{reason}，由{_said(before)}改到{_said(on)}"[:120]
    with transaction.atomic():
        try:
            stored.save(update_fields=["on", "planned_on", "rule", "moved_because"])
        except IntegrityError as error:
            raise _taken(on) from error
    standing_bookings(stored).update(told_at=None)
    _log(stored, "move", f"接待日由{_said(before)}改到{_said(on)}", actor, reason=reason)
    _tell(stored.hosts.all(), stored, f"{_said(before)}的接待改到{_said(on)}：{reason}")
    return stored


@transaction.atomic
def cancel_day(day: ReceptionDay, *, actor: User, reason: str) -> ReceptionDay:
    """Call a day off; its bookings stay visible to their holders, who are to be telephoned."""
    require(actor, "members.manage_day", day, act="取消接待日")
    stored = _open(day, "取消")
    stored.cancel_reason = words(reason, "取消的原因", field_name="reason", limit=200)
    stored.cancelled_at = timezone.now()
    stored.save(update_fields=["cancelled_at", "cancel_reason"])
    standing_bookings(stored).update(told_at=None)
    _log(stored, "cancel", f"取消{_said(stored.on)}接待日", actor, reason=stored.cancel_reason)
    _tell(stored.hosts.all(), stored, f"{_said(stored.on)}的接待取消：{stored.cancel_reason}")
    return stored


@transaction.atomic
def announce(studio: Studio, *, actor: User | None, until: date) -> int:
    """Publish all days with hosts up to a date, so that they can be booked; gives how many."""
    if actor is not None:
        require(actor, "members.manage_studio", studio, act="公布接待日")
    days = ReceptionDay.objects.filter(
        studio=studio, on__range=(timezone.localdate(), until), announced_at__isnull=True, cancelled_at__isnull=True
    )
    rows = list(days.filter(seats__isnull=False).distinct().order_by("on"))
    if rows:
        ReceptionDay.objects.filter(pk__in=[row.pk for row in rows]).update(announced_at=timezone.now())
        audit.record(
            verb="studio.announce", actor=actor, subject=studio,
            summary=f"公布接待日{len(rows)}次：{'、'.join(_said(row.on) for row in rows[:20])}",
        )  # fmt: skip
    return len(rows)


@transaction.atomic
def announce_day(day: ReceptionDay, *, actor: User) -> ReceptionDay:
    """Publish one day."""
    require(actor, "members.manage_day", day, act="公布接待日")
    stored = _open(day, "公布")
    if not stored.seats.exists():
        raise Refusal("还没有接待委员，先定下谁接待再公布。")
    if stored.announced_at is None:
        stored.announced_at = timezone.now()
        stored.save(update_fields=["announced_at"])
        _log(stored, "announce", f"公布{_said(stored.on)}接待日", actor)
    return stored


@transaction.atomic
def mark_held(day: ReceptionDay, *, actor: User) -> ReceptionDay:
    """Write down that the day took place; it then counts for the studio and its hosts."""
    require(actor, "members.receive_on", day, act="登记已接待")
    stored = _open(day, "登记已接待")
    if stored.on > timezone.localdate():
        raise Refusal(f"{_said(stored.on)}还没有到，到了那天再登记。")
    if not stored.seats.exists():
        raise Refusal("没有接待委员，先填上是谁接待的。")
    stored.held_at = timezone.now()
    stored.save(update_fields=["held_at"])
    _log(stored, "hold", f"{_said(stored.on)}已接待", actor)
    studio_duty.day_held(stored, actor=actor)
    return stored


@transaction.atomic
def mark_not_held(day: ReceptionDay, *, actor: User, reason: str) -> ReceptionDay:
    """Take the holding of a day back, for instance to correct who sat."""
    require(actor, "members.manage_day", day, act="撤销已接待")
    stored = _locked(day)
    if stored.held_at is None:
        raise Refusal("这一天没有登记过已接待。")
    reason = words(reason, "撤销的理由", field_name="reason", limit=200)
    stored.held_at = None
    stored.save(update_fields=["held_at"])
    _log(stored, "unhold", f"撤销{_said(stored.on)}已接待", actor, reason=reason)
    studio_duty.day_not_held(stored, actor=actor, reason=reason)
    return stored


@transaction.atomic
def told(booking: Booking, *, actor: User) -> Booking:
    """Write down that a booked visitor was told of the change on the telephone."""
    day = booking.slot.day
    require(actor, "members.receive_on", day, act="登记已告知")
    Booking.objects.filter(pk=booking.pk).update(told_at=timezone.now())
    _log(day, "told", f"已电话告知{_said(day.on)}{booking.slot.starts:%H:%M}的来访人", actor)
    return booking


@transaction.atomic
def show_phone(booking: Booking, *, actor: User) -> str:
    """A booked visitor's number in full; who looked is in the log."""
    day = booking.slot.day
    require(actor, "members.receive_on", day, act="查看来访人电话")
    _log(day, "phone", f"查看{_said(day.on)}{booking.slot.starts:%H:%M}来访人的电话", actor)
    return booking.phone


def standing_bookings(day: ReceptionDay):
    """Bookings of a day that their holders did not cancel."""
    return Booking.objects.filter(slot__day=day, cancelled_at__isnull=True)


# --- Shared ---------------------------------------------------------------------------------------


def _locked(day: ReceptionDay) -> ReceptionDay:
    """The day as stored, locked: bookings wait, and of two people at once the second sees the first."""
    return ReceptionDay.objects.select_for_update(of=("self",)).select_related("studio").get(pk=day.pk)


def _open(day: ReceptionDay, act: str) -> ReceptionDay:
    stored = _locked(day)
    if stored.cancelled_at:
        raise Refusal(f"{_said(stored.on)}的接待已经取消，不能{act}。")
    if stored.held_at:
        raise Refusal(f"{_said(stored.on)}已经登记接待，要{act}请先撤销登记。")
    return stored


def _check_day(studio: Studio, on: date, *, but: ReceptionDay | None = None) -> None:
    today = timezone.localdate()
    if on < today:
        raise Refusal("这一天已经过了，请选今天或以后。", field="on")
    if on > today + timedelta(OTHER_DAYS):
        raise Refusal("这一天太远了，请选一年以内。", field="on")
    if studio.reception_days.filter(on=on).exclude(pk=but.pk if but else None).exists():
        raise _taken(on)


def _taken(on: date) -> Refusal:
    return Refusal(f"{_said(on)}已经有一次接待，同一天只能有一次，请换一天。", field="on")


def _members_of(studio: Studio, hosts: Iterable[Member]) -> list[Member]:
    chosen = list(dict.fromkeys(hosts))
    if strange := [member for member in chosen if member.studio_id != studio.pk]:
        raise Refusal(f"{strange[0].name}不在这个工作室。", field="hosts")
    return chosen


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _log(day: ReceptionDay, verb: str, summary: str, actor: User | None, *, reason: str = "", changes=None) -> None:
    audit.record(
        verb=f"reception_day.{verb}", summary=summary, actor=actor, subject=day, root=day.studio, reason=reason,
        detail={"changes": changes} if changes else {},
    )  # fmt: skip


def _tell(members: Iterable[Member], day: ReceptionDay, title: str) -> None:
    people = [member.user_id for member in members if member.user_id]
    key = f"reception:{day.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    url = reverse("members:reception_day", args=[day.pk])
    notices.notify(people, key=key, title=title, body=f"{day.studio.name}　{day.place or day.studio.place}", url=url)
