"""One proposal from the first word to the archive, by the people themselves, at the desk and on the phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Effect
from members.demo.people import UNIT, UNIT2
from proposals.models import Proposal
from tests.conftest import SIZES
from tests.journeys import steps
from tests.journeys.steps import ANSWERS, SUGGESTIONS, TITLE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_a_proposal_from_draft_to_archive(people):
    member, second = people["member"], people["member2"]

    leader = people["leader"]
    at_first = steps.figures(leader)

    # 委员写，另一位委员联名，提交
    steps.write(member, kind="joint", autosave=True)
    steps.invite(member, "张玉茹")
    second.message("请您联名")
    second.press("答复联名邀请")
    steps.agree_to_sign(second)
    member.message("张玉茹同意联名")
    steps.hand_in(member)
    case = Proposal.objects.get(title=TITLE)
    assert (case.status, case.intake_no) == ("submitted", f"{case.year}-0001")
    assert set(case.proposers.filter(state="confirmed").values_list("name", flat=True)) == {"刘玥", "张玉茹"}

    # 提案委初审、复审，两个人
    clerk, chief = people["proposal-clerk"], people["proposal-chief"]
    clerk.message("收到提案")
    steps.first_review(clerk)
    steps.second_review(chief)
    case.refresh_from_db()
    assert (case.status, case.number) == ("filed", 1)
    member.message("提案已立案")
    member.sees(case.case_no)

    # 交办：一家主办，一家会办
    inspection = people["inspection"]
    inspection.message("待交办")
    steps.assign(inspection, case, lead=UNIT, support=UNIT2)
    member.message("提案已交办")
    member.sees(steps.called(UNIT), steps.called(UNIT2))

    # 签收，沟通，会办意见，逐条答复，会签，签发，报督查室，送达
    unit, head, unit2 = people["unit"], people["unit-head"], people["unit2"]
    unit.message("新交办提案")
    steps.sign_receipt(unit)
    unit2.todo(TITLE, "签收")
    steps.sign_receipt(unit2)
    steps.log_contact(unit)
    unit2.todo(TITLE, "提交会办意见")
    steps.give_opinion(unit2)
    unit.message("提交会办意见")
    steps.write_reply(unit, case, send=True)
    unit2.message("送会签")
    steps.cosign(unit2)
    head.message("会办单位都已同意")
    head.sees(*ANSWERS)
    steps.approve(head)
    unit.message("答复函已签发")
    steps.send_to_office(unit, "汉滨农函〔2026〕31号")
    inspection.message("报送答复函")
    steps.issue(inspection)
    case.refresh_from_db()
    assert case.status == "replied"

    # 两位提案者各自评价，办结，归档
    for person in (member, second):
        person.message("答复已送达，请您反馈")
        person.sees(*ANSWERS)
        steps.judge(person)
    case.refresh_from_db()
    assert (case.status, case.rating) == ("closed", "satisfied")
    unit.message("提案已办结")
    clerk.todo(TITLE, "归档")
    steps.archive(clerk)
    case.refresh_from_db()
    assert case.status == "archived"

    # 领导看到数字变了，点开正是这一件
    now = steps.figures(leader)
    assert {name for name, value in now.items() if value != at_first[name]} == {
        "收到提案",
        "立案",
        "已答复",
        "办结",
        "满意率",
    }
    leader.press(leader.page.locator("a.figure").first)
    leader.sees(TITLE)

    # 委员看到全部经过
    member.go(f"/proposals/{case.pk}/?all=1")
    member.sees(case.case_no, "已归档", steps.called(UNIT), *SUGGESTIONS, *ANSWERS)
    for event in ("提交提案", "准予立案", "交办", "签收", "审核通过，送达委员", "办结", "归档"):
        member.sees(event)
    for name, desk in people.desks.items():
        desk.go("/home/")
        assert not desk.page.locator(".todo", has_text=TITLE).count(), f"{name} still has it waiting"
    assert not Effect.objects.filter(done_at=None).exists()


def test_unsatisfied_brings_a_second_round(people, town):
    case = steps.walked(town, "replied")
    member, unit = people["member"], people["unit"]
    member.message("请您反馈")
    steps.judge(member, result="unsatisfied", text="周转房还是没有着落。")
    case.refresh_from_db()
    assert (case.status, case.round) == ("rehandling", 2)
    unit.message("提案者不满意，请再办理")
    unit.sees("周转房还是没有着落。")
    steps.log_contact(unit)
    steps.write_reply(unit, case, send=True)
    head = people["unit-head"]
    head.todo(TITLE, "签发答复")
    steps.approve(head)
    unit.message("答复函已签发")
    steps.send_to_office(unit, "汉滨农函〔2026〕77号")
    people["inspection"].message("报送答复函")
    steps.issue(people["inspection"])
    member.message("请您反馈")
    steps.judge(member)
    case.refresh_from_db()
    assert (case.status, case.rating, case.round) == ("closed", "satisfied", 2)


def test_inspection_gives_the_case_to_another_unit(people, town):
    case = steps.walked(town, "assigned")
    unit, inspection, unit2 = people["unit"], people["inspection"], people["unit2"]
    water = next(iter(town["unit2"].unit_ids()))
    unit.todo(TITLE, "签收")
    unit.press("不归我们办，申请改办")
    unit.fill(reason="饮水工程由水利局负责。", suggested=str(water))
    unit.press(unit.page.locator("main form button[type=submit]").first)
    inspection.message("申请改办")
    inspection.go("/proposals/inspection/")
    inspection.press("决定")
    inspection.pick("agree", "yes")
    inspection.fill(new_unit=str(water))
    inspection.press("就这么定")
    unit2.message("改由贵单位办理")
    steps.sign_receipt(unit2)
    unit.go("/messages/")
    unit.sees("同意改办")
    case.refresh_from_db()
    assert (case.lead_unit.name, case.status) == (UNIT2, "handling")
    with unit.excused():
        assert unit.page.goto(f"{people.address}/proposals/{case.pk}/").status == 404


def test_promises_outlive_the_case(people, town):
    case = steps.walked(town, "replied", letter="B", due=timezone.localdate() + timedelta(days=30))
    member, unit = people["member"], people["unit"]
    member.message("请您反馈")
    member.sees("建成40套")
    steps.judge(member)
    case.refresh_from_db()
    assert case.status == "follow_up"
    unit.go("/proposals/promises/")
    unit.press(unit.page.locator("main a", has_text="建成40套").first)
    unit.fill(on=timezone.localdate().isoformat(), note="40套都交了钥匙。")
    unit.press(unit.page.locator("main form button.btn-primary").first)
    member.message("兑现承诺")
    member.sees("建成40套")
