"""The plan: stages with their day, amendments after issue, progress in words, terms and reminders, its papers."""

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from consultations.models import AnnualPlan, Consultation, PlanAmendment, PlanItem
from consultations.plans import follow as plan_follow
from consultations.plans import progress
from consultations.plans.options import closing_day
from consultations.services import conversions, outcomes, plans, sessions
from core import options, outbox, reminders
from core.errors import Refusal
from core.models import AuditEntry, Deadline, Notice
from tests.factories import HandlingUnitFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
LAST_YEAR = timezone.localdate().year - 1


def issued(house, *, year: int | None = None, **values) -> PlanItem:
    """A topic of a plan that was issued."""
    plan = plans.begin_plan(year or TODAY().year, actor=house.liaison)
    defaults = {
        "topic": "全域旅游",
        "form": "topical",
        "month": TODAY().month,
        "body": house.committee,
        "units": [house.unit],
    }
    item = plans.set_item(plan, actor=house.liaison, **defaults | values)
    for verb in ("draft", "review", "decide"):
        plans.move(plan, verb, actor=house.liaison)
    plans.move(plan, "issue", actor=house.liaison, document_no="汉办发〔2026〕5号")
    return PlanItem.objects.select_related("plan").get(pk=item.pk)


def state(item: PlanItem, on: date | None = None) -> str:
    return progress.with_state(PlanItem.objects.filter(pk=item.pk), on or TODAY()).values_list("state", flat=True)[0]


def test_stages_keep_their_day_and_remark_and_show_as_steps(client, house):
    plan = plans.begin_plan(2026, actor=house.liaison)
    plans.set_item(plan, actor=house.liaison, topic="全域旅游", form="standing")
    on = TODAY() - timedelta(9)
    plans.move(plan, "draft", actor=house.liaison, on=on)
    plans.move(plan, "review", actor=house.liaison, on=on + timedelta(2), note="八次主席会议")
    plans.move(plan, "reopen", actor=house.liaison, reason="少了民生议题")
    plans.move(plan, "review", actor=house.liaison, note="九次主席会议")
    with pytest.raises(Refusal, match="还没有到"):
        plans.move(plan, "decide", actor=house.liaison, on=TODAY() + timedelta(1))
    client.force_login(house.leader)
    page = client.get(plan.get_absolute_url())
    steps = {step["label"]: step for step in page.context["steps"]}
    assert "九次主席会议" in steps["主席会议审议"]["note"]
    assert steps["汇总起草"]["state"] == "done"
    assert steps["区委常委会审定"]["state"] == ""
    assert plan.steps.count() == 4


def test_each_step_opens_the_term_of_the_next_and_meets_its_own(house):
    plan = plans.begin_plan(2027, actor=house.liaison)
    today = TODAY()
    plan = plans.call(plan, actor=house.liaison, opens_on=today, closes_on=today + timedelta(10))
    draft = Deadline.objects.of(plan).open().get()
    assert (draft.kind, draft.starts) == ("draft", today + timedelta(10))
    plans.set_item(plan, actor=house.liaison, topic="全域旅游", form="standing")
    plans.move(plan, "draft", actor=house.liaison)
    assert Deadline.objects.of(plan).open().get().kind == "review"
    plans.move(plan, "review", actor=house.liaison)
    plans.move(plan, "reopen", actor=house.liaison, reason="再改")
    assert [row.kind for row in Deadline.objects.of(plan).open()] == ["review"]
    late = reminders.run(Deadline.objects.of(plan).open().get().due + timedelta(2))
    assert late["due"] == 1
    reminders.deliver([pk for chunk in reminders.undelivered_chunks() for pk in chunk])
    assert Notice.objects.filter(recipient=house.liaison, title__contains="主席会议审议").exists()


def test_default_closing_day_follows_the_option_and_survives_nonsense(house):
    assert closing_day(2027) == date(2026, 11, 20)
    boss = UserFactory(is_superuser=True)
    options.set_value("consultations.topics_close", "11-30", actor=boss)
    assert closing_day(2027) == date(2026, 11, 30)
    options.set_value("consultations.topics_close", "冬至", actor=boss)
    assert closing_day(2027) == date(2026, 11, 20)


