"""Another time for a standing booking 改约: in one step, never without a slot, each slot once under a rush."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from core.errors import Refusal
from core.models import AuditEntry
from members.models import Booking
from members.services import booking
from members.services.booking import SlotTaken
from tests.factories_studios import BookingFactory, ReceptionDayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return ReceptionDayFactory()


def later(day, days: int = 1):
    """Another announced day of the same studio."""
    return ReceptionDayFactory(studio=day.studio, on=day.on + timedelta(days))


def test_a_moved_booking_keeps_its_code_and_gives_the_old_slot_back(day):
    row = BookingFactory(day=day, told_at=timezone.now())
    slot = later(day).slots.last()
    moved = booking.move(row, slot)
    assert (moved.pk, moved.receipt_code, moved.slot, moved.told_at) == (row.pk, row.receipt_code, slot, None)
    assert len(booking.free_slots(day, timezone.localtime())) == 8
    assert "改约" in AuditEntry.objects.get(verb="booking.move").summary
    booking.move(moved, slot)
    assert AuditEntry.objects.filter(verb="booking.move").count() == 1


def test_a_taken_slot_leaves_the_visitor_his_own(day):
    row, other = BookingFactory(day=day), later(day)
    BookingFactory(day=other, slot=other.slots.first(), phone="13900000000")
    with pytest.raises(SlotTaken, match="刚刚被别人约走了"):
        booking.move(row, other.slots.first())
    row.refresh_from_db()
    assert (row.slot.day, row.cancelled_at) == (day, None)


def test_what_cannot_be_moved_says_why(day):
    row, other = BookingFactory(day=day), later(day)
    with pytest.raises(Refusal, match="同一个工作室"):
        booking.move(row, ReceptionDayFactory().slots.first())
    BookingFactory(day=other, slot=other.slots.last(), phone_digest=row.phone_digest)
    with pytest.raises(Refusal, match="已经另外约了一个时间"):
        booking.move(row, other.slots.first())
    hidden = later(day, 2)
    hidden.announced_at = None
    hidden.save()
    with pytest.raises(Refusal, match="还没有公布"):
        booking.move(row, hidden.slots.first())
    booking.cancel(row)
    with pytest.raises(Refusal, match="已经取消"):
        booking.move(row, other.slots.all()[1])


def test_a_visitor_of_a_cancelled_day_may_take_another_but_not_of_a_day_gone_by(day):
    row, other = BookingFactory(day=day), later(day)
    day.cancelled_at = timezone.now()
    day.save()
    assert booking.move(row, other.slots.first()).slot.day == other
    other.on = timezone.localdate() - timedelta(1)
    other.save()
    with pytest.raises(Refusal, match="已经过了"):
        booking.move(row, later(day, 3).slots.first())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_move_to_one_slot_one_gets_it_and_nobody_loses_his_own():
    day = ReceptionDayFactory()
    target = ReceptionDayFactory(studio=day.studio, on=day.on + timedelta(1)).slots.first()
    rows = [
        BookingFactory(day=day, slot=slot, phone=f"1390000000{number}") for number, slot in enumerate(day.slots.all())
    ]
    start = Barrier(len(rows))

    def visitor(row):
        start.wait(timeout=30)
        try:
            return booking.move(row, target)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rows)) as pool:
        results = list(pool.map(visitor, rows))
    assert sum(isinstance(result, Booking) for result in results) == 1
    assert sum(isinstance(result, SlotTaken) for result in results) == 7
    standing = Booking.objects.filter(cancelled_at__isnull=True)
    assert standing.count() == standing.values("slot").distinct().count() == 8


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_change_days_the_other_way_round_do_not_wait_for_each_other():
    first = ReceptionDayFactory()
    second = ReceptionDayFactory(studio=first.studio, on=first.on + timedelta(1))
    pairs = [
        (BookingFactory(day=first, phone="13900000001"), second.slots.last()),
        (BookingFactory(day=second, phone="13900000002"), first.slots.last()),
    ]
    start = Barrier(2)

    def visitor(pair):
        start.wait(timeout=30)
        try:
            return booking.move(*pair).slot
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(visitor, pairs)) == [slot for _, slot in pairs]
