"""Topics for the yearly plan: put in by members, bodies, units; taken in once, merged, answered with reasons."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consultations.models import AnnualPlan, PlanItem, TopicSuggestion
from consultations.services import plans, topics
from core import options, outbox
from core.errors import Refusal
from core.models import AuditEntry, Notice
from members.models import Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
WORDS = {"title": "老旧小区加装电梯", "text": "老人下不了楼，邻里意见难统一。"}


@pytest.fixture
def plan(house) -> AnnualPlan:
    """A plan whose call is open."""
    row = plans.begin_plan(2027, actor=house.liaison)
    today = timezone.localdate()
    return plans.call(row, actor=house.liaison, opens_on=today, closes_on=today + timedelta(20), call_text="说民生")


def test_call_is_told_to_all_who_may_put_topics_in_and_again_when_its_end_moves(house, plan):
    outbox.run_pending()
    for person in (house.members[0].user, house.staff, house.operator):
        assert Notice.objects.filter(recipient=person, title__contains="征集2027年协商议题").count() == 1
    assert not Notice.objects.filter(recipient=house.leader).exists()
    today = timezone.localdate()
    plans.call(plan, actor=house.liaison, opens_on=today, closes_on=today + timedelta(30))
    outbox.run_pending()
    assert Notice.objects.filter(recipient=house.staff, title__contains="征集").count() == 2


def test_each_puts_in_under_his_own_hat_only(house, plan):
    own = topics.suggest(plan, actor=house.members[0].user, **WORDS)
    body = topics.suggest(plan, actor=house.staff, body=house.committee, **WORDS)
    unit = topics.suggest(plan, actor=house.operator, unit=house.unit, **WORDS)
    paper = topics.suggest(plan, actor=house.liaison, source="office", proposer="区委办公室", **WORDS)
    assert [row.source for row in (own, body, unit, paper)] == ["member", "committee", "unit", "office"]
    assert paper.by == "区委办公室"
    with pytest.raises(Refusal, match="您代表的组织"):
        topics.suggest(plan, actor=house.staff, body=house.studio, **WORDS)
    with pytest.raises(Refusal, match="所在的单位"):
        topics.suggest(plan, actor=house.staff, unit=house.unit, **WORDS)
    with pytest.raises(Refusal, match="代录议题"):
        topics.suggest(plan, actor=house.members[0].user, source="office", proposer="区委办", **WORDS)
    with pytest.raises(Refusal, match="提议题"):
        topics.suggest(plan, actor=house.leader, **WORDS)


def test_so_many_a_person_and_a_withdrawn_one_makes_room(house, plan):
    member = house.members[0].user
    first = topics.suggest(plan, actor=member, title="一", text="因")
    topics.suggest(plan, actor=member, title="二", text="因")
    with pytest.raises(Refusal, match="已经提过了"):
        topics.suggest(plan, actor=member, title="二", text="因")
    with pytest.raises(Refusal, match="最多提2个"):
        topics.suggest(plan, actor=member, title="三", text="因")
    with pytest.raises(Refusal, match="权限"):
        topics.withdraw(first, actor=house.members[1].user)
    topics.withdraw(first, actor=member)
    assert topics.suggest(plan, actor=member, title="三", text="因").status == "submitted"
    options.set_value("consultations.topics_each", 1, actor=UserFactory(is_superuser=True))
    with pytest.raises(Refusal, match="最多提1个"):
        topics.suggest(plan, actor=house.members[0].user, title="四", text="因")


def test_closed_call_takes_only_what_the_office_enters_from_paper(house, plan):
    AnnualPlan.objects.filter(pk=plan.pk).update(closes_on=timezone.localdate() - timedelta(1), opens_on=None)
    plan.refresh_from_db()
    with pytest.raises(Refusal, match="已经截止"):
        topics.suggest(plan, actor=house.members[0].user, **WORDS)
    assert (
        topics.suggest(plan, actor=house.liaison, source="party", proposer="民盟汉滨区总支", **WORDS).source == "party"
    )


def test_taken_topics_become_one_item_and_both_sides_know(house, plan):
    first = topics.suggest(plan, actor=house.staff, body=house.committee, **WORDS)
    second = topics.suggest(plan, actor=house.members[0].user, title="加装电梯", text="难")
    item = topics.take([first], actor=house.liaison)
    assert (item.topic, item.body_id, item.plan) == (WORDS["title"], house.committee.pk, plan)
    again = topics.take([second], actor=house.liaison, item=item, reply="和专委会的并在一起。")
    assert again == item
    assert {row.pk for row in item.suggestions.all()} == {first.pk, second.pk}
    outbox.run_pending()
    notice = Notice.objects.get(recipient=house.members[0].user, title__contains="列入计划草案")
    assert "和专委会的并在一起" in notice.body


def test_second_press_is_refused_and_makes_no_second_item(house, plan):
    row = topics.suggest(plan, actor=house.members[0].user, **WORDS)
    topics.take([row], actor=house.liaison)
    with pytest.raises(Refusal, match="可能有人刚办过"):
        topics.take([row], actor=house.liaison)
    assert PlanItem.objects.count() == 1


def test_declined_needs_a_reason_and_kept_may_still_be_taken(house, plan):
    row = topics.suggest(plan, actor=house.members[0].user, **WORDS)
    with pytest.raises(Refusal, match="理由"):
        topics.answer(row, "decline", actor=house.liaison, reason=" ")
    topics.answer(row, "keep", actor=house.liaison, reason="明年再议")
    item = topics.take([row], actor=house.liaison)
    topics.answer(row, "reconsider", actor=house.liaison, reason="和别的重了")
    row.refresh_from_db()
    assert (row.status, row.item, row.reply) == ("submitted", None, "")
    assert item.suggestions.count() == 0


def test_item_taken_out_of_a_draft_frees_its_topics(house, plan):
    row = topics.suggest(plan, actor=house.members[0].user, **WORDS)
    item = topics.take([row], actor=house.liaison)
    plans.drop_item(item, actor=house.liaison)
    row.refresh_from_db()
    assert row.status == "submitted"


def test_plan_is_not_issued_before_every_topic_is_answered(house, plan):
    row = topics.suggest(plan, actor=house.members[0].user, **WORDS)
    plans.set_item(plan, actor=house.liaison, topic="全域旅游", form="standing")
    for verb in ("draft", "review", "decide"):
        plans.move(plan, verb, actor=house.liaison)
    with pytest.raises(Refusal, match="还有1条议题建议没有处理"):
        plans.move(plan, "issue", actor=house.liaison, document_no="汉办发〔2027〕5号")
    with pytest.raises(Refusal, match="不能再列入"):
        topics.take([row], actor=house.liaison)
    topics.answer(row, "decline", actor=house.liaison, reason="今年已经议过")
    assert plans.move(plan, "issue", actor=house.liaison, document_no="汉办发〔2027〕5号").is_published


def test_who_reads_which_topics(house, plan):
    own = topics.suggest(plan, actor=house.members[0].user, **WORDS)
    unit = topics.suggest(plan, actor=house.operator, unit=house.unit, **WORDS)
    topics.receive(plan, [("路灯", "不亮")], name="毛女士", phone="13800001234")
    rows = TopicSuggestion.objects
    assert rows.visible_to(house.liaison).count() == rows.visible_to(house.leader).count() == 3
    assert list(rows.visible_to(house.members[0].user)) == [own]
    assert list(rows.visible_to(house.members[1].user)) == []
    assert list(rows.visible_to(house.operator)) == [unit]


def test_contact_is_shown_to_the_office_alone_and_logged(house, plan):
    topics.receive(plan, [("路灯", "不亮")], name="毛女士", phone="13800001234")
    row = TopicSuggestion.objects.get()
    with pytest.raises(Refusal, match="权限"):
        topics.reveal(row, actor=house.leader)
    assert topics.reveal(row, actor=house.liaison).phone == "13800001234"
    entry = AuditEntry.objects.get(verb="topicsuggestion.reveal")
    assert "13800001234" not in entry.summary + str(entry.detail)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_item(house):
    today = timezone.localdate()
    row = plans.begin_plan(2027, actor=house.liaison)
    row = plans.call(row, actor=house.liaison, opens_on=today, closes_on=today)
    topic = topics.suggest(row, actor=house.members[0].user, **WORDS)
    other = UserFactory(roles=[Role.LIAISON])
    said: list[str] = []
    start = threading.Barrier(2)

    def press(person):
        start.wait()
        try:
            topics.take([TopicSuggestion.objects.get(pk=topic.pk)], actor=person)
            said.append("taken")
        except Refusal as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in (house.liaison, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert PlanItem.objects.count() == 1
    assert sorted(word == "taken" for word in said) == [False, True]
