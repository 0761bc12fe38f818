"""Inspection's pages: queues, transfer and extension decisions, the check of replies."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Deadline
from proposals.models import ResultClass, UnitTask
from proposals.services import assignment
from tests import handled

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> handled.World:
    """People of every role."""
    return handled.build()


def text(response) -> str:
    """The page as text."""
    return response.content.decode()


@pytest.fixture
def asked(world):
    """A task whose unit asked for a transfer."""
    return assignment.request_transfer(
        world.assigned(), actor=world["unit"], reason="归水利局管", suggested=world.unit2
    )


@pytest.mark.parametrize("name", ["unit", "unit-head", "member", "leader", "sysadmin"])
def test_pages_do_not_exist_for_others(client, world, asked, name):
    client.force_login(world[name])
    assert client.get(reverse("proposals:inspection")).status_code == 404
    assert client.get(reverse("proposals:inspection_transfer", args=[asked.pk])).status_code == 404


def test_queues_show_what_waits_and_whose_is_late(client, world, asked):
    late = world.signed(title="关于迟到的一件事的建议")
    Deadline.objects.filter(subject_type="proposals.unittask", subject_id=late.pk, kind="contact").update(
        due=timezone.localdate() - timedelta(days=4)
    )
    reply = world.at_office(title="关于待审的一件事的建议")
    client.force_login(world["inspection"])
    page = text(client.get(reverse("proposals:inspection")))
    assert reverse("proposals:inspection_transfer", args=[asked.pk]) in page
    assert reverse("proposals:reply", args=[reply.pk]) in page
    assert "关于迟到的一件事的建议" in page
    assert "已超期4天" in page


def test_transfer_is_agreed_with_a_new_unit(client, world, asked):
    client.force_login(world["inspection"])
    url = reverse("proposals:inspection_transfer", args=[asked.pk])
    page = client.post(url, {"agree": "yes", "new_unit": ""})
    assert page.status_code == 422
    assert "请选改给哪家单位" in text(page)
    client.post(url, {"agree": "yes", "new_unit": world.unit2.pk})
    asked.refresh_from_db()
    assert asked.status == "reassigned"
    assert UnitTask.objects.live().get(proposal=asked.proposal).unit == world.unit2


def test_transfer_is_upheld_only_with_a_reason(client, world, asked):
    client.force_login(world["inspection"])
    url = reverse("proposals:inspection_transfer", args=[asked.pk])
    page = client.post(url, {"agree": "no", "reason": ""})
    assert "维持原交办，请写明理由" in text(page)
    client.post(url, {"agree": "no", "reason": "职责在你局"})
    asked.refresh_from_db()
    assert asked.status == "upheld"


def test_extension_is_granted(client, world):
    task = world.signed()
    until = timezone.localdate() + timedelta(days=120)
    assignment.request_extension(task, actor=world["unit"], until=until, reason="要过人大")
    client.force_login(world["inspection"])
    client.post(reverse("proposals:inspection_extension", args=[task.pk]), {"agree": "yes"})
    assert Deadline.objects.of(task).open().get(kind="reply").due == until


def test_reply_is_issued_with_a_corrected_class_after_asking(client, world):
    reply = world.at_office()
    c = ResultClass.objects.get(letter="C")
    client.force_login(world["inspection"])
    assert "审核通过，送达委员" in text(client.get(reverse("proposals:reply", args=[reply.pk])))
    act = reverse("proposals:reply_act", args=[reply.pk])
    assert "不能撤回" in text(client.post(act, {"verb": "issue", "result_class": c.pk}))
    reply.refresh_from_db()
    assert reply.status == "office_review"
    client.post(act, {"verb": "issue", "result_class": c.pk, "confirmed": "1"})
    reply.refresh_from_db()
    assert (reply.status, reply.result_class) == ("issued", c)
    assert reply.task.proposal.feedback.count() == 1


def test_reply_is_returned_with_a_reason(client, world):
    reply = world.at_office()
    client.force_login(world["inspection"])
    client.post(reverse("proposals:reply_act", args=[reply.pk]), {"verb": "office_return", "reason": "第二条没有日期"})
    reply.refresh_from_db()
    assert (reply.status, reply.sent_back_reason) == ("draft", "第二条没有日期")


@pytest.mark.parametrize("name", ["unit2", "member", "leader", "inspection"])
def test_a_draft_is_read_by_nobody_outside_its_unit(client, world, name):
    reply = world.drafted()
    client.force_login(world[name])
    for page in ("reply", "reply_letter", "reply_letter_docx"):
        assert client.get(reverse(f"proposals:{page}", args=[reply.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queues_take_the_same_queries_for_one_and_three(client, world, count, django_assert_max_num_queries):
    for n in range(count):
        world.at_office(title=f"关于第{n}件事的建议")
    client.force_login(world["inspection"])
    with django_assert_max_num_queries(16):
        client.get(reverse("proposals:inspection"))
