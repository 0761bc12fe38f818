"""Two hundred people for eight slots, two for the last one: on PostgreSQL with real threads."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from core import options
from core.errors import Refusal
from members.models import Booking
from members.services import booking, reception
from members.services.booking import SlotTaken
from tests.factories import UserFactory
from tests.factories_studios import ReceptionDayFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def rush(slots, count: int, workers: int) -> list[object]:
    """So many visitors from different places at once, spread over the slots; what each got."""
    start = Barrier(workers)

    def visitor(number: int) -> object:
        if number < workers:
            start.wait(timeout=30)
        try:
            return booking.book(
                slots[number % len(slots)], name="群众", phone=f"139{number:08d}", matter="路灯", consented=True,
                source=f"10.0.{number // 200}.{number % 200}",
            )  # fmt: skip
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(visitor, range(count)))


def test_two_for_the_last_slot_one_wins():
    day = ReceptionDayFactory(slots=1)
    results = rush(list(day.slots.all()), 2, 2)
    assert Counter(type(result) for result in results) == {booking.Made: 1, SlotTaken: 1}
    assert "已经约满" in str(next(result for result in results if isinstance(result, SlotTaken)))


def test_two_hundred_for_eight_slots_give_eight_bookings():
    day = ReceptionDayFactory()
    results = rush(list(day.slots.all()), 200, 40)
    assert Counter(type(result) for result in results) == {booking.Made: 8, SlotTaken: 192}
    standing = Booking.objects.filter(cancelled_at__isnull=True)
    assert standing.values("slot").distinct().count() == standing.count() == 8
    assert all("刚刚被别人约走了" in str(result) for result in results if isinstance(result, SlotTaken))


def test_one_telephone_in_many_days_at_once_keeps_to_its_limit():
    slots = [ReceptionDayFactory(slots=1).slots.get() for _ in range(12)]
    start = Barrier(len(slots))

    def visitor(slot) -> object:
        start.wait(timeout=30)
        try:
            return booking.book(
                slot, name="群众", phone="13900000001", matter="路灯", consented=True, source="10.0.0.1"
            )
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(slots)) as pool:
        results = list(pool.map(visitor, slots))
    most = options.value("reception.bookings_a_phone")
    assert Counter(type(result) for result in results) == {booking.Made: most, booking.TooMany: len(slots) - most}


def test_a_day_cancelled_in_the_rush_takes_no_booking_after():
    day = ReceptionDayFactory()
    office = UserFactory(roles=["liaison"])
    slots = list(day.slots.all())
    start = Barrier(3)

    def cancel() -> object:
        start.wait(timeout=30)
        try:
            return reception.cancel_day(day, actor=office, reason="停电")
        finally:
            connection.close()

    def visit(slot) -> object:
        start.wait(timeout=30)
        try:
            return booking.book(slot, name="群众", phone=f"1390000000{slot.pk % 10}", matter="路灯", consented=True)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        cancelling = pool.submit(cancel)
        visits = [pool.submit(visit, slot) for slot in slots[:2]]
        results = [visit.result() for visit in visits]
        cancelled_at = cancelling.result().cancelled_at
    for result in results:
        assert isinstance(result, booking.Made) or "取消" in str(result)
        if isinstance(result, booking.Made):
            assert result.booking.made_at <= cancelled_at
