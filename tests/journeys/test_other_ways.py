"""Ways beside the straight one: not filed, merged, divided among units, extended, entered from paper."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import Deadline
from members.demo.people import UNIT, UNIT2
from members.models import HandlingUnit
from proposals.models import Ground, Proposal, UnitTask
from proposals.services import assignment
from tests.conftest import SIZES
from tests.journeys import steps
from tests.journeys.people import Desk
from tests.journeys.steps import ANSWERS, SUGGESTIONS, TITLE

pytestmark = pytest.mark.django_db(transaction=True)
TWIN = "关于解决山区教师住房的建议"


def conclude(desk: Desk, what: str, title: str, **values: str) -> None:
    """Give an opinion on what waits, the first or the second one."""
    desk.todo(title, what)
    desk.press(what)
    if values:
        desk.fill(**values)
    verdict = desk.page.locator("main form:has([name=outcome]) button.btn-primary")
    if what == "复审":
        desk.confirm(verdict)
        desk.sees("已定")
    else:
        desk.press(verdict)
        desk.sees("初审意见已存")


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_a_proposal_is_not_filed_and_goes_another_way(people, town, size):
    case = steps.walked(town, "submitted")
    clerk, chief, member = people["proposal-clerk"], people["proposal-chief"], people["member"]
    clerk.todo(TITLE, "初审")
    clerk.press("初审")
    if size == "phone":  # the proposal is read first, the queue stands behind it
        paper, queue = (clerk.page.locator(place).bounding_box() for place in (".paper", ".review-queue"))
        assert paper["y"] < SIZES["phone"]["height"] / 2
        assert queue["y"] > paper["y"] + paper["height"]
    ground = Ground.objects.filter(is_active=True).first()
    chosen = {"outcome": "refuse", "ground": str(ground.pk), "disposition": "to_opinion"}
    conclude(clerk, "初审", TITLE, **chosen)
    conclude(chief, "复审", TITLE, note="宜作社情民意反映。")
    case.refresh_from_db()
    assert (case.status, case.number, case.disposition) == ("not_filed", None, "to_opinion")
    member.message("提案未予立案")
    member.sees(str(ground), "转社情民意", "宜作社情民意反映。")
    clerk.has_nothing_waiting(TITLE)


def test_two_proposals_are_merged_and_both_proposers_judge(people, town):
    main = steps.walked(town, "filed")
    twin = steps.walked(town, "submitted", by="member2", title=TWIN)
    clerk, chief = people["proposal-clerk"], people["proposal-chief"]
    conclude(clerk, "初审", TWIN, outcome="merge", main_case=str(main.number), note="同一件事。")
    conclude(chief, "复审", TWIN)
    twin.refresh_from_db()
    assert (twin.status, twin.merged_into) == ("merged", main)
    member, second = people["member"], people["member2"]
    second.message("您的提案已并案")
    second.sees("并入本案的", TWIN, main.case_no)

    lead = HandlingUnit.objects.get(name=UNIT)
    main = assignment.assign(main, actor=town["inspection"], mode="sole", lead=lead)
    steps.answered(town, UnitTask.objects.get(proposal=main))
    for person in (member, second):
        person.message("答复已送达，请您反馈")
        person.sees(*ANSWERS)
        steps.judge(person)
    main.refresh_from_db()
    assert (main.status, main.feedback.filter(state="answered").count()) == ("closed", 2)


def test_a_case_is_divided_and_each_unit_answers_for_itself(people, town):
    case = steps.walked(town, "filed")
    inspection, unit, unit2, member = (people[name] for name in ("inspection", "unit", "unit2", "member"))
    inspection.todo(TITLE, "交办")
    inspection.press("交办")
    inspection.pick("mode", "split")
    inspection.fill(splits=f"{UNIT}、{UNIT2}")
    inspection.press("交办")
    inspection.sees("已交办", steps.called(UNIT), steps.called(UNIT2))
    for desk in (unit, unit2):
        desk.todo(TITLE, "签收")
        steps.sign_receipt(desk)
    first, second = UnitTask.objects.filter(proposal=case).order_by("pk")
    steps.answered(town, first)
    case.refresh_from_db()
    assert case.status == "handling"  # the other unit still owes its answer
    steps.answered(town, second, by="unit2", head="unit2")
    member.message("答复已送达，请您反馈")
    steps.judge(member)
    case.refresh_from_db()
    assert (case.status, case.handling_mode) == ("closed", "split")
    member.go(case.get_absolute_url())
    member.sees(steps.called(UNIT), steps.called(UNIT2), "已办结")


def test_a_unit_asks_for_more_time_and_gets_it(people, town):
    case = steps.walked(town, "assigned")
    unit, inspection = people["unit"], people["inspection"]
    unit.todo(TITLE, "签收")
    steps.sign_receipt(unit)
    task = UnitTask.objects.get(proposal=case)
    until = timezone.localdate() + timedelta(days=120)
    unit.press("申请延期")
    unit.fill(until=until.isoformat(), reason="选址要等规划批复。")
    unit.press("送督查室")
    unit.sees("延期申请已送督查室")
    inspection.message("申请延期至")
    inspection.go("/proposals/inspection/")
    inspection.press(inspection.page.locator(f"main a[href$='/inspection/extensions/{task.pk}/']").first)
    inspection.sees("选址要等规划批复。")
    inspection.pick("agree", "yes")
    inspection.press("就这么定")
    inspection.sees("已同意延期")
    assert Deadline.objects.of(task).open().get(kind="reply").due == until
    unit.message("延期")
    unit.sees(f"{until.month}月{until.day}日")


def test_the_office_enters_a_paper_proposal_for_a_member(people, town):
    clerk, member = people["proposal-clerk"], people["member"]
    clerk.go("/proposals/")
    clerk.press("代录纸质提案")
    clerk.fill(kind="individual", member="刘玥", title=TITLE, situation="教师住得远，山路难走。", analysis="周转房少。")
    clerk.page.locator("main select[name=category]").select_option(label="教育科技")
    clerk.page.locator("main textarea[name=ask]").first.fill(SUGGESTIONS[0])
    clerk.press("下一屏：联名与联系")
    steps.finish(clerk)
    case = Proposal.objects.get(title=TITLE)
    assert (case.status, case.is_entered, case.proposer_name) == ("submitted", True, "刘玥")
    assert case.created_by == town["proposal-clerk"]
    member.message("已提交")
    member.sees(TITLE, SUGGESTIONS[0])
