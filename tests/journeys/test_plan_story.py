"""The story of a topic 议题: a resident puts it in, the office merges it with a member's, and it stands in the issued plan."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import AnnualPlan, PlanItem, TopicSender, TopicSuggestion
from tests.conftest import SIZES
from tests.journeys.people import Desk, People

pytestmark = pytest.mark.django_db(transaction=True)
BUS, NIGHT = "城区公交夜间延时", "公交末班车太早"


def step(desk: Desk, plan: AnnualPlan, label: str, *, asks: bool = False, **values: str) -> None:
    """One step of the plan from its page."""
    desk.go(plan.get_absolute_url())
    desk.press(label)
    desk.fill(**values)
    button = desk.page.locator("main form button.btn-primary")
    if asks:
        desk.confirm(button)
    else:
        desk.press(button)


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_residents_topic_is_merged_into_the_plan_and_followed_to_its_issue(people: People, town):
    year, today = timezone.localdate().year + 1, timezone.localdate()
    office = people["liaison"]
    office.go("/consultations/plans/")
    office.press(f"制定{year}年计划")
    office.press("发布征集")
    office.fill(closes_on=(today + timedelta(20)).isoformat(), call_text="请一件事一个议题。")
    office.press(office.page.locator("main form button.btn-primary"))
    office.sees("正在征集")
    plan = AnnualPlan.objects.get(year=year)

    resident = people.visitor("resident")
    resident.go("/topics/")
    resident.sees("征集协商议题", "请一件事一个议题。")
    resident.fill(title=NIGHT, text="加班以后没有公交回江南。", name="石先生", phone="13809150002")
    with resident.excused():
        resident.press("提给区政协")
        resident.sees("要先同意")
    assert resident.page.locator("main [name=name]").input_value() == "石先生"
    resident.page.locator("main [name=consent]").check()
    resident.press("提给区政协")
    code = TopicSender.objects.get().receipt_code
    resident.sees("您的回执号", code)
    resident.press("查办理进度")
    resident.sees(f"区政协正在研究《{NIGHT}》")

    member = people["member"]
    member.message(f"征集{year}年协商议题")
    member.press("提议题")
    member.fill(title=BUS, text="晚自习下课末班车已过。", form="topical")
    member.press(member.page.locator("main form button.btn-primary"))
    member.sees(BUS, "待研究")

    office.todo(NIGHT, "定列不列入")
    office.press("看称呼和全号（记入日志）")
    office.sees("石先生", "13809150002")
    office.go(f"/consultations/suggestions/?year={year}&state=submitted")
    for box in office.page.locator("main tbody input[name=pick]").all():
        box.check()
    office.press("并成一个议题")
    office.sees(BUS, NIGHT)
    office.fill(reply="两条建议说的是一件事，并在一起协商。")
    office.press(office.page.locator("main form button.btn-primary"))
    item = PlanItem.objects.get()
    assert TopicSuggestion.objects.filter(item=item, status="taken").count() == 2

    office.press(f"修改：{item.topic}")
    office.fill(topic=BUS, month="3", leader="分管城建的副主席", method="先走访，再开会")
    office.press(office.page.locator("main form button.btn-primary"))
    step(office, plan, "汇总起草", asks=True, note="形成草案")
    step(office, plan, "主席会议审议通过", note="八次主席会议")
    step(office, plan, "区委常委会审定")
    step(office, plan, "印发", asks=True, document_no=f"汉办发〔{year}〕5号")
    office.sees("已印发", "八次主席会议", "未启动")
    office.press("计划文稿")
    office.sees(f"{year}年度协商计划", BUS)

    resident.go(f"/track/?code={code}")
    resident.sees(f"议题是《{BUS}》", "和另外1条建议并在一起", "印发了")
    resident.go("/topics/")
    resident.sees(f"{year}年协商计划", BUS)
    member.message("印发了")
    member.sees(BUS)
    leader = people["leader"]
    leader.go(f"/consultations/board/?year={year}")
    leader.sees("计划和完成，按形式", "专题协商", "采纳率")
    leader.press(leader.page.locator("main .figures a").first)
    leader.sees(BUS)
