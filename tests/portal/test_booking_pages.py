"""The portal's studio and booking pages: what anyone sees, books, cancels, and never sees."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from core import options
from members.models import Booking, Matter
from members.services import reception
from portal.booking_views import WRONG_A_DAY
from tests.factories import UserFactory
from tests.factories_studios import BookingFactory, ReceptionDayFactory, staffed_studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    return ReceptionDayFactory(studio=staffed_studio(name="“同心”委员工作室", phone="0915-0000126"))


def said(slot, **changes) -> dict[str, str]:
    """A filled form."""
    return {
        "slot": slot.pk, "matter": "路灯坏了", "name": "张先生", "phone": "13812345678", "village": "金州社区",
        "website": "", "consent": "on", **changes,
    }  # fmt: skip


def book(client, day, **changes):
    slot = changes.pop("slot", None) or day.slots.first()
    return client.post(reverse("portal:book", args=[day.studio_id]), said(slot, **changes))


def text(response) -> str:
    """The page without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_studio_shows_who_sits_when_and_what_is_free(client, day):
    BookingFactory(day=day)
    page = text(client.get(reverse("portal:studio", args=[day.studio_id])))
    assert str(day.hosts.get()) in page
    assert "7个位" in page
    assert "09:00 已约满" in page
    assert "09:20 可约" in page


def test_days_not_announced_and_visitors_stay_unseen(client, day):
    BookingFactory(day=day, name="王秘密", matter="不想让人知道的事")
    hidden = ReceptionDayFactory(studio=day.studio, on=day.on + timedelta(1), announced_at=None)
    for name in ("portal:studio", "portal:studio_rota", "portal:studio_calendar", "portal:book"):
        page = client.get(reverse(name, args=[day.studio_id])).content.decode()
        assert "王秘密" not in page
        assert "不想让人知道的事" not in page
        assert "13800005678" not in page
        assert f"{hidden.on.month}月{hidden.on.day}日" not in page


def test_only_results_are_told_of_matters(client, day):
    common = {"studio": day.studio, "received_on": timezone.localdate(), "text": "原话", "category": "交通"}
    Matter.objects.create(
        **common, receipt_code="1000000001", visitor_name="张三丰", status="closed", result="绿灯改到35秒。"
    )
    Matter.objects.create(**common, receipt_code="1000000002", visitor_name="李四", status="recorded", result="没定的")
    Matter.objects.create(
        **common, receipt_code="1000000003", visitor_name="王五一", status="closed", result="王五一家的水通了"
    )
    for name in ("portal:studio", "portal:studio_matters"):
        page = text(client.get(reverse(name, args=[day.studio_id])))
        assert "绿灯改到35秒。" in page
        assert not any(word in page for word in ("没定的", "原话", "张三丰", "李四", "王五一"))


def test_a_resident_books_and_cancels_by_the_link(client, day):
    answer = book(client, day)
    assert answer.status_code == 302
    row = Booking.objects.get()
    page = client.get(answer["Location"])
    assert f"{row.receipt_code[:5]} {row.receipt_code[5:]}" in text(page)
    assert "138****5678" in text(page)
    assert "13812345678" not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    link = answer["Location"].partition("?")[0]
    assert "让给别人" in text(client.post(link, {"act": "cancel"}))
    assert Booking.objects.get().cancelled_at is None
    assert "预约已取消" in text(client.post(link, {"act": "cancel", "sure": "1"}))
    assert Booking.objects.get().cancelled_at
    assert client.get(link[:-2] + "x/").status_code == 404


def test_a_resident_cancels_by_code_and_last_four(client, day):
    row = BookingFactory(day=day)
    url = reverse("portal:booking_find")
    wrong = client.post(url, {"code": row.receipt_code, "last_four": "0000"})
    assert "没有找到" in text(wrong)
    right = {"code": row.receipt_code, "last_four": "5678"}
    assert "取消预约" in text(client.post(url, right))
    assert "预约已取消" in text(client.post(url, right | {"act": "cancel", "sure": "1"}))
    row.refresh_from_db()
    assert row.cancelled_at


def test_the_loser_of_a_slot_is_told_what_is_left_and_keeps_his_words(client, day):
    BookingFactory(day=day)
    answer = book(client, day)
    assert answer.status_code == 409
    assert "09:00刚刚被别人约走了" in text(answer)
    assert "09:20、09:40" in text(answer)
    assert "路灯坏了" in answer.content.decode()


def test_a_filled_trap_is_refused_in_words(client, day):
    assert "清空再提交" in text(book(client, day, website="http://x"))
    assert not Booking.objects.exists()


@pytest.mark.parametrize("field", ["matter", "name", "phone", "consent", "slot"])
def test_what_is_missing_is_said(client, day, field):
    data = said(day.slots.first())
    data.pop(field)
    answer = client.post(reverse("portal:book", args=[day.studio_id]), data)
    assert answer.status_code == 400
    assert "还有1处要改" in text(answer)
    assert not Booking.objects.exists()


def test_a_flood_from_one_telephone_or_address_gets_a_page_with_words(client, day):
    options.set_value("reception.bookings_a_source", 2, actor=None)
    slots = list(day.slots.all())
    for number in range(2):
        assert book(client, day, slot=slots[number], phone=f"1390000000{number}").status_code == 302
    answer = book(client, day, slot=slots[2], phone="13900000009")
    assert answer.status_code == 429
    assert "明天再约" in text(answer)
    assert "Retry-After" in answer


def test_a_flood_of_forms_is_slowed_down(client, day):
    answers = [client.post(reverse("portal:book", args=[day.studio_id]), {}).status_code for _ in range(61)]
    assert set(answers[:59]) == {400}
    assert answers[-1] == 429
    cache.clear()


