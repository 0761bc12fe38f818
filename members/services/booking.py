"""Book a slot 预约 of a reception day without signing in, move it, cancel it; each slot once under any rush.

A booking holds the day's row for its short transaction, so that of many at once each sees the one
before; the unique constraint on standing bookings is the last word. Who books too often on a day
is told so (:class:`TooMany`), by telephone and by network address, of which only digests are kept.
"""

import re
import secrets as tokens
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, locks, options, secrets
from core.acts import words
from core.errors import Refusal
from members.matters.receipts import new_code
from members.models import Booking, ReceptionDay, ReceptionSlot, User

CONSENT = "同意工作室为接待和办理这件事使用我的称呼和手机号。接待日一年后删去，随时可以打电话要求提前删除。"
"""Kept with each booking as it was read."""

MOBILE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}[0-9]{7,8}")
FORGOTTEN = "（已按约定删去）"
_ATTEMPTS = 3


class SlotTaken(Refusal):
    """The slot went to somebody else; ``left`` are the day's slots that are still free."""

    def __init__(self, message: str, left: list[ReceptionSlot]):
        super().__init__(message, field="slot")
        self.left = left


class TooMany(Refusal):
    """Too many bookings from one telephone or one network address on one day."""


@dataclass(frozen=True)
class Made:
    """A booking and the secret of its link, which is stored nowhere."""

    booking: Booking
    secret: str


def why_closed(day: ReceptionDay, now: datetime) -> str:
    """Why nobody can book on a day now, in words; empty when one can."""
    today = now.date()
    if day.cancelled_at:
        return "这一天的接待取消了"
    if day.announced_at is None:
        return "这一天还没有公布"
    if day.held_at or day.on < today:
        return "这一天已经过了"
    opens = day.on - timedelta(options.value("reception.book_days"))
    if today < opens:
        return f"{opens.month}月{opens.day}日起约"
    return ""


def free_slots(day: ReceptionDay, now: datetime) -> list[ReceptionSlot]:
    """Slots of a day that nobody has booked and whose time has not come."""
    taken = Booking.objects.filter(slot__day=day, cancelled_at__isnull=True).values_list("slot_id", flat=True)
    slots = ReceptionSlot.objects.filter(day=day).exclude(pk__in=list(taken)).order_by("starts")
    return [slot for slot in slots if not has_begun(day, slot.starts, now)]


def has_begun(day: ReceptionDay, starts: time, now: datetime) -> bool:
    """Whether a time of the day is over."""
    return (day.on, starts) <= (now.date(), now.time())


def book(
    slot: ReceptionSlot, *, name: str, phone: str, matter: str, village: str = "", consented: bool, source: str = "",
) -> Made:  # fmt: skip
    """Book a slot for a visitor; ``source`` is his network address.

    Raises :class:`SlotTaken` with the slots left, :class:`TooMany`, or ``Refusal`` with its field.
    """
    if not consented:
        raise Refusal("要先同意我们使用您的称呼和手机号，才能替您约。", field="consent")
    name = words(name, "称呼", field_name="name", limit=20)
    matter = words(matter, "想说的事", field_name="matter", limit=1000)
    number = clean_phone(phone)
    digests = {
        "phone_digest": secrets.digest(number, "booking.phone"),
        "source_digest": secrets.digest(source, "booking.source") if source else "",
    }
    now = timezone.localtime()
    # Most of a rush finds the slot gone: they are told without waiting for the day's row.
    if Booking.objects.filter(slot=slot, cancelled_at__isnull=True).exists():
        raise _gone(slot, now)
    for attempt in range(_ATTEMPTS):
        try:
            return _book(slot, now, digests, name=name, phone=number, matter=matter, village=village.strip()[:60])
        except IntegrityError:
            if Booking.objects.filter(slot=slot, cancelled_at__isnull=True).exists():
                raise _gone(slot, now) from None
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _book(slot: ReceptionSlot, now: datetime, digests: dict[str, str], **said: str) -> Made:
    day = ReceptionDay.objects.select_for_update(of=("self",)).select_related("studio").get(pk=slot.day_id)
    if why := why_closed(day, now):
        raise Refusal(f"{_said(day.on)}现在不能约：{why}。", field="slot")
    if has_begun(day, slot.starts, now):
        raise Refusal(f"{slot.starts:%H:%M}已经过了，请选晚一点的。", field="slot")
    if Booking.objects.filter(slot=slot, cancelled_at__isnull=True).exists():
        raise _gone(slot, now)
    _check_limits(day, digests, now.date())
    secret = tokens.token_urlsafe(18)
    booking = Booking.objects.create(
        slot=slot, receipt_code=new_code(), consent_text=CONSENT, cancel_digest=_digest(secret), **digests, **said
    )
    audit.record(
        verb="booking.make", subject=booking, root=day.studio,
        summary=f"群众网上预约{_said(day.on)}{slot.starts:%H:%M}",
    )  # fmt: skip
    return Made(booking, secret)


