"""The liaison office keeps the roll: co-opts a member, moves him, closes a gap of the coverage; on a desk and on a phone."""

import pytest
from django.utils import timezone

from members.models import BranchPlace, Member, Placement
from tests.factories import SectorFactory
from tests.journeys.people import Desk

pytestmark = pytest.mark.django_db(transaction=True)
DECISIONS = {"reviewed": "十六届十二次主席会议", "decided": "十六届三次常委会会议"}


def co_opt(desk: Desk, *, sector: str) -> Member:
    """A new member with the two decisions behind him."""
    desk.go("/members/")
    desk.press("增补委员")
    desk.fill(
        **DECISIONS, on=timezone.localdate().isoformat(), code="HB-9001", name="汪新民", political_status="中共党员",
        post="区某局 干部", phone="19900000099",
    )  # fmt: skip
    desk.page.locator("main select[name=sector]").select_option(label=sector)
    desk.press("登记增补")
    desk.sees("已登记：汪新民增补", "199****0099", "十六届三次常委会会议协商决定")
    return Member.objects.get(code="HB-9001")


def move(desk: Desk, *, sector: str) -> None:
    """Into another sector, as its convener."""
    desk.press("转任界别")
    desk.page.locator("main select[name=body]").select_option(label=sector)
    desk.fill(post="召集人", decision="十六届十三次主席会议同意")
    desk.press("登记")
    desk.sees(f"转入{sector}任召集人")


def see_the_number(desk: Desk) -> None:
    """The whole number, after saying why."""
    desk.page.locator("main summary", has_text="显示完整号码").click()
    desk.page.locator("main select[name=reason]").select_option("核对信息")
    desk.press(desk.page.locator("main form button", has_text="显示完整号码"))
    desk.sees("19900000099", "这次查看已记入操作记录")


def close_the_gap(desk: Desk) -> None:
    """Set up a branch, open the gap, put everybody in it into the branch."""
    desk.go("/members/party/")
    desk.press("设立支部")
    desk.fill(name="界别委员功能型党支部")
    desk.press("保存")
    desk.sees("界别委员功能型党支部")
    desk.press(desk.page.locator("main .figure", has_text="没有编入支部的党员"))
    desk.sees("汪新民")
    desk.page.locator("main input[name=pick]").first.check()
    desk.press("编入支部")
    desk.page.locator("main select[name=branch]").select_option(label="界别委员功能型党支部")
    desk.press("编入支部（1人）")
    desk.sees("已编入界别委员功能型党支部")
    gap = desk.page.locator("main .figure", has_text="没有编入支部的党员")
    assert gap.locator(".figure-num").inner_text().startswith("0")


@pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
def test_the_office_co_opts_a_member_moves_him_and_closes_a_gap(people):
    SectorFactory(name="科技界")
    SectorFactory(name="农业界")
    desk = people["liaison"]
    member = co_opt(desk, sector="科技界")
    move(desk, sector="农业界")
    see_the_number(desk)
    close_the_gap(desk)
    member.refresh_from_db()
    assert member.sector.name == "农业界"
    assert Placement.objects.filter(member=member, body__kind="sector").count() == 2
    assert BranchPlace.objects.filter(member=member, ends=None).count() == 1
    desk.go(f"/members/{member.pk}/history/")
    desk.sees("增补为", "由科技界转入农业界任召集人")
    desk.fill(reason="选错了界别")
    desk.press("撤回这一次")
    desk.sees("已撤回", "选错了界别")
    desk.go("/members/terms/")
    desk.sees("现在的届次")
    leader = people["leader"]
    leader.go("/members/party/")
    leader.sees("界别委员功能型党支部")
    leader.sees_not("设立支部")


def test_a_member_asks_for_a_correction_and_the_office_finds_it_waiting(people):
    member = people["member"]
    pk = Member.objects.get(user__username="member").pk
    member.go(f"/members/{pk}/")
    member.press("申请更正个人信息")
    member.fill(post="区某协会 会长")
    member.press("交给委员联络室")
    member.sees("在办")
    office = people["liaison"]
    office.todo("申请更正个人信息")
    office.pick("accept", "1")
    office.press("办结")
    office.sees("没有等着办的更正申请")
    member.message("已更正")
    member.sees("区某协会 会长")
