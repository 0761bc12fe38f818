"""A member reads his duty file and appeals, the office corrects, the score changes; the office changes the rules."""

import pytest
from django.utils import timezone

from members.models import DutyEntry, Member, ScoreRules
from members.services import score_rules, scores
from tests.conftest import SIZES

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.localdate()


@pytest.fixture
def year(town) -> Member:
    """The member of the story, twice at a meeting and once said to have been absent; the year is computed."""
    score_rules.begin_rules()
    member = town["member"].member
    for at, act in enumerate(("activity.meeting", "activity.meeting", "activity.absent")):
        DutyEntry.objects.create(
            member=member, act=act, on=TODAY, year=TODAY.year, key=f"story:{at}",
            summary=("一季度常委会议", "协商座谈会", "城乡供水协商会")[at],
            subject_type="members.member", subject_id=member.pk,
        )  # fmt: skip
    scores.compute_open_years()
    return member


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_member_appeals_the_office_corrects_and_the_score_changes(people, town, year):
    member, liaison = people["member"], people["liaison"]
    member.go("/members/duty/")
    member.sees("15分", "不称职", "15分，上限30分", "城乡供水协商会")
    member.press(member.page.locator("main .figure", has_text="履职记录"))
    member.sees("缺席")
    row = member.page.locator("tr", has_text="城乡供水协商会")
    member.press(row.get_by_role("link", name="申诉"))
    member.fill(text="城乡供水协商会我到了，签到表上有名字。")
    member.press("交委员联络室复核")
    member.sees("申诉已交委员联络室", "待复核", "10个工作日")
    liaison.message(f"{year}申诉{TODAY.year}年履职记录")
    liaison.sees("签到表上有名字", "城乡供水协商会")
    liaison.fill(
        act="activity.meeting", on=TODAY.isoformat(), summary="城乡供水协商会", answer="签到表上有本人签名，改为到会。"
    )
    liaison.confirm("答复委员")
    liaison.sees("已更正", "补记：", "+10分", "+5分")
    member.message("您的积分申诉有答复：已更正")
    member.sees("签到表上有本人签名，改为到会。")
    member.press("看履职档案")
    member.sees("30分", "30分，上限30分", "已到上限")
    liaison.go("/members/scores/")
    liaison.sees("30")
    liaison.press(liaison.page.locator("main a", has_text=year.name).first)
    liaison.sees("冲销：城乡供水协商会")
    member.go("/members/duty/")
    member.press("打印")
    member.sees("委员履职档案", "30分")


def test_office_changes_the_rules_tries_them_and_puts_them_in_force(people, town, year):
    liaison = people["liaison"]
    liaison.go("/members/scores/")
    liaison.press("计分办法")
    liaison.press("起草新的一版")
    liaison.fill(**{"h0-cap": "40"})
    with liaison.excused():
        liaison.press("保存草稿")
    liaison.sees("没有存，还有1处要改", "现在是110分，多了10分")
    assert liaison.page.locator("main [name=h0-cap]").input_value() == "40"
    liaison.fill(**{"h0-cap": "30", "h0-i0-points": "20", "b2-from": "25"})
    liaison.press("保存并试算")
    liaison.sees("这1名委员的等次会变", year.name, "不称职", "称职", "试算不写入任何东西")
    liaison.confirm("施行")
    people.deliver()
    liaison.sees("已施行", "第2版")
    assert ScoreRules.objects.get(number=2, target="member").from_year == TODAY.year
    liaison.go("/members/scores/?band=称职")
    liaison.sees(year.name, "（第2版）")
    liaison.go("/members/scores/studios/")
    liaison.sees("五星", "未评星")
    leader = people["leader"]
    leader.go(f"/members/{year.pk}/duty/")
    leader.sees(year.name, "30分，上限30分")
    leader.sees_not("哪里不对，申诉")


def test_file_and_appeal_work_without_scripts(people, town, year):
    member = people.visitor("member", java_script_enabled=False)
    member.sign_in("member")
    member.go("/members/duty/?about=meetings#appeal")
    member.fill(text="少记了一次。")
    member.press("交委员联络室复核")
    member.sees("申诉已交委员联络室")
    liaison = people.visitor("liaison", java_script_enabled=False)
    liaison.sign_in("liaison")
    liaison.go("/members/appeals/")
    liaison.press(year.name)
    liaison.pick("verdict", "uphold")
    liaison.fill(answer="签到表上没有。")
    liaison.confirm("答复委员")
    liaison.sees("维持原记录", "签到表上没有。")
