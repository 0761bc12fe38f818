"""The story of matters 民情事项 on a phone: one answered on the spot, one sent to a unit and told to its visitor by code."""

import re

import pytest

from members.demo.people import UNIT
from members.models import HandlingUnit, Matter, Member, Studio
from tests.journeys.people import People

LAMPS = "村口三盏路灯坏了半个月，老人晚上出门看不见路。"
PENSION = "咨询灵活就业人员养老保险断缴后怎么补。"
RESULT = "三盏路灯已经修好。"


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_visits_are_recorded_answered_and_told(people: People, town):
    studio = Studio.objects.order_by("order", "id").first()
    Member.objects.filter(user=town["member"]).update(studio=studio)
    unit = HandlingUnit.objects.get(name=UNIT)

    member = people["member"]
    member.go("/members/matters/")
    member.press("登记来访")
    record(member, PENSION, category="社会保障", answer="讲清了补缴办法，给了社保局窗口电话。")
    record(
        member, LAMPS, category="市政设施", route="to_unit", unit=str(unit.pk), visitor_name="汤女士",
        visitor_phone="13987654321", village="月桥社区", consent=True,
    )  # fmt: skip
    member.look()
    spot, sent = Matter.objects.get(text=PENSION), Matter.objects.get(text=LAMPS)
    assert (spot.status, sent.status, sent.unit) == ("closed", "triaged", unit)

    resident = people.visitor("resident")
    track(resident, sent.receipt_code)
    resident.sees(f"已转{unit}办理", "应在这一天前答复")
    resident.sees_not("汤女士", "13987654321", "路灯")

    operator = people["unit"]
    operator.message("转来民情事项")
    operator.sees(LAMPS, "汤**")
    operator.sees_not("汤女士", "13987654321")
    operator.press("答复")
    operator.fill(answer="换了三个灯头，接好了线。", result="汤女士门口的灯修好了。")
    operator.press(operator.page.locator("main form button.btn-primary"))
    operator.sees("来访人的姓名")
    operator.fill(result=RESULT)
    operator.press(operator.page.locator("main form button.btn-primary"))
    operator.sees("已答复")

    member.message("有结果了")
    member.press("登记已告知")
    member.pick("how", "电话")
    member.pick("rating", "satisfied")
    member.press(member.page.locator("main form button.btn-primary"))
    member.sees("已办结", RESULT)
    member.press("打印回执")
    member.sees(f"{sent.receipt_code[:3]} {sent.receipt_code[3:6]} {sent.receipt_code[6:]}")

    track(resident, sent.receipt_code)
    resident.sees(f"结果：{RESULT}", "已办结")
    resident.sees_not("汤女士", "13987654321", "换了三个灯头", "刘玥", "田禾")
    track(resident, "0000000000")
    resident.sees("没有这个回执号")


def record(desk, text: str, *, category: str, route: str = "on_spot", **values) -> None:
    """One visit on the one screen; the page is ready for the next when it has the code."""
    page = desk.page
    before = page.locator("#sent li").count()
    desk.fill(text=text)
    desk.pick("category", category)
    desk.pick("route", route)
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        if value is True:
            field.check()
        elif name == "unit":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name="登记", exact=True).click()
    page.locator("#sent li").nth(before).wait_for()


def track(desk, code: str) -> None:
    """Ask for a receipt code, as anyone may."""
    desk.go("/track/")
    desk.page.locator("main [name=code]").fill(re.sub(r"(...)(...)(....)", r"\1 \2 \3", code))
    desk.press("查询")
