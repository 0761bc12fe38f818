"""The office opens a quality evaluation, a member and a guest answer on the phone, a leader reads the result."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Evaluation
from consultations.services import evaluation, sessions
from members.models import Member, SpecialCommittee
from tests.conftest import SIZES

pytestmark = pytest.mark.django_db(transaction=True)

CODES = [f"q{number}" for number in range(1, 8)]


@pytest.fixture
def session(town):
    """A session that was held with two members."""
    liaison = town["liaison"]
    people = [Member.objects.get(user=town[name]).pk for name in ("member", "member2")]
    row = sessions.plan(
        actor=liaison, title="月河流域水环境治理", form="topical", on=timezone.localdate(), place="二楼会议室",
        organizer=SpecialCommittee.objects.filter(kind="committee").first(),
    )  # fmt: skip
    sessions.invite(row, people, actor=liaison)
    return sessions.hold(row, actor=liaison)


def answer(desk, level: str = "0", **values: str) -> None:
    """Fill in the questionnaire that is open and send it."""
    desk.sees("请评价这次协商", "月河流域水环境治理", "成果转化")
    for code in CODES:
        desk.pick(f"m_{code}", values.get(code, level))
    desk.fill(comment="材料提前送到，准备充分。")
    desk.press("交评价")
    desk.sees("已收到，谢谢您")


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_office_opens_participants_answer_leader_reads(people, session):
    office = people["liaison"]
    office.go("/consultations/evaluations/")
    office.press("开始评价")
    office.press("月河流域水环境治理")
    office.press(office.page.locator("main form button.btn-primary"))
    office.sees("评价开始了", "请了2位委员")
    office.fill(count="6")
    office.press("印评价票")
    slips = office.page.locator(".slip-digits").all_inner_texts()
    assert len(slips) == 6
    people.deliver()

    member = people["member"]
    member.todo("月河流域水环境治理", "评价协商")
    member.press("填写评价表")
    link = member.page.url
    answer(member, q7="1")
    with member.excused():
        member.page.goto(link)
        member.sees("这个链接已经用过")

    guest = people.visitor("guest")
    guest.go("/evaluate/")
    guest.fill(code=slips[0].lower())
    guest.press("去评价")
    answer(guest, q1="-1")

    row = Evaluation.objects.get()
    office.go(row.get_absolute_url())
    office.sees("收回2份")
    for code in slips[1:5]:
        evaluation.answer(code, dict.fromkeys(CODES, 1))
    office.go(row.get_absolute_url())
    office.confirm("现在截止")
    office.sees("各项指标", "标准差", "发出8份，收回6份", "材料提前送到，准备充分。")
    office.confirm("公布等次")
    office.sees("已公布等次")

    leader = people["leader"]
    leader.go("/consultations/evaluations/")
    leader.press("年度汇总")
    leader.sees("各承办单位", "各项指标", "1场平均")
    leader.press("转化为政策、项目或具体措施")
    leader.press("月河流域水环境治理")
    leader.sees("得分", "中位数")

    member.go(row.get_absolute_url())
    member.sees("6人不记名评价")
    member.sees_not("标准差", "材料提前送到")


def test_a_form_half_filled_says_what_is_missing_and_keeps_the_rest(people, session, town):
    row = evaluation.open_evaluation(session, actor=town["liaison"], ends_on=timezone.localdate() + timedelta(3))
    ((_, code),) = evaluation.print_slips(row, 1, actor=town["liaison"])
    guest = people.visitor("guest", java_script_enabled=False)
    guest.go(f"/evaluate/{code}/")
    guest.pick("m_q1", "0")
    guest.fill(comment="写了一半")
    with guest.excused():
        guest.press("交评价")
        guest.sees("还有6处要改", "请选一个")
    assert guest.page.locator("main [name=comment]").input_value() == "写了一半"
    for name in CODES[1:]:
        guest.pick(f"m_{name}", "2")
    guest.press("交评价")
    guest.sees("已收到，谢谢您")


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_the_office_changes_weights_and_sees_whose_grade_moves(people, session, town):
    row = evaluation.open_evaluation(session, actor=town["liaison"], ends_on=timezone.localdate() + timedelta(3))
    for _, code in evaluation.print_slips(row, 5, actor=town["liaison"]):
        evaluation.answer(code, {**dict.fromkeys(CODES, 0), "q1": 2})
    evaluation.close(row, actor=town["liaison"])
    office = people["liaison"]
    office.go("/consultations/evaluations/indicators/")
    office.press("起草新的一版")
    office.fill(**{"p0-i0-weight": "80"})
    with office.excused():
        office.press("保存并试算")
    office.sees("没有存", "各项指标的权重合计要正好100，现在是165，多了65")
    assert office.page.locator("main [name='p0-i0-weight']").input_value() == "80"
    office.fill(**{"p0-i0-weight": "40", "p3-i1-weight": "10", "p2-i1-weight": "5"})
    office.press("保存并试算")
    office.sees("1场协商的等次会变", "月河流域水环境治理")
    office.confirm("施行")
    office.sees("权重合计100")
