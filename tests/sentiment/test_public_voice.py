"""A resident writes from the portal, is limited, and follows the letter by its code, without any name."""

import pytest

from core import tracking
from core.errors import Refusal
from sentiment.models import OpinionReport
from sentiment.services import aftermath, editing, public_voice

pytestmark = pytest.mark.django_db
LETTER = {
    "title": "金州路口绿灯太短",
    "text": "老人过不完。",
    "suggestions": "",
    "village": "",
    "name": "",
    "phone": "",
}


@pytest.fixture(autouse=True)
def empty_cache():
    from django.core.cache import cache

    cache.clear()


def test_letter_is_sent_without_name_and_comes_to_the_office(client, house):
    response = client.post("/voice/", LETTER, follow=True)
    report = OpinionReport.objects.get()
    assert report.receipt_code in response.content.decode()
    assert (report.status, report.source, report.reporter_name) == ("submitted", "public", "群众")
    assert OpinionReport.objects.visible_to(house.editor).filter(pk=report.pk).exists()
    assert report.reporters.get().identity == "resident"


def test_name_needs_consent_and_nothing_typed_is_lost(client):
    page = client.post("/voice/", LETTER | {"name": "毛小姐", "phone": "13800001234"}).content.decode()
    assert "请勾选同意" in page
    assert "毛小姐" in page
    assert not OpinionReport.objects.exists()
    client.post("/voice/", LETTER | {"name": "毛小姐", "phone": "13800001234", "consent": "on"})
    assert OpinionReport.objects.get().reporters.get().phone == "13800001234"


def test_machine_that_fills_the_hidden_field_is_refused(client):
    client.post("/voice/", LETTER | {"website": "http://spam"})
    assert not OpinionReport.objects.exists()


def test_one_telephone_writes_so_many_letters_a_day():
    letter = {"title": "路灯", "text": "不亮", "phone": "13800001234"}
    for _ in range(3):
        public_voice.receive(**letter)
    with pytest.raises(Refusal, match="一天最多写3封"):
        public_voice.receive(**letter)
    public_voice.receive(**letter | {"phone": "13800009999"})


def test_flood_from_one_address_gets_429(client):
    answers = [client.post("/voice/", LETTER).status_code for _ in range(7)]
    assert answers[-1] == 429
    assert OpinionReport.objects.count() == 3


def test_writer_follows_the_letter_by_its_code(client, house):
    report = public_voice.receive(title="路灯", text="天黑看不见", name="毛小姐", phone="13800001234")
    editing.accept(report, actor=house.editor)
    with pytest.raises(Refusal, match="毛小姐"):
        aftermath.reply_sender(report, actor=house.editor, text="毛小姐，路灯已修好。")
    aftermath.reply_sender(report, actor=house.editor, text="路灯已修好。")
    page = client.get("/track/", {"code": report.receipt_code}).content.decode()
    assert "收到您反映的情况" in page
    assert "答复：路灯已修好。" in page
    for secret in ("毛小姐", "13800001234", "天黑看不见"):
        assert secret not in page


def test_letter_is_not_returned_but_kept_with_an_answer(house):
    report = public_voice.receive(title="路灯", text="不亮")
    with pytest.raises(Refusal, match="不能退回"):
        editing.turn_down(report, "return", actor=house.editor, reason="写清楚")
    editing.turn_down(report, "keep", actor=house.editor, reason="已在办")
    assert "留存" in "".join(step.text for step in tracking.story(report))


def test_portal_lists_only_cleared_abstracts(client, house):
    report = house.issued()
    assert report.title not in client.get("/open/opinions/").content.decode()
    aftermath.publish(report, actor=house.signer, title="部分路灯不亮", abstract="居民反映路灯早关。")
    page = client.get("/open/opinions/").content.decode()
    assert "居民反映路灯早关。" in page
    assert report.situation not in page
    assert house.member.name not in page
