"""A resident books a reception day from the portal, the convener sees him, he cancels by the link."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import Booking, Member, Studio
from tests.conftest import SIZES
from tests.factories_studios import ReceptionDayFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(town):
    """An announced day of the convener's studio, a week ahead."""
    convener = Member.objects.get(user=town["convener"])
    studio = Studio.objects.get(convener=convener)
    studio.address = "老城街道便民服务中心二楼"
    studio.save()
    Member.objects.filter(pk=convener.pk).update(studio=studio)
    return ReceptionDayFactory(studio=studio, on=timezone.localdate() + timedelta(7), hosts=[convener])


def choose_and_fill(desk, day) -> None:
    """From the list of studios to the receipt."""
    desk.go("/studios/")
    desk.press(day.studio.name)
    desk.sees("谁哪天在", "8个位")
    slot = day.slots.order_by("starts")[1]
    desk.pick("slot", str(slot.pk))
    desk.press("约这个时间，去填要说的事")
    desk.sees("预约接待日", "老城街道便民服务中心二楼")
    desk.fill(matter="门前的路灯坏了两个月", name="张先生", phone="13812345678", village="金州社区")
    desk.page.locator("main input[name=consent]").check()
    desk.press(desk.page.locator("main form button.btn-primary"))
    desk.sees("约好了", "09:20", "138****5678")


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_a_resident_books_is_seen_and_cancels_by_the_link(people, day):
    resident = people.visitor("resident")
    choose_and_fill(resident, day)
    link = resident.page.locator("main .break a").get_attribute("href")
    row = Booking.objects.get()

    convener = people["convener"]
    convener.go(f"/members/reception/{day.pk}/")
    convener.sees("预约的来访人 1位", "09:20", "张**", "138****5678", "门前的路灯坏了两个月")
    convener.sees_not("张先生", "13812345678")
    convener.press("看09:20来访人的完整号码")
    convener.sees("13812345678")
    convener.go(f"/members/reception/{day.pk}/")
    convener.press("登记这件事")
    assert f"day={day.pk}&booking={row.pk}" in convener.page.url

    again = people.visitor("resident again")
    again.go(link)
    again.sees("预约回执", "09:20")
    again.press("取消预约")
    again.press("确定取消预约")
    again.sees("预约已取消")
    convener.go(f"/members/reception/{day.pk}/")
    convener.sees("还没有人预约", "另有1个预约已取消")


def test_a_resident_without_scripts_books_and_cancels_by_code(people, day):
    resident = people.visitor("plain", java_script_enabled=False)
    choose_and_fill(resident, day)
    row = Booking.objects.get()
    resident.go("/studios/booking/")
    resident.fill(code=row.receipt_code, last_four="5678")
    resident.press("查看预约")
    resident.sees("09:20")
    resident.press("取消预约")
    resident.press("确定取消预约")
    resident.sees("预约已取消")


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_the_convener_moves_a_day_and_calls_whoever_booked(people, day):
    choose_and_fill(people.visitor("resident"), day)
    convener = people["convener"]
    convener.go(f"/members/studios/{day.studio_id}/rota/")
    convener.sees("1／8", "已公布")
    convener.go(f"/members/reception/{day.pk}/")
    convener.press("改期")
    convener.sees("已有1人预约")
    convener.fill(on=(day.on + timedelta(2)).isoformat(), reason="停电")
    convener.press("改期")
    convener.sees("要打电话告知的来访人 1位", "停电")
    convener.press("已电话告知")
    convener.sees("已告知")
