"""An outcome of a consultation: written, passed, sent, noted, given to a unit, answered, converted, fed back, looked back at."""

from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document

from consultations.models import Outcome, Uptake
from consultations.services import outcomes, sessions
from members.models import HandlingUnit, Member, SpecialCommittee
from members.services import attendance
from tests.conftest import SIZES

pytestmark = pytest.mark.django_db(transaction=True)

ASKS = ("每村设一名河道管护员。", "汛前清淤一次。")
TITLE = "关于治理高坪河的建议案"


@pytest.fixture
def session(town):
    """A session that was held with one member there."""
    liaison = town["liaison"]
    unit = HandlingUnit.objects.get(pk=next(iter(town["unit"].unit_ids())))
    row = sessions.plan(
        actor=liaison, title="高坪河流域治理", form="topical", on=timezone.localdate(), place="二楼会议室", units=[unit],
        organizer=SpecialCommittee.objects.filter(kind="committee").first(),
    )  # fmt: skip
    came = Member.objects.get(user=town["member"]).pk
    sessions.invite(row, [came], actor=liaison)
    row = sessions.notify(row, actor=liaison)
    attendance.mark_present(row.activity, [came], actor=liaison, way="paper")
    return sessions.hold(row, actor=liaison)


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_an_outcome_from_the_draft_to_looking_back(people, session, tmp_path):
    office = people["liaison"]
    office.go(session.get_absolute_url())
    office.press("写成果")
    office.fill(kind="formal_recommendation", title=TITLE, text="河道淤积。", suggestions="\n".join(ASKS))
    office.press("存下")
    office.sees("已存", "建议案要先经常委会会议或主席会议通过")
    office.press("登记会议通过")
    office.pick("approved_by", "standing")
    office.fill(approved_at="十六届常委会第五次会议")
    office.press("登记会议通过")
    office.sees("十六届常委会第五次会议通过")
    office.press("报送")
    office.fill(sent_to="区委、区政府", document_no="汉政协发〔2026〕12号")
    office.press("报送")
    office.press(office.page.locator("main .dialog form button.btn-primary"))
    office.sees("已报送", "汉政协发〔2026〕12号")
    office.press("登记批示")
    office.fill(leader="区长", text="请水利局逐条研究。")
    office.press("登记批示")
    office.press("交办单位")
    unit = session.units.get()
    office.page.locator(f"main [name=units][value='{unit.pk}']").check()
    office.fill(request="请逐条答复。")
    office.press("交办")
    office.sees("已交办", "还有")
    people.deliver()

    operator = people["unit"]
    operator.todo(TITLE, "答复采纳情况")
    operator.sees("现在请您做：逐条答复采纳不采纳", *ASKS, "请水利局逐条研究。", "请逐条答复。", "还差4处")
    outcome = Outcome.objects.get()
    first, second = outcome.suggestions.all()
    operator.pick(f"result_{first.pk}", "adopted")
    operator.fill(**{f"text_{first.pk}": "列入2027年预算。"})
    operator.press("先存着")
    operator.sees("还没有送出", "还差2处")
    with operator.excused():
        operator.press("送出答复")
        operator.sees("请选采纳、部分采纳或未采纳")
    operator.pick(f"result_{second.pk}", "not")
    operator.fill(**{f"text_{second.pk}": "汛前清淤由市里统一安排。"})
    operator.press("送出答复")
    operator.press(operator.page.locator("main .dialog form button.btn-primary"))
    operator.sees("答复已送出", "登记转化")
    operator.press("登记转化")
    operator.pick("kind", "policy")
    operator.fill(name="河道管护办法", number="汉政办发〔2026〕8号")
    evidence = tmp_path / "办法.pdf"
    evidence.write_bytes(b"%PDF-1.4\n%%EOF\n")
    operator.page.locator("main [name=scan]").set_input_files(str(evidence))
    operator.press("登记转化")
    operator.sees("转化已登记", "河道管护办法", "办法.pdf")
    people.deliver()

    office.message("答复了：部分采纳")
    office.sees("列入2027年预算。", "汛前清淤由市里统一安排。", "河道管护办法")
    office.press("定回头看的日期")
    office.fill(due_on=(timezone.localdate() + timedelta(days=100)).isoformat())
    office.press("定回头看的日期")
    office.sees("回头看")
    office.press("办结并反馈委员")
    assert "采纳1条" in office.page.locator("main [name=feedback]").input_value()
    office.press("办结并反馈委员")
    office.press(office.page.locator("main .dialog form button.btn-primary"))
    office.sees("已办结", "发给1人")

    member = people["member"]
    member.message("《高坪河流域治理》有了结果")
    member.sees(TITLE, "采纳情况", "河道管护办法", "未采纳")
    member.sees_not("请水利局逐条研究")
    with member.page.expect_download() as given:
        member.control("成文（Word）").click()
    file = tmp_path / "paper.docx"
    given.value.save_as(file)
    assert "一、每村设一名河道管护员。" in [line.text for line in Document(str(file)).paragraphs]


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_lists_of_outcomes_and_what_is_overdue(people, session, town):
    outcome = outcomes.write(session, actor=town["liaison"], kind="brief", title="高坪河专报", suggestions=ASKS)
    outcome = outcomes.send(outcome, actor=town["liaison"], sent_to="区委")
    outcomes.assign(outcome, session.units.all(), actor=town["liaison"])
    Uptake.objects.update(due_on=timezone.localdate() - timedelta(days=9))
    inspection = people["inspection"]
    inspection.todo("高坪河专报", "超期没有答复，请催办")
    inspection.sees("还没有答复")
    inspection.go("/consultations/uptakes/")
    inspection.press("只看超期的")
    inspection.sees("高坪河专报", "超期")
    leader = people["leader"]
    leader.go("/consultations/outcomes/?came=overdue")
    leader.sees("高坪河专报", "已交办")
    leader.go("/consultations/outcomes/?kind=minutes")
    leader.sees("没有符合的成果")