def test_amendment_needs_a_reason_keeps_before_and_after_and_moves_the_term(house):
    item = issued(house, month=6)
    plan, other = item.plan, HandlingUnitFactory()
    same = {"topic": item.topic, "form": item.form, "item": item}
    with pytest.raises(Refusal, match="请填写调整的理由"):
        plans.set_item(plan, actor=house.liaison, month=9, **same)
    with pytest.raises(Refusal, match="没有改任何一项"):
        plans.set_item(plan, actor=house.liaison, month=6, reason="手滑", **same)
    plans.set_item(plan, actor=house.liaison, month=9, units=[other], reason="调研没做完", basis="九次主席会议", **same)
    row = PlanAmendment.objects.get()
    assert ["月份", "6月", "9月"] in row.changes
    assert ["责任部门", str(house.unit), str(other)] in row.changes
    assert AuditEntry.objects.get(verb="annualplan.amend_change").reason == "调研没做完"
    assert Deadline.objects.of(item).open().get().due == date(plan.year, 9, 30)
    plans.drop_item(item, actor=house.liaison, reason="并入别的议题")
    item.refresh_from_db()
    assert item.dropped_on == TODAY()
    assert not Deadline.objects.of(item).open().exists()
    with pytest.raises(Refusal, match="已经调出"):
        plans.drop_item(item, actor=house.liaison, reason="再来")
    added = plans.set_item(plan, actor=house.liaison, topic="防汛", form="topical", month=7, reason="领导点题")
    assert Deadline.objects.of(added).open().get().kind == "hold"
    assert [row.kind for row in PlanAmendment.objects.order_by("id")] == ["change", "drop", "add"]


def test_state_goes_from_idle_to_converted(house):
    item = issued(house)
    assert state(item) == "idle"
    row = sessions.plan(
        actor=house.staff, title="全域旅游", form="topical", on=TODAY(), organizer=house.committee, plan_item=item
    )
    assert state(item) == "arranged"
    row = sessions.hold(row, actor=house.staff)
    assert state(item) == "held"
    outcome = outcomes.write(row, actor=house.staff, kind="brief", title="专报")
    assert state(item) == "held"
    outcome = outcomes.send(outcome, actor=house.staff, sent_to="区委")
    assert state(item) == "sent"
    conversions.convert(outcome, actor=house.staff, kind="policy", name="管护办法")
    assert state(item) == "converted"
    assert state(item, date(item.plan.year + 2, 1, 1)) == "converted"


def test_cancelled_session_leaves_the_item_as_if_none(house):
    item = issued(house)
    row = house.planned(plan_item=item)
    sessions.cancel(row, actor=house.staff, reason="改期")
    assert state(item) == "idle"


@pytest.mark.parametrize(
    ("month", "on", "words"),
    [
        (8, date(2026, 8, 31), ""), (8, date(2026, 9, 1), "应在8月办，已过1个月"), (8, date(2026, 11, 3), "应在8月办，已过3个月"),
        (8, date(2027, 2, 3), "应在2026年8月办，已过6个月"), (None, date(2026, 12, 31), ""), (None, date(2027, 1, 1), "应在2026年年内办，已过1个月"),
    ],
)  # fmt: skip
def test_overdue_is_said_in_words_just_when_the_state_says_so(house, month, on, words):
    plan = AnnualPlan.objects.create(year=2026, status="issued")
    item = PlanItem.objects.create(plan=plan, topic="全域旅游", form="topical", month=month)
    assert progress.late_words(item, on) == words
    assert state(item, on) == ("overdue" if words else "idle")
    AnnualPlan.objects.filter(pk=plan.pk).update(status="drafting")
    assert state(item, on) == "idle"


def test_month_that_came_without_a_session_is_told_once_whatever_day_was_missed(house):
    item = issued(house)
    start = TODAY().replace(day=1)
    assert plan_follow.month_has_come(start - timedelta(1)) == 0
    for on in (start + timedelta(3), start + timedelta(4)):
        plan_follow.month_has_come(on)
    for person in (house.staff, house.liaison):
        assert Notice.objects.filter(recipient=person, title__contains="还没有安排").count() == 1
    house.planned(plan_item=item)
    assert plan_follow.month_has_come(start + timedelta(5)) == 0


def test_held_session_meets_the_term_of_its_item(house):
    item = issued(house)
    assert plan_follow.settle() == 0
    sessions.hold(house.planned(plan_item=item), actor=house.staff)
    assert plan_follow.settle() == 1
    assert Deadline.objects.of(item).get().met_on == TODAY()
    assert plan_follow.settle() == 0


