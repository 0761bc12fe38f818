"""The yearly report: asked for, written on a phone from the draft, handed in, sent back, bettered, kept; one on paper."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import DutyEntry, DutyReport
from members.services import reports, score_rules
from tests.conftest import SIZES

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.localdate()


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_report_is_asked_for_written_sent_back_and_kept(people, town):
    score_rules.begin_rules()
    own = town["member"].member
    DutyEntry.objects.create(
        member=own, act="activity.meeting", on=TODAY, year=TODAY.year, key="story:1", summary="四季度常委会议",
        subject_type="members.member", subject_id=own.pk,
    )  # fmt: skip
    member, liaison = people["member"], people["liaison"]
    liaison.go("/members/reports/")
    liaison.sees("还没有布置过年度履职报告")
    liaison.press(f"布置{TODAY.year}年度履职报告")
    liaison.fill(due_on=(TODAY + timedelta(14)).isoformat(), note="写自己做的事。")
    liaison.press(liaison.page.locator("main").get_by_role("button", name="布置"))
    liaison.sees("已布置", "没有交", "应交")

    member.message(f"请写{TODAY.year}年度履职报告")
    member.sees("写自己做的事。")
    assert "四季度常委会议" in member.page.locator("[name=done]").input_value()
    member.fill(gains="话要说在点子上。")
    member.page.locator("[data-saved]", has_text="已保存").wait_for()
    assert DutyReport.objects.get().gains == "话要说在点子上。"
    member.press("交给委员联络室")
    member.sees("已交给委员联络室", "待阅", "四季度常委会议", "话要说在点子上。")

    liaison.go("/home/")
    liaison.press("收阅")
    liaison.press(own.name)
    liaison.sees("四季度常委会议")
    with liaison.excused():
        liaison.press("退回修改")
    liaison.sees("请写明要改什么")
    liaison.fill(answer="补上明年打算。")
    liaison.press("退回修改")
    liaison.sees(f"已退回{own.name}", "退回修改")

    member.message(f"您的{TODAY.year}年度履职报告退回修改")
    member.sees("补上明年打算。")
    member.fill(plans="把去年的事回访一遍。")
    member.press("交给委员联络室")
    member.press("撤回再改")
    member.sees("已撤回")
    member.press("交给委员联络室")
    member.sees("把去年的事回访一遍。")

    liaison.go(f"/members/reports/?year={TODAY.year}&state=submitted")
    liaison.press(own.name)
    liaison.press("收下")
    liaison.sees(f"已收下{own.name}的报告")
    other = town["member2"].member
    liaison.press(liaison.page.locator("tr", has_text=other.name).get_by_role("link", name="登记纸质"))
    liaison.press("登记已收")
    liaison.sees(f"已登记{other.name}的纸质报告", "（纸质）")

    member.go("/members/duty/")
    member.sees("年度履职报告", "已收")
    member.sees_not("初稿已拟好")


def test_report_is_written_without_scripts(people, town):
    row = reports.open_round(actor=town["liaison"], year=TODAY.year, due_on=TODAY + timedelta(14))
    member = people.visitor("member", java_script_enabled=False)
    member.sign_in("member")
    member.go("/members/reports/mine/")
    member.fill(done="参加会议三次。", gains="回访少。")
    member.press("存草稿，以后再写")
    member.sees("草稿已存")
    member.press("交给委员联络室")
    member.sees("已交给委员联络室")
    assert DutyReport.objects.get(round=row).gains == "回访少。"
