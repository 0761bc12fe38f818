"""The public puts topics in, is limited, keeps what it typed, and follows them by the code without any name."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from consultations.models import AnnualPlan, TopicSender, TopicSuggestion
from consultations.plans.follow import clear_contacts
from consultations.services import plans, topics
from core.errors import Refusal
from tests.consultations import world as worlds

pytestmark = pytest.mark.django_db
LETTER = {
    "title": "老旧小区加装电梯", "text": "老人下不了楼。", "title2": "", "text2": "", "name": "毛女士", "phone": "138 0000 1234",
    "consent": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def empty_cache():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def house(db):
    return worlds.build()


@pytest.fixture
def plan(house) -> AnnualPlan:
    today = timezone.localdate()
    row = plans.begin_plan(today.year + 1, actor=house.liaison)
    return plans.call(row, actor=house.liaison, opens_on=today, closes_on=today + timedelta(5), call_text="请说民生")


def test_two_topics_get_one_code_and_contacts_are_unreadable_at_rest(client, plan):
    page = client.post("/topics/", LETTER | {"title2": "夜间公交", "text2": "晚自习后没车"}, follow=True)
    sender = TopicSender.objects.get()
    assert sender.receipt_code in page.content.decode()
    assert [row.title for row in sender.topics.order_by("id")] == ["老旧小区加装电梯", "夜间公交"]
    assert (sender.name, sender.phone) == ("毛女士", "13800001234")
    with connection.cursor() as cursor:
        cursor.execute("select name, phone from consultations_topicsender")
        stored = " ".join(cursor.fetchone())
    assert "毛女士" not in stored
    assert "13800001234" not in stored


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"consent": ""}, "要先同意"), ({"title": ""}, "请用一句话写出议题"), ({"text": " "}, "请说说为什么要议"),
        ({"phone": "12"}, "手机号不对"), ({"title2": "夜间公交"}, "请说说第二个议题为什么要议"),
        ({"text2": "没车"}, "请写出第二个议题"), ({"title2": LETTER["title"], "text2": "同"}, "和第一个议题一样"),
        ({"website": "http://x"}, "清空再提交"), ({"title": "长" * 61}, "60"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, plan, change, said):
    page = client.post("/topics/", LETTER | change).content.decode()
    assert said in page
    assert "毛女士" in page
    assert not TopicSender.objects.exists()


def test_one_telephone_puts_in_two_for_a_plan_however_it_is_written(plan):
    topics.receive(plan, [("一", "因")], name="毛", phone="13800001234")
    with pytest.raises(Refusal, match="已经提过了"):
        topics.receive(plan, [("一", "因")], name="毛", phone="13800001234")
    with pytest.raises(Refusal, match="您已经提了1个，一个人这次最多提2个"):
        topics.receive(plan, [("二", "因"), ("三", "因")], name="毛", phone="13800001234")
    topics.receive(plan, [("二", "因")], name="毛", phone="13800001234")
    topics.receive(plan, [("一", "因")], name="朱", phone="13800009999")
    assert TopicSuggestion.objects.count() == 3


def test_double_press_stores_one(client, plan):
    client.post("/topics/", LETTER)
    again = client.post("/topics/", LETTER)
    assert "已经提过了" in again.content.decode()
    assert TopicSuggestion.objects.count() == 1


def test_flood_from_one_address_gets_429(client, plan):
    answers = [client.post("/topics/", LETTER | {"phone": f"1380000{at:04d}"}).status_code for at in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert TopicSuggestion.objects.count() == 5


def test_closed_call_keeps_what_was_typed_and_stores_nothing(client, plan):
    AnnualPlan.objects.filter(pk=plan.pk).update(opens_on=None, closes_on=None)
    page = client.post("/topics/", LETTER).content.decode()
    assert "征集已经截止，没有收下" in page
    assert "老人下不了楼。" in page
    assert not TopicSender.objects.exists()
    assert "现在没有在征集" in client.get("/topics/").content.decode()


def test_sender_follows_taking_merging_and_issue_by_the_code_without_names(client, house, plan):
    sender = topics.receive(plan, [("加装电梯", "难"), ("夜间公交", "没车")], name="毛女士", phone="13800001234")
    page = client.get("/track/", {"code": sender.receipt_code}).content.decode()
    assert "区政协正在研究《加装电梯》" in page
    lift, bus = sender.topics.order_by("id")
    mine = topics.suggest(plan, actor=house.members[0].user, title="老旧小区加装电梯", text="难")
    item = topics.take([mine], actor=house.liaison)
    with pytest.raises(Refusal, match="毛女士"):
        topics.take([lift], actor=house.liaison, item=item, reply="毛女士提得好")
    topics.take([lift], actor=house.liaison, item=item)
    topics.answer(bus, "decline", actor=house.liaison, reason="公交线路今年已经专题协商过")
    page = client.get("/track/", {"code": sender.receipt_code}).content.decode()
    assert "《加装电梯》列入计划草案，议题是《老旧小区加装电梯》，和另外1条建议并在一起" in page
    assert "《夜间公交》这次没有列入：公交线路今年已经专题协商过" in page
    for verb in ("draft", "review", "decide"):
        plans.move(plan, verb, actor=house.liaison)
    plans.move(plan, "issue", actor=house.liaison, document_no="汉办发〔2027〕5号")
    page = client.get("/track/", {"code": sender.receipt_code}).content.decode()
    assert "列入计划，议题是" in page
    assert "印发了" in page
    for secret in ("毛女士", "13800001234", house.members[0].name, "没车"):
        assert secret not in page
    public = client.get("/topics/").content.decode()
    assert "老旧小区加装电梯" in public
    assert "未启动" in public


def test_contacts_go_when_their_time_is_over(house, plan):
    topics.receive(plan, [("一", "因")], name="毛", phone="13800001234")
    today = timezone.localdate()
    assert clear_contacts(today) == 0
    AnnualPlan.objects.filter(pk=plan.pk).update(issued_on=today - timedelta(364))
    assert clear_contacts(today) == 0
    assert clear_contacts(today + timedelta(1)) == 1
    sender = TopicSender.objects.get()
    assert (sender.name, sender.phone, sender.phone_digest) == ("", "", "")
    assert sender.topics.count() == 1
    assert clear_contacts(today + timedelta(1)) == 0


def test_front_page_names_the_open_call_first_and_the_issued_plan(client, house, plan):
    page = client.get("/").content.decode()
    assert f"征集{plan.year}年协商议题" in page
    AnnualPlan.objects.filter(pk=plan.pk).update(status="issued", issued_on=timezone.localdate())
    page = client.get("/").content.decode()
    assert f"征集{plan.year}年协商议题" not in page
    assert f"{plan.year}年协商计划印发" in page


def test_public_pages_keep_to_ten_queries(client, house, plan, django_assert_max_num_queries):
    topics.receive(plan, [("一", "因")], name="毛", phone="13800001234")
    with django_assert_max_num_queries(10):
        client.get("/topics/")
