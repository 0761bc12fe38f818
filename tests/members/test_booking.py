"""Booking a slot without signing in: what is taken, limits, cancelling, and what is deleted a year later."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core import options
from core.errors import Refusal
from core.models import AuditEntry
from members.models import Booking
from members.services import booking, reception
from members.services.booking import SlotTaken, TooMany
from members.studios.daily import forget
from tests.factories import UserFactory
from tests.factories_studios import BookingFactory, ReceptionDayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return ReceptionDayFactory()


def take(slot, *, phone="13812345678", source="10.0.0.1", **values):
    """Book it as a visitor."""
    said = {"name": "张先生", "matter": "路灯坏了", "consented": True, **values}
    return booking.book(slot, phone=phone, source=source, **said)


def test_a_booking_keeps_the_number_unreadable_and_is_logged_without_it(day):
    made = take(day.slots.first(), phone="１３８ 1234-5678")
    row = Booking.objects.get()
    assert row.phone == "13812345678"
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_digest, source_digest, cancel_digest FROM members_booking")
        stored = cursor.fetchone()
    assert all("13812345678" not in text and "10.0.0.1" not in text and made.secret not in text for text in stored)
    assert len(row.receipt_code) == 10
    assert row.receipt_code.isdecimal()
    entry = AuditEntry.objects.get(verb="booking.make")
    assert "138" not in f"{entry.summary}{entry.detail}"
    assert "张" not in entry.summary


def test_the_second_to_book_a_slot_is_told_which_are_left(day):
    first, second = day.slots.all()[:2]
    take(first)
    with pytest.raises(SlotTaken, match="09:00刚刚被别人约走了。.*09:20、09:40") as refused:
        take(first, phone="13900000000")
    assert refused.value.left[0] == second
    assert len(refused.value.left) == 7


def test_the_last_slot_taken_says_that_the_day_is_full():
    day = ReceptionDayFactory(slots=1)
    take(day.slots.get())
    with pytest.raises(SlotTaken, match="已经约满，请换一天"):
        take(day.slots.get(), phone="13900000000")


@pytest.mark.parametrize(
    ("values", "said", "field"),
    [
        ({"phone": "12345"}, "11位手机号", "phone"),
        ({"phone": "abc"}, "11位手机号", "phone"),
        ({"consented": False}, "同意", "consent"),
        ({"name": " "}, "称呼", "name"),
        ({"matter": ""}, "想说的事", "matter"),
    ],
)
def test_what_is_missing_is_said_at_its_field(day, values, said, field):
    with pytest.raises(Refusal, match=said) as refused:
        take(day.slots.first(), **values)
    assert refused.value.field == field
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"announced_at": None}, "还没有公布"),
        ({"cancelled_at": timezone.now()}, "取消"),
        ({"on": timezone.localdate() - timedelta(1)}, "已经过了"),
        ({"on": timezone.localdate() + timedelta(60)}, "起约"),
    ],
)
def test_a_day_that_is_not_open_cannot_be_booked(change, said):
    day = ReceptionDayFactory(**change)
    with pytest.raises(Refusal, match=said):
        take(day.slots.first())


def test_a_time_of_today_that_is_over_cannot_be_booked(day):
    now = datetime(2026, 5, 6, 9, 30)
    day.on = now.date()
    day.save()
    assert [f"{slot.starts:%H:%M}" for slot in booking.free_slots(day, now)][0] == "09:40"
    assert booking.has_begun(day, day.slots.first().starts, now)


def test_a_number_books_a_day_once_and_a_few_times_a_day(day):
    slots = list(day.slots.all())
    take(slots[0])
    with pytest.raises(Refusal, match="已经约了"):
        take(slots[1])
    for _ in range(options.value("reception.bookings_a_phone") - 1):
        booking.cancel(Booking.objects.get(cancelled_at__isnull=True))
        take(slots[0])
    booking.cancel(Booking.objects.get(cancelled_at__isnull=True))
    with pytest.raises(TooMany, match="明天再约"):
        take(slots[0])


def test_one_address_books_so_often_a_day(day):
    options.set_value("reception.bookings_a_source", 3, actor=None)
    slots = list(day.slots.all())
    for number in range(3):
        take(slots[number], phone=f"1380000000{number}")
    with pytest.raises(TooMany, match="从您这里"):
        take(slots[3], phone="13800000009")
    take(slots[3], phone="13800000009", source="10.0.0.2")


def test_yesterdays_bookings_do_not_count(day):
    options.set_value("reception.bookings_a_source", 1, actor=None)
    slots = list(day.slots.all())
    take(slots[0])
    Booking.objects.update(made_at=timezone.now() - timedelta(days=1))
    take(slots[1], phone="13900000000")


def test_cancelled_by_link_or_by_code_and_last_four(day):
    slots = list(day.slots.all())
    made = take(slots[0])
    code = made.booking.receipt_code
    assert booking.by_link(code, made.secret) == made.booking
    assert booking.by_link(code, "wrong") is None
    assert booking.by_code(f" {code} ", "５６７８") == made.booking
    assert booking.by_code(code, "0000") is None
    assert booking.by_code("١" * 10, "5678") is None
    assert booking.by_code("", "") is None
    booking.cancel(made.booking)
    booking.cancel(made.booking)
    assert AuditEntry.objects.filter(verb="booking.cancel").count() == 1
    take(slots[0], phone="13900000000")


def test_a_day_that_was_held_cannot_be_cancelled(day):
    row = BookingFactory(day=day)
    day.on = timezone.localdate()
    day.held_at = timezone.now()
    day.save()
    with pytest.raises(Refusal, match="不用取消"):
        booking.cancel(row)


def test_personal_data_go_a_year_after_the_day():
    old, young = BookingFactory(), BookingFactory()
    today = timezone.localdate()
    for row, days in ((old, 366), (young, 364)):
        row.slot.day.on = today - timedelta(days)
        row.slot.day.save()
    assert forget(today) == 1
    assert forget(today) == 0
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.name, old.phone, old.phone_digest, old.matter) == ("", "", "", booking.FORGOTTEN)
    assert (young.name, young.phone) == ("张先生", "13800005678")
    assert booking.by_code(old.receipt_code, "5678") is None
    assert AuditEntry.objects.filter(verb="booking.forget").count() == 1


def test_a_full_number_is_shown_to_those_who_receive_and_logged(day):
    row = BookingFactory(day=day)
    host = day.hosts.get()
    host.user = UserFactory(roles=["member"])
    host.save()
    assert reception.show_phone(row, actor=host.user) == "13800005678"
    assert AuditEntry.objects.get(verb="reception_day.phone").actor == host.user
    with pytest.raises(Refusal):
        reception.show_phone(row, actor=UserFactory(roles=["member"]))