def test_last_digits_are_not_found_by_trying_from_many_places(client, day):
    cache.clear()
    book(client, day)
    row, url = Booking.objects.get(), reverse("portal:booking_find")
    right = {"code": row.receipt_code, "last_four": "5678"}
    for number in range(WRONG_A_DAY):
        client.post(url, {**right, "last_four": f"{number:04d}"}, REMOTE_ADDR=f"10.9.8.{number}")
    spaced = f"{row.receipt_code[:5]} {row.receipt_code[5:]}"
    for code in (row.receipt_code, spaced):
        refused = client.post(url, {**right, "code": code}, REMOTE_ADDR="10.9.7.1")
        assert "没有找到" in text(refused)
        assert row.name not in text(refused)
    unknown = client.post(url, {"code": "0000000000", "last_four": "5678"}, REMOTE_ADDR="10.9.7.1")
    assert "没有找到" in text(unknown)
    cache.clear()  # another day
    assert day.studio.name in text(client.post(url, right, REMOTE_ADDR="10.9.7.1"))


def test_who_knows_the_digits_is_not_held_up_by_an_earlier_slip(client, day):
    cache.clear()
    book(client, day)
    url, code = reverse("portal:booking_find"), Booking.objects.get().receipt_code
    for number in range(2 * WRONG_A_DAY):
        digits = "0000" if number % 2 else "5678"
        found = client.post(url, {"code": code, "last_four": digits}, REMOTE_ADDR=f"10.9.{number}.1")
        assert ("没有找到" in text(found)) == bool(number % 2)


def test_a_cancelled_day_shows_on_the_receipt(client, day):
    link = book(client, day)["Location"]
    reception.cancel_day(day, actor=UserFactory(roles=["liaison"]), reason="停电")
    page = client.get(link)
    assert "接待取消了" in text(page)
    assert "停电" in text(page)
    assert 'value="cancel"' not in page.content.decode()


def test_a_slot_of_another_studio_cannot_be_booked(client, day):
    other = ReceptionDayFactory()
    assert book(client, day, slot=other.slots.first()).status_code == 400
    assert not Booking.objects.exists()


def test_the_public_calendar_holds_the_days_and_nobody(client, day):
    BookingFactory(day=day)
    content = client.get(reverse("portal:studio_calendar", args=[day.studio_id])).content
    (entry,) = [part for part in Calendar.from_ical(content).walk() if part.name == "VEVENT"]
    assert entry["summary"] == "委员接待日：“同心”委员工作室"
    assert "张" not in content.decode()


def test_the_list_is_narrowed_by_township_type_and_sector(client, day):
    staffed_studio(name="“北山”委员工作室", township="茨沟镇", scope="sector")
    url = reverse("portal:studios")
    assert "“北山”" in text(client.get(url))
    assert "“同心”" not in text(client.get(url, {"township": "茨沟镇"}))
    page = text(client.get(url, {"scope": "area"}))
    assert "“同心”" in page
    assert "“北山”" not in page


def test_forms_need_the_token(day):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("portal:book", args=[day.studio_id]), said(day.slots.first())).status_code == 403


def test_pages_ask_a_constant_number_of_queries(client, day, django_assert_max_num_queries):
    for step in range(1, 5):
        ReceptionDayFactory(studio=day.studio, on=day.on + timedelta(step))
    with django_assert_max_num_queries(16):
        client.get(reverse("portal:studio", args=[day.studio_id]))


def test_a_resident_takes_another_time_by_the_link(client, day):
    link = book(client, day)["Location"].partition("?")[0]
    other = ReceptionDayFactory(studio=day.studio, on=day.on + timedelta(1))
    assert "改约别的时间" in text(client.get(link))
    page = text(client.post(link, {"act": "move"}))
    assert "改约到什么时候" in page
    assert "09:00 您约的" in page
    asked = client.post(link, {"act": "move", "day": other.pk}).content.decode()
    assert str(other.slots.last().pk) in asked
    assert "请先选一个时间" in text(client.post(link, {"act": "move", "go": "1", "slot": "9" * 30}))
    done = text(client.post(link, {"act": "move", "go": "1", "slot": other.slots.last().pk}))
    assert "时间已经改好" in done
    assert f"{other.on.month}月{other.on.day}日" in done
    assert Booking.objects.get().slot == other.slots.last()


def test_a_resident_takes_another_time_by_code_and_last_four(client, day):
    row = BookingFactory(day=day)
    url, proof = reverse("portal:booking_find"), {"code": row.receipt_code, "last_four": "5678"}
    slot = day.slots.all()[3]
    assert f'value="{slot.pk}"' in client.post(url, proof | {"act": "move"}).content.decode()
    assert "时间已经改好" in text(client.post(url, proof | {"act": "move", "go": "1", "slot": slot.pk}))
    assert "没有找到" in text(
        client.post(url, {**proof, "last_four": "0000", "act": "move", "go": "1", "slot": slot.pk})
    )
    row.refresh_from_db()
    assert row.slot == slot


def test_a_time_lost_while_choosing_is_said_and_the_old_one_stays(client, day):
    row = BookingFactory(day=day)
    taken = day.slots.all()[3]
    BookingFactory(day=day, slot=taken, phone="13900000000")
    proof = {"code": row.receipt_code, "last_four": "5678", "act": "move", "go": "1", "slot": taken.pk}
    answer = client.post(reverse("portal:booking_find"), proof)
    assert answer.status_code == 409
    assert "刚刚被别人约走了" in text(answer)
    row.refresh_from_db()
    assert row.slot == day.slots.first()