def test_committee_arranges_its_own_item_and_the_rest_follows_from_the_plan(client, house):
    item = issued(house)
    stranger = issued_for_another(house, item)
    client.force_login(house.staff)
    assert client.get(f"/consultations/plans/items/{stranger.pk}/arrange/").status_code == 404
    client.post(f"/consultations/plans/items/{item.pk}/arrange/", {"on": TODAY().isoformat(), "place": "二楼"})
    row = Consultation.objects.get()
    assert (row.title, row.form, row.organizer_id, row.plan_item) == (item.topic, item.form, house.committee.pk, item)
    assert list(row.units.all()) == [house.unit]


def issued_for_another(house, item: PlanItem) -> PlanItem:
    return plans.set_item(item.plan, actor=house.liaison, topic="别家的", form="topical", reason="增列")


def test_issue_tells_units_and_committees(house):
    issued(house)
    outbox.run_pending()
    for person in (house.operator, house.staff):
        assert Notice.objects.filter(recipient=person, title__contains="印发了").count() == 1


def test_everyone_reads_an_issued_plan_and_its_papers(client, house):
    item = issued(house, method="先调研", participants="企业代表", leader="副主席")
    client.force_login(house.members[0].user)
    url = item.plan.get_absolute_url()
    assert "未启动" in client.get(url).content.decode()
    page = client.get(f"{url}print/").content.decode()
    assert "汉办发〔2026〕5号" in page
    words = Document(io.BytesIO(client.get(f"{url}plan.docx").content))
    table = words.tables[0]
    assert [cell.text for cell in table.rows[1].cells][:4] == ["1", "全域旅游", "专题协商", f"{TODAY().month}月"]
    assert table.rows[0]._tr.xpath(".//w:tblHeader")
    assert any("汉办发〔2026〕5号" in line.text for line in words.paragraphs)
    file = client.get(f"/consultations/plans/items/?year={item.plan.year}&format=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    assert rows[1][2:4] == ["全域旅游", "专题协商"]
    assert AuditEntry.objects.filter(verb="annualplan.export").exists()


def test_draft_is_hidden_from_members_and_says_that_it_is_one(client, house):
    plan = plans.begin_plan(2027, actor=house.liaison)
    plans.set_item(plan, actor=house.liaison, topic="全域旅游", form="standing")
    client.force_login(house.members[0].user)
    for path in ("", "print/", "plan.docx"):
        assert client.get(f"{plan.get_absolute_url()}{path}").status_code == 404
    assert client.get("/consultations/plans/items/").context["page"].total == 0
    client.force_login(house.leader)
    assert "（草案）" in client.get(f"{plan.get_absolute_url()}print/").content.decode()


def test_item_taken_out_is_not_changed_any_more(client, house):
    item = issued(house)
    plans.drop_item(item, actor=house.liaison, reason="并入别的议题")
    client.force_login(house.liaison)
    page = client.get(f"{item.plan.get_absolute_url()}topics/{item.pk}/", follow=True).content.decode()
    assert "已经调出，不能再调整" in page
    with pytest.raises(Refusal, match="不在计划里"):
        plans.set_item(item.plan, actor=house.liaison, item=item, topic="改", form="topical", reason="再办")


def test_order_of_topics_is_changed_and_holds(house):
    plan = plans.begin_plan(2027, actor=house.liaison)
    one, two, three = (plans.set_item(plan, actor=house.liaison, topic=name, form="topical") for name in "一二三")
    plans.order_items(plan, three, up=True, actor=house.liaison)
    plans.order_items(plan, one, up=True, actor=house.liaison)
    assert [item.topic for item in plan.items.all()] == ["一", "三", "二"]


@pytest.mark.parametrize("size", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(client, house, size, django_assert_max_num_queries):
    item = issued(house)
    for number in range(size - 1):
        plans.set_item(
            item.plan, actor=house.liaison, topic=f"议题{number}", form="topical", units=[house.unit], reason="增列"
        )
    for row in PlanItem.objects.all():
        house.planned(plan_item=row)
    client.force_login(house.liaison)
    pages = {
        item.plan.get_absolute_url(): 21, "/consultations/plans/": 10, "/consultations/plans/items/": 10,
        f"{item.plan.get_absolute_url()}print/": 10, "/consultations/suggestions/": 10,
    }  # fmt: skip
    for url, most in pages.items():
        client.get(url)
        with django_assert_max_num_queries(most):
            client.get(url)


def test_last_years_plan_stays_overdue(house):
    item = issued(house, year=LAST_YEAR, month=None)
    assert state(item) == "overdue"
