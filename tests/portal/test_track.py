"""Where a matter stands, by receipt code: plain words, no names; the same answer for what does not exist; no guessing."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core import throttle
from members.models import MatterStatus, Role, Studio
from members.services import matters
from portal import track_views
from tests import factories as make
from tests.factories_matters import TEXT, BookingFactory, MatterFactory, host

pytestmark = pytest.mark.django_db


def asked(client, code: str) -> str:
    """The words of the page of a code."""
    return client.get(reverse("portal:track"), {"code": code}).content.decode().partition("<main")[2]


def told(client, **values) -> str:
    """What is told of a matter as it stands."""
    return asked(client, MatterFactory(**values).receipt_code)


def test_story_is_told_step_by_step_without_a_name(client):
    member = host(name="梁怀瑾")
    unit = make.HandlingUnitFactory(name="汉滨区城市管理局", short_name="区城管局")
    operator = make.UserFactory(roles=[(Role.UNIT_OPERATOR, unit)], name="田禾")
    matter = MatterFactory(host=member, studio=member.studio)
    secrets = ("欧阳小曼", "13987654321", "恒口镇", TEXT, "梁怀瑾", "田禾", "换了三个灯头")

    def says(*words):
        page = asked(client, matter.receipt_code)
        for word in words:
            assert word in page, word
        for secret in secrets:
            assert secret not in page

    says("已在", "正在定由谁来办")
    matters.triage(matter, actor=member.user, route="to_unit", unit=unit)
    says("已转区城管局办理", "应在这一天前答复")
    matters.answer(matter, actor=operator, answer="换了三个灯头", result="三盏路灯已修好。")
    says("已经有了结果", "会把结果告诉您")
    assert "三盏路灯已修好" not in asked(client, matter.receipt_code)  # the studio tells it first
    matters.inform(matter, actor=member.user, result="三盏路灯已修好。", how="电话")
    says("结果：三盏路灯已修好。", "已办结")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"route": "on_spot", "status": MatterStatus.CLOSED, "result": "已当场说清。"}, "当场答复：已当场说清。"),
        ({"route": "referred", "status": MatterStatus.TRIAGED}, "信访或法律途径"),
        ({"route": "to_opinion", "status": MatterStatus.TRIAGED}, "社情民意信息"),
        ({"route": "to_micro_consultation", "status": MatterStatus.TRIAGED}, "坐下来协商"),
        ({"route": "to_proposal", "status": MatterStatus.TRIAGED}, "写成提案"),
        ({"status": MatterStatus.CLOSED, "result": "欧阳小曼家的灯修好了"}, "结果已由工作室当面或电话告诉来访人"),
        ({"status": MatterStatus.CLOSED, "result": "有事打13912345678"}, "结果已由工作室当面或电话告诉来访人"),
    ],
)
def test_every_way_is_told_in_plain_words(client, values, words):
    page = told(client, answered_on=timezone.localdate(), **values)
    assert words in page
    for secret in ("欧阳小曼", "13912345678"):
        assert secret not in page


def test_studio_that_bears_a_persons_name_is_not_named(client):
    studio = make.StudioFactory(name="“梁怀瑾”委员工作室", scope=Studio.Scope.PERSONAL)
    assert "梁怀瑾" not in told(client, studio=studio)


def test_booking_is_told_and_goes_on_as_the_matter_of_the_visit(client):
    booking = BookingFactory()
    page = asked(client, booking.receipt_code)
    assert "已预约" in page
    assert "09:00" in page
    MatterFactory(booking=booking, studio=booking.slot.day.studio)
    page = asked(client, booking.receipt_code)
    assert "已预约" in page
    assert "登记" in page
    for secret in ("欧阳小曼", "13987654321", TEXT):
        assert secret not in page
    booking.cancelled_at = timezone.now() - dt.timedelta(hours=1)
    booking.save()
    assert "预约已经取消" in asked(client, booking.receipt_code)


def test_code_may_be_typed_as_it_is_read_aloud(client):
    matter = MatterFactory(receipt_code="0123456789")
    for given in ("0123456789", "012 345 6789", " 012-345-6789 "):
        assert str(matter.studio) in asked(client, given)


def test_whatever_is_not_a_code_gets_the_same_answer(client):
    MatterFactory(receipt_code="0123456789")
    pages = set()
    for given in ("9999999999", "12", "0123456780", "' OR 1=1 --", "٠١٢٣٤٥٦٧٨٩", "012345678９"):
        response = client.get(reverse("portal:track"), {"code": given})
        pages.add(
            (response.status_code, response.content.decode().partition('id="none"')[2].partition("</section>")[0])
        )
    assert len(pages) == 1
    assert "没有这个回执号" in pages.pop()[1]


def test_guessing_is_stopped(client, monkeypatch):
    monkeypatch.setattr(throttle, "time", lambda: 1_800_000_000.0)  # one window, however slow the machine
    url = reverse("portal:track")
    answers = [client.get(url, {"code": f"{number:010d}"}).status_code for number in range(track_views.A_MINUTE + 2)]
    assert answers[: track_views.A_MINUTE] == [200] * track_views.A_MINUTE
    assert answers[-1] == 429
    assert client.get(url).status_code == 200
    other = client.get(url, {"code": "1"}, REMOTE_ADDR="10.9.8.7")
    assert other.status_code == 200


def test_answer_is_kept_by_nobody(client):
    response = client.get(reverse("portal:track"), {"code": MatterFactory().receipt_code})
    assert "no-store" in response["Cache-Control"]
    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