def _check_limits(day: ReceptionDay, digests: dict[str, str], today: date) -> None:
    # Bookings of other days hold other rows: who counts those of one telephone must be alone with it.
    locks.hold(*(f"booking:{digest}" for digest in digests.values() if digest))
    own = Booking.objects.filter(phone_digest=digests["phone_digest"])
    if own.filter(slot__day=day, cancelled_at__isnull=True).exists():
        raise Refusal(f"这个手机号已经约了{_said(day.on)}，凭回执号可以取消再约。", field="phone")
    if own.filter(made_at__date=today).count() >= options.value("reception.bookings_a_phone"):
        raise TooMany("这个手机号今天已经约了好几次，请明天再约，或打工作室的电话。", field="phone")
    if digests["source_digest"]:
        same = Booking.objects.filter(source_digest=digests["source_digest"], made_at__date=today).count()
        if same >= options.value("reception.bookings_a_source"):
            raise TooMany("从您这里今天已经约了很多次，请明天再约，或打工作室的电话。")


def _gone(slot: ReceptionSlot, now: datetime) -> SlotTaken:
    day = slot.day
    left = free_slots(day, now)
    shown = "、".join(f"{row.starts:%H:%M}" for row in left)
    rest = f"{_said(day.on)}还可以约：{shown}。" if left else f"{_said(day.on)}已经约满，请换一天。"
    return SlotTaken(f"{slot.starts:%H:%M}刚刚被别人约走了。{rest}", left)


def clean_phone(phone: str) -> str:
    """A telephone number as digits; ``Refusal`` (field "phone") where it cannot be one."""
    number = re.sub(r"[\s\-－—()（）]", "", unicodedata.normalize("NFKC", phone)).removeprefix("+86")
    if not MOBILE.fullmatch(number):
        raise Refusal("手机号不对，请填11位手机号；座机请带区号，如 09153212345。", field="phone")
    return number


# --- Cancelling without signing in -----------------------------------------------------------------


def by_link(code: str, secret: str) -> Booking | None:
    """The booking of a link, or None."""
    booking = _with_day().filter(receipt_code=code).first()
    return booking if booking and tokens.compare_digest(booking.cancel_digest, _digest(secret)) else None


def by_code(code: str, last_four: str) -> Booking | None:
    """The booking of a receipt code whose telephone ends in these four digits, or None."""
    code, last_four = plain_digits(code), plain_digits(last_four)
    if not (re.fullmatch(r"[0-9]{10}", code) and re.fullmatch(r"[0-9]{4}", last_four)):
        return None
    booking = _with_day().filter(receipt_code=code).first()
    return booking if booking and tokens.compare_digest(booking.phone[-4:], last_four) else None


def plain_digits(text: str) -> str:
    """What was typed as digits without blanks, however wide they were typed."""
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _with_day():
    return Booking.objects.select_related("slot__day__studio")


@transaction.atomic
def cancel(booking: Booking, *, actor: User | None = None) -> Booking:
    """Give the slot back; ``actor`` None is the visitor himself. Twice is once."""
    stored = Booking.objects.select_for_update(of=("self",)).select_related("slot__day__studio").get(pk=booking.pk)
    if stored.cancelled_at:
        return stored
    day = stored.slot.day
    if day.held_at or day.on < timezone.localdate():
        raise Refusal("这一天已经过了，不用取消。")
    stored.cancelled_at, stored.cancelled_by = timezone.now(), actor
    stored.save(update_fields=["cancelled_at", "cancelled_by"])
    audit.record(
        verb="booking.cancel", actor=actor, subject=stored, root=day.studio,
        summary=f"{'代来访人' if actor else '来访人自己'}取消{_said(day.on)}{stored.slot.starts:%H:%M}的预约",
    )  # fmt: skip
    return stored


