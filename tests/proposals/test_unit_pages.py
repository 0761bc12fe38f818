"""The unit's pages: the task with its one next act, the reply from draft to the office, requests, lists."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proposals.models import CosignOpinion, Reply, ResultClass, UnitTask
from proposals.services import replying
from tests import handled

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> handled.World:
    """People of every role."""
    return handled.build()


def text(response) -> str:
    """The page as text."""
    return response.content.decode()


def reply_form(reply: Reply, **changes) -> dict:
    """What the browser posts for the reply as stored, with changes."""
    data = {
        "version": str(reply.version),
        "opening": reply.opening,
        "closing": reply.closing,
        "result_class": "auto",
        "may_publish": "on",
    }
    for item in reply.items.all():
        data[f"text_{item.suggestion_id}"] = item.text
        data[f"class_{item.suggestion_id}"] = str(item.result_class_id or "")
        for at, promise in enumerate(reply.promises.filter(item=item)):
            prefix = f"promise_{item.suggestion_id}_{at}"
            data |= {
                f"{prefix}_text": promise.text,
                f"{prefix}_due": promise.due_on.isoformat(),
                f"{prefix}_owner": promise.owner,
            }
    return {**data, **changes}


def test_task_page_asks_for_receipt_first_and_signs(client, world):
    task = world.assigned()
    client.force_login(world["unit"])
    page = client.get(reverse("proposals:task", args=[task.pk]))
    assert "现在请您做：签收" in text(page)
    after = client.post(reverse("proposals:task_sign", args=[task.pk]), follow=True)
    assert "现在请您做：与委员沟通" in text(after)
    task.refresh_from_db()
    assert task.signed_on == timezone.localdate()


def test_task_of_another_unit_is_not_found(client, world):
    task = world.assigned()
    client.force_login(world["unit2"])
    for name in ("task", "task_transfer", "task_extension"):
        assert client.get(reverse(f"proposals:{name}", args=[task.pk])).status_code == 404
    assert client.post(reverse("proposals:task_sign", args=[task.pk])).status_code == 404
    task.refresh_from_db()
    assert task.signed_on is None


@pytest.mark.parametrize("name", ["member", "member2", "leader", "editor"])
def test_task_is_not_found_for_who_is_not_of_the_unit(client, world, name):
    task = world.assigned()
    client.force_login(world[name])
    assert client.get(reverse("proposals:task", args=[task.pk])).status_code == 404


def test_contact_form_keeps_what_was_typed_and_says_what_is_missing(client, world):
    task = world.signed()
    client.force_login(world["unit"])
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = client.post(
        reverse("proposals:task_contact", args=[task.pk]),
        {"held_on": tomorrow.isoformat(), "method": "phone", "persons": "", "content": "谈了底数"},
    )
    assert page.status_code == 422
    assert "这一天还没有到" in text(page)
    assert "谈了底数" in text(page)
    assert not task.contacts.exists()


def test_contact_is_logged_and_the_draft_comes_next(client, world):
    task = world.signed()
    client.force_login(world["unit"])
    data = {
        "held_on": timezone.localdate().isoformat(),
        "method": "meeting",
        "persons": "刘玥委员",
        "content": "谈了底数",
    }
    page = client.post(reverse("proposals:task_contact", args=[task.pk]), data, follow=True)
    assert "现在请您做：起草答复函" in text(page)
    page = client.post(reverse("proposals:task_draft", args=[task.pk]), follow=True)
    assert "第（一）条：还没有写答复" in text(page)


def test_saving_a_reply_stores_answers_promise_and_the_lowest_class(client, world):
    reply = world.drafted(whole=False)
    one, two = reply.task.proposal.suggestions.all()
    a, b = (ResultClass.objects.get(letter=letter) for letter in "AB")
    due = timezone.localdate() + timedelta(days=60)
    client.force_login(world["unit"])
    client.post(
        reverse("proposals:reply_save", args=[reply.pk]),
        reply_form(
            reply,
            **{
                f"text_{one.pk}": "已登记。", f"class_{one.pk}": str(a.pk), f"text_{two.pk}": "列入计划。", f"class_{two.pk}": str(b.pk),
                f"promise_{two.pk}_0_text": "建成40套", f"promise_{two.pk}_0_due": due.isoformat(),
            },
        ),
    )  # fmt: skip
    reply.refresh_from_db()
    assert reply.result_class == b
    assert [(row.text, row.due_on, row.item.suggestion_id) for row in reply.promises.all()] == [
        ("建成40套", due, two.pk)
    ]
    assert set(reply.items.values_list("text", flat=True)) == {"已登记。", "列入计划。"}


def test_a_promise_without_a_day_is_refused_at_its_field(client, world):
    reply = world.drafted()
    two = reply.task.proposal.suggestions.last()
    client.force_login(world["unit"])
    data = reply_form(
        reply,
        **{f"promise_{two.pk}_0_text": "没有日期的承诺", f"promise_{two.pk}_0_due": "", f"text_{two.pk}": "改过的答复"},
    )
    page = client.post(reverse("proposals:reply_save", args=[reply.pk]), data)
    assert page.status_code == 422
    assert "承诺必须写明日期" in text(page)
    assert "改过的答复" in text(page)
    assert reply.promises.get().text == "40套周转房全部交付使用"


def test_autosave_stores_and_gives_the_next_version(client, world):
    reply = world.drafted()
    two = reply.task.proposal.suggestions.last()
    client.force_login(world["unit"])
    answer = client.post(
        reverse("proposals:reply_autosave", args=[reply.pk]), reply_form(reply, **{f"text_{two.pk}": "边写边存"})
    )
    assert answer.json()["version"] == reply.version + 1
    assert reply.items.get(suggestion=two).text == "边写边存"


def test_a_conflict_overwrites_nothing_and_shows_both(client, world):
    reply = world.drafted()
    two = reply.task.proposal.suggestions.last()
    stale = reply_form(reply, **{f"text_{two.pk}": "我写的"})
    replying.save_reply(
        reply,
        actor=world["unit-head"],
        version=reply.version,
        items={two.pk: {"text": "局长写的", "result_class": None}},
    )
    client.force_login(world["unit"])
    page = client.post(reverse("proposals:reply_save", args=[reply.pk]), stale)
    assert "也改了这份答复" in text(page)
    assert "局长写的" in text(page)
    assert "我写的" in text(page)
    assert reply.items.get(suggestion=two).text == "局长写的"
    assert client.post(reverse("proposals:reply_autosave", args=[reply.pk]), stale).status_code == 409


def test_reply_goes_through_cosign_signature_and_office(client, world):
    reply = world.drafted(support=True)
    client.force_login(world["unit"])
    client.post(reverse("proposals:reply_save", args=[reply.pk]), reply_form(reply, send="1"))
    reply.refresh_from_db()
    assert reply.status == "cosign"
    client.force_login(world["unit2"])
    page = client.post(reverse("proposals:reply_cosign", args=[reply.pk]), {"agree": "no", "text": ""})
    assert "有意见，请写明" in text(page)
    client.post(reverse("proposals:reply_cosign", args=[reply.pk]), {"agree": "yes"})
    assert CosignOpinion.objects.get(reply=reply).state == "agreed"
    client.force_login(world["unit-head"])
    act = reverse("proposals:reply_act", args=[reply.pk])
    assert "签发表示本单位对答复负责" in text(client.post(act, {"verb": "approve"}))
    reply.refresh_from_db()
    assert reply.status == "cosign"
    client.post(act, {"verb": "approve", "confirmed": "1"})
    reply.refresh_from_db()
    assert reply.status == "unit_approved"
    client.force_login(world["unit"])
    assert client.post(act, {"verb": "send_to_office", "document_no": ""}).status_code == 422
    client.post(act, {"verb": "send_to_office", "document_no": "汉滨农函〔2026〕9号"})
    reply.refresh_from_db()
    assert (reply.status, reply.document_no) == ("office_review", "汉滨农函〔2026〕9号")


def test_leader_sends_back_with_a_reason(client, world):
    reply = world.drafted()
    client.force_login(world["unit-head"])
    act = reverse("proposals:reply_act", args=[reply.pk])
    page = client.post(act, {"verb": "leader_return", "reason": ""})
    assert page.status_code == 422
    assert "退回理由：" in text(page)
    client.post(act, {"verb": "leader_return", "reason": "第二条写具体"})
    reply.refresh_from_db()
    assert reply.sent_back_reason == "第二条写具体"


def test_operator_cannot_sign(client, world):
    reply = world.drafted()
    client.force_login(world["unit"])
    page = client.post(
        reverse("proposals:reply_act", args=[reply.pk]), {"verb": "approve", "confirmed": "1"}, follow=True
    )
    assert "没有“签发”的权限" in text(page)
    reply.refresh_from_db()
    assert reply.status == "draft"


def test_support_unit_gives_its_opinion_and_sees_no_editor(client, world):
    lead = world.signed(support=True)
    task = UnitTask.objects.get(proposal=lead.proposal, role="support")
    client.force_login(world["unit2"])
    page = text(client.get(reverse("proposals:task", args=[task.pk])))
    assert "现在请您做：提交会办意见" in page
    assert "reply-editor" not in page
    client.post(reverse("proposals:task_opinion", args=[task.pk]), {"opinion": "水利局配合选址。"})
    task.refresh_from_db()
    assert task.opinion == "水利局配合选址。"


def test_transfer_and_extension_are_asked_with_reasons(client, world):
    task = world.signed()
    client.force_login(world["unit"])
    url = reverse("proposals:task_extension", args=[task.pk])
    page = client.post(url, {"until": (timezone.localdate() + timedelta(days=3)).isoformat(), "reason": "要过人大"})
    assert "要晚于现在的答复期限" in text(page)
    assert "要过人大" in text(page)
    client.post(url, {"until": (timezone.localdate() + timedelta(days=120)).isoformat(), "reason": "要过人大"})
    task.refresh_from_db()
    assert task.status == "extension_requested"
    other = world.assigned(title="关于另一件事的建议")
    client.post(
        reverse("proposals:task_transfer", args=[other.pk]), {"reason": "归水利局", "suggested": world.unit2.pk}
    )
    other.refresh_from_db()
    assert (other.status, other.transfer_to) == ("transfer_requested", world.unit2)


def test_list_signs_many_and_filters(client, world):
    tasks = [world.assigned(title=f"关于第{n}件事的建议") for n in range(3)]
    client.force_login(world["unit"])
    page = text(client.get(reverse("proposals:tasks"), {"state": "sign"}))
    assert page.count("row-link") == 3
    assert "批量签收" in page
    client.post(reverse("proposals:task_sign_many"), {"pick": [task.pk for task in tasks[:2]], "verb": "sign"})
    assert UnitTask.objects.filter(signed_on__isnull=False).count() == 2
    assert text(client.get(reverse("proposals:tasks"), {"state": "sign"})).count("row-link") == 1


def test_batch_receipt_takes_no_other_units_task(client, world):
    task = world.assigned()
    client.force_login(world["unit2"])
    client.post(reverse("proposals:task_sign_many"), {"pick": [task.pk]})
    task.refresh_from_db()
    assert task.signed_on is None


def test_unit_figures_open_lists_of_that_many_rows(client, world):
    world.signed()
    world.assigned(title="关于另一件事的建议")
    client.force_login(world["unit"])
    figures = client.get(reverse("proposals:unit")).context["figures"]
    for figure in figures:
        if "/tasks/" in figure["url"]:
            assert text(client.get(figure["url"])).count("row-link") == figure["value"], figure


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_one_and_three(client, world, count, django_assert_max_num_queries):
    for n in range(count):
        world.assigned(title=f"关于第{n}件事的建议")
    client.force_login(world["unit"])
    with django_assert_max_num_queries(14):
        client.get(reverse("proposals:tasks"))


def test_promise_ledger_lists_and_keeps(client, world):
    promise = world.issued().promises.get()
    client.force_login(world["unit"])
    assert "40套周转房" in text(client.get(reverse("proposals:promises")))
    url = reverse("proposals:promise", args=[promise.pk])
    page = client.post(url, {"on": timezone.localdate().isoformat(), "note": ""})
    assert page.status_code == 422
    client.post(url, {"on": timezone.localdate().isoformat(), "note": "已交付，在双龙镇"})
    promise.refresh_from_db()
    assert promise.kept_on == timezone.localdate()
    assert "40套周转房" not in text(client.get(reverse("proposals:promises")))
    assert "40套周转房" in text(client.get(reverse("proposals:promises"), {"state": "kept"}))


def test_promise_of_another_unit_is_not_found(client, world):
    promise = world.issued().promises.get()
    client.force_login(world["unit2"])
    assert client.get(reverse("proposals:promise", args=[promise.pk])).status_code == 404


def test_signed_reply_asks_for_its_number_where_it_is_sent(client, world):
    reply = replying.approve(world.drafted(), actor=world["unit-head"])
    client.force_login(world["unit"])
    page = text(client.get(reverse("proposals:reply", args=[reply.pk])))
    assert 'name="document_no"' in page
    assert "报督查室审核" in page
