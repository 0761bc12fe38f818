"""A proposal that was not filed 不立案 goes on as an opinion report: one button, filled in, linked on both pages."""

import re

import pytest
from django.urls import reverse

from core import handover
from core.models import Handover
from proposals import onward
from proposals.models import Status
from proposals.seeds import load_reference
from sentiment.models import OpinionReport
from tests.factories import ProposalFactory, ProposerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(house):
    """A proposal of the author's that was not filed, with two suggestions."""
    load_reference()
    proposal = ProposalFactory(
        title="关于延长路灯照明时间的建议", status=Status.NOT_FILED, created_by=house.author, situation="早晨摸黑。"
    )
    proposal.proposers.all().delete()
    proposal.suggestions.all().delete()
    ProposerFactory(proposal=proposal, member=house.member, order=0)
    for order, text in enumerate(("改用光控开关。", "学校周边延长照明。"), 1):
        proposal.suggestions.create(order=order, text=text)
    return proposal


def begin_url(case) -> str:
    return f"{reverse('sentiment:new')}?from=proposals.proposal:{case.pk}"


def test_one_button_opens_the_form_filled_in(client, house, case):
    client.force_login(house.author)
    page = client.get(case.get_absolute_url()).content.decode()
    assert onward.WORDS in page
    assert begin_url(case) in page
    form = client.get(begin_url(case)).content.decode()
    for words in (case.title, "早晨摸黑。", "1. 改用光控开关。\n2. 学校周边延长照明。", f"《{case.title}》"):
        assert words in form


def test_saved_report_is_linked_on_both_pages(client, house, case):
    client.force_login(house.author)
    page = client.get(begin_url(case)).content.decode()
    typed = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    typed |= {"title": case.title, "situation": "摸黑", "suggestions": "光控", "submit": "1", "confirmed": "1"}
    client.post(reverse("sentiment:new"), typed)
    report = OpinionReport.objects.get()
    assert report.status == "submitted"
    assert Handover.objects.get().source_id == case.pk
    there = client.get(case.get_absolute_url()).content.decode()
    assert report.get_absolute_url() in there
    assert begin_url(case) not in there, "it went on already"
    here = client.get(report.get_absolute_url()).content.decode()
    assert case.get_absolute_url() in here


def test_link_is_not_shown_to_whoever_may_not_see_the_other_side(client, house, case):
    report = house.submitted()
    handover.link(case, report, actor=house.author)
    client.force_login(house.editor)
    assert case.title not in client.get(report.get_absolute_url()).content.decode()


@pytest.mark.parametrize("status", [s for s in Status.values if s != Status.NOT_FILED])
def test_only_a_proposal_that_was_not_filed_is_offered(house, case, status):
    case.status = status
    assert onward.give(house.author, case) is None
    assert onward.way(house.author, case) is None


def test_stranger_gets_nothing_of_it(client, house, case):
    stranger = UserFactory(roles=["member"])
    client.force_login(stranger)
    form = client.get(begin_url(case)).content.decode()
    assert case.title not in form
