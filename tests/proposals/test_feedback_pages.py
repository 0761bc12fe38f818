"""The feedback form: only the proposer answers, dissatisfaction says why, paper is entered with its scan."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from proposals.models import Feedback
from tests import handled

pytestmark = pytest.mark.django_db

GOOD = {"contact_way": "meeting", "targeting": "on_point", "attitude": "satisfied", "result": "basically", "text": ""}


@pytest.fixture
def world() -> handled.World:
    """People of every role."""
    return handled.build()


@pytest.fixture
def asked(world) -> Feedback:
    """A form that its proposer has not answered."""
    return world.issued().task.proposal.feedback.get()


def text(response) -> str:
    """The page as text."""
    return response.content.decode()


def test_proposer_reads_the_reply_and_answers_after_asking(client, world, asked):
    client.force_login(world["member"])
    url = reverse("proposals:feedback", args=[asked.pk])
    assert "已完成62所学校登记" in text(client.get(url))
    assert "提交后不能改" in text(client.post(url, GOOD))
    asked.refresh_from_db()
    assert asked.state == "waiting"
    client.post(url, {**GOOD, "confirmed": "1"})
    asked.refresh_from_db()
    assert (asked.state, asked.attitude, asked.result, asked.entered_by) == ("answered", "satisfied", "basically", None)
    assert asked.proposal.status in ("closed", "follow_up")


def test_dissatisfaction_needs_a_reason_and_keeps_the_choices(client, world, asked):
    client.force_login(world["member"])
    url = reverse("proposals:feedback", args=[asked.pk])
    page = client.post(url, {**GOOD, "result": "unsatisfied", "confirmed": "1"})
    assert page.status_code == 422
    assert "请写明哪里不满意" in text(page)
    assert page.context["form"]["attitude"].value() == "satisfied"
    client.post(url, {**GOOD, "result": "unsatisfied", "text": "还是没有时间表", "confirmed": "1"})
    asked.refresh_from_db()
    assert asked.proposal.status == "rehandling"
    client.force_login(world["unit"])
    task = asked.proposal.tasks.get()
    assert "还是没有时间表" in text(client.get(reverse("proposals:task", args=[task.pk])))


@pytest.mark.parametrize("name", ["member2", "unit", "unit-head", "inspection", "leader"])
def test_form_is_not_found_for_others(client, world, asked, name):
    client.force_login(world[name])
    url = reverse("proposals:feedback", args=[asked.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {**GOOD, "confirmed": "1"}).status_code == 404
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_office_enters_a_paper_form_with_its_scan_and_mark(client, world, asked):
    client.force_login(world["proposal-clerk"])
    url = reverse("proposals:feedback", args=[asked.pk])
    data = {**GOOD, "on": timezone.localdate().isoformat()}
    page = client.post(url, data)
    assert page.status_code == 422
    assert "纸质表扫描件：" in text(page)
    scan = SimpleUploadedFile("表.pdf", b"%PDF-1.4 scan", content_type="application/pdf")
    page = client.post(url, {**data, "scan": scan}, follow=True)
    asked.refresh_from_db()
    assert asked.entered_by == world["proposal-clerk"]
    assert "代录" in text(page)
    assert "表.pdf" in text(page)


def test_a_scan_that_is_no_document_is_refused_and_nothing_is_entered(client, world, asked):
    client.force_login(world["proposal-clerk"])
    scan = SimpleUploadedFile("表.pdf", b"MZ not a pdf", content_type="application/pdf")
    data = {**GOOD, "on": timezone.localdate().isoformat(), "scan": scan}
    page = client.post(reverse("proposals:feedback", args=[asked.pk]), data)
    assert "没有收" in text(page)
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_list_and_reminder_are_the_offices(client, world, asked):
    client.force_login(world["unit"])
    assert client.get(reverse("proposals:feedback_list")).status_code == 404
    remind = reverse("proposals:feedback_remind", args=[asked.proposal_id])
    assert client.post(remind).status_code == 404
    client.force_login(world["proposal-clerk"])
    assert handled.TITLE in text(client.get(reverse("proposals:feedback_list")))
    assert "已发消息提醒" in text(client.post(remind, follow=True))


def test_silent_forms_are_listed_apart(client, world, asked):
    Feedback.objects.filter(pk=asked.pk).update(state="no_response")
    client.force_login(world["proposal-clerk"])
    assert handled.TITLE not in text(client.get(reverse("proposals:feedback_list")))
    assert handled.TITLE in text(client.get(reverse("proposals:feedback_list"), {"state": "no_response"}))


def test_form_page_stays_within_its_queries(client, world, asked, django_assert_max_num_queries):
    client.force_login(world["member"])
    with django_assert_max_num_queries(20):
        client.get(reverse("proposals:feedback", args=[asked.pk]))
