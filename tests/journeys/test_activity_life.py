"""An activity from plan to ledger: invited by list, one asks leave, another signs in by code, and it is held."""

import pytest
from django.utils import timezone

from members.models import DutyEntry, Member
from members.models.activities import Activity, Attendance
from tests.conftest import SIZES

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "四季度协商座谈会"


def planned(office) -> Activity:
    """The office plans a meeting of today to which the three demo members must come, and tells them."""
    office.go("/members/activities/")
    office.press("登记活动")
    office.fill(kind="meeting", title=TITLE, on=timezone.localdate().isoformat(), place="区政协三楼会议室")
    office.page.locator("main [name=must_attend]").check()
    office.press("存下，接着请委员")
    office.fill(people="刘玥、张玉茹\n叶铮\n查无此人")
    office.press("请上这些委员")
    office.sees("“查无此人”：名册里没有这个人。", "现在请了3人")
    office.press("请好了，回活动页")
    office.press("发通知")
    office.press("发通知")
    office.sees("通知已发出")
    return Activity.objects.get()


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_a_meeting_from_plan_to_ledger(people):
    office, one, two = people["liaison"], people["member"], people["member2"]
    activity = planned(office)
    one.message(f"请您参加：{TITLE}")
    one.page.locator("main summary", has_text="请假").click()
    one.press("因公外出")
    one.sees("请假待批")
    two.message(f"请您参加：{TITLE}")
    two.press("参加")
    two.sees("已回复：参加")
    office.go(activity.get_absolute_url())
    office.sees("请假待批 1人", "因公外出")
    office.press("准假")
    office.press("开始签到")
    office.press("开始签到")
    two.go(activity.get_absolute_url())
    two.press("打开我的签到码")
    digits = two.page.locator(".signin-digits").inner_text()
    office.fill(code=digits)
    office.press("签到")
    office.sees("张玉茹，签到了。")
    two.page.locator("#signin", has_text="已签到").wait_for(timeout=20_000)
    two.look()
    with office.excused():
        office.fill(code=digits)
        office.press("签到")
    office.sees("已经签到，这个码不能再用")
    office.go(activity.get_absolute_url())
    office.press("登记举行")
    office.sees("到会1人，请假1人；其余1人记为缺席")
    office.confirm("登记举行")
    office.sees("已登记举行")
    states = {row.member.name: row.state for row in Attendance.objects.select_related("member")}
    assert states == {"刘玥": "on_leave", "张玉茹": "present", "叶铮": "absent"}
    acts = dict(DutyEntry.objects.values_list("member__name", "act"))
    assert acts == {"刘玥": "activity.leave", "张玉茹": "activity.meeting", "叶铮": "activity.absent"}
    office.press("更正出席")
    office.fill(people="叶铮", reason="签在纸上，漏录")
    office.press("更正")
    office.sees("更正了1人")
    standing = DutyEntry.objects.filter(reverses=None, reversed_by=None)
    assert standing.get(member__name="叶铮").act == "activity.meeting"
    one.message("已准假")


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_a_member_reports_and_the_office_verifies(people):
    member, office = people["member"], people["liaison"]
    member.go("/members/activities/")
    member.press("自报活动")
    member.fill(kind="donation", title="向村小学捐书", on=timezone.localdate().isoformat())
    with member.excused():
        member.press("报上去")
    member.sees("公益捐赠请写金额")
    member.fill(amount="3000")
    member.press("报上去")
    member.sees("待核实")
    office.go("/members/activities/?state=reported")
    office.page.locator("main input[name=pick]").check()
    office.press("核实")
    office.sees("已核实1项")
    member.message("自报的活动已核实")
    member.sees("已核实")
    row = DutyEntry.objects.get()
    assert (row.act, row.detail) == ("activity.donation", {"amount": "3000.00"})


def test_a_topic_from_the_plan_to_what_came_of_it(people, tmp_path):
    office = people["liaison"]
    office.go("/members/topics/")
    office.press("立题")
    office.fill(title="山区供水长效管护", leader_name="王主席", team="刘玥")
    office.press("存下")
    office.press("开始调研")
    office.press("开始调研")
    paper = tmp_path / "调研报告.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    office.page.locator("main input[type=file]").set_input_files(str(paper))
    office.press("传上去")
    office.press("形成报告")
    office.press("形成报告")
    office.press("登记采纳")
    office.fill(uptake="区长批示，列入明年计划。")
    office.press("登记采纳")
    office.sees("已采纳", "区长批示，列入明年计划。")
    assert DutyEntry.objects.get().member == Member.objects.get(name="刘玥")


def test_the_code_renews_itself_without_scripts(people):
    activity = planned(people["liaison"])
    activity.refresh_from_db()
    Activity.objects.update(sign_in_open=True)
    phone = people.visitor("member", java_script_enabled=False)
    phone.sign_in("member")
    phone.go(f"{activity.get_absolute_url()}code/")
    first = phone.page.locator(".signin-digits").inner_text()
    phone.page.wait_for_timeout(16_500)
    assert phone.page.locator(".signin-digits").inner_text() != first