def move(booking: Booking, slot: ReceptionSlot) -> Booking:
    """Take another slot of the same studio for a standing booking 改约, and give the old one back, in one step.

    The receipt code and the link stay. Raises :class:`SlotTaken` with the slots left, or ``Refusal``;
    then the old slot is still the visitor's.
    """
    try:
        return _move(booking, slot, timezone.localtime())
    except IntegrityError:
        raise _gone(slot, timezone.localtime()) from None


@transaction.atomic
def _move(booking: Booking, slot: ReceptionSlot, now: datetime) -> Booking:
    # Both days in the order of their ids, so that two who change places never wait for each other in a ring.
    wanted = {slot.day_id, Booking.objects.values_list("slot__day_id", flat=True).get(pk=booking.pk)}
    rows = ReceptionDay.objects.select_for_update(of=("self",)).select_related("studio").filter(pk__in=wanted)
    days = {row.pk: row for row in rows.order_by("pk")}
    stored = Booking.objects.select_for_update(of=("self",)).select_related("slot").get(pk=booking.pk)
    if stored.slot.day_id not in days:
        raise Refusal("这次预约刚刚改过，请刷新后再看。", field="slot")
    old, new = days[stored.slot.day_id], days[slot.day_id]
    before = f"{_said(old.on)}{stored.slot.starts:%H:%M}"
    if why := why_fixed(stored, old, now):
        raise Refusal(why, field="slot")
    if new.studio_id != old.studio_id:
        raise Refusal("只能改到同一个工作室的时间；要换工作室，请取消后另约。", field="slot")
    if slot.pk == stored.slot_id:
        return _with_day().get(pk=stored.pk)
    if why := why_closed(new, now):
        raise Refusal(f"{_said(new.on)}现在不能约：{why}。", field="slot")
    if has_begun(new, slot.starts, now):
        raise Refusal(f"{slot.starts:%H:%M}已经过了，请选晚一点的。", field="slot")
    if Booking.objects.filter(slot=slot, cancelled_at__isnull=True).exists():
        raise _gone(slot, now)
    same = Booking.objects.filter(phone_digest=stored.phone_digest, slot__day=new, cancelled_at__isnull=True)
    if same.exclude(pk=stored.pk).exists():
        raise Refusal(f"这个手机号在{_said(new.on)}已经另外约了一个时间。", field="slot")
    stored.slot, stored.told_at = slot, None
    stored.save(update_fields=["slot", "told_at"])
    audit.record(
        verb="booking.move", subject=stored, root=new.studio,
        summary=f"来访人自己改约：{before}改到{_said(new.on)}{slot.starts:%H:%M}",
    )  # fmt: skip
    return _with_day().get(pk=stored.pk)


def why_fixed(booking: Booking, day: ReceptionDay, now: datetime) -> str:
    """Why a booking of ``day`` can no longer be moved, in words; empty when it can. A cancelled day's can."""
    if booking.cancelled_at:
        return "这次预约已经取消了，请另约。"
    if day.held_at or day.on < now.date():
        return "这一天已经过了，不能再改。"
    return ""


def forget(on: date) -> int:
    """Delete the personal data of bookings whose day lies longer back than the consent says; gives how many."""
    limit = on - timedelta(options.value("reception.keep_days"))
    rows = Booking.objects.filter(slot__day__on__lt=limit).exclude(name="")
    count = rows.update(
        name="", phone="", phone_digest="", source_digest="", village="", matter=FORGOTTEN, cancel_digest=""
    )
    if count:
        audit.record(verb="booking.forget", summary=f"按约定删去{count}次预约的称呼、电话和所说的事")
    return count


def _digest(secret: str) -> str:
    return secrets.digest(secret, "booking.link")


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
