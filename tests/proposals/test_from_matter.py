"""A matter 民情事项 becomes a proposal: prefilled, linked once, followed to the reply and told by receipt code."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from core import handover, outbox, todos
from core.models import Handover
from members.models import DutyEntry, Matter, MatterStatus
from members.services import duty
from proposals import matters
from proposals.models import Ground, Proposal, Status
from proposals.services import replying, review
from tests import factories, handled
from tests.factories_matters import TEXT, MatterFactory

pytestmark = pytest.mark.django_db
SECRETS = ("欧阳小曼", "13987654321", TEXT, "刘玥", "田禾", "秦守业", "0915-0000118", "计财科")


@pytest.fixture
def world():
    """The demo people and a matter of the member that is to become a proposal."""
    world = handled.build()
    world.matter = MatterFactory(
        host=world["member"].member, studio=factories.StudioFactory(), route="to_proposal", status=MatterStatus.TRIAGED
    )
    return world


def typed(client, matter, **values) -> dict[str, str]:
    """What the page for a new proposal sends back, as the browser would."""
    url = f"{reverse('proposals:new')}?from=members.matter:{matter.pk}"
    page = client.get(url).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return {
        **hidden,
        "kind": "individual",
        "title": "关于修路灯的建议",
        "situation": "路灯不亮。",
        "ask": "修好路灯。",
        **values,
    }


def begun(world, proposal: Proposal) -> Proposal:
    """The link from the matter to a proposal that stands for the member's."""
    handover.link(world.matter, proposal, actor=world["member"])
    return proposal


def public(client, matter) -> str:
    """What anyone with the receipt code reads."""
    return client.get(reverse("portal:track"), {"code": matter.receipt_code}).content.decode().partition("<main")[2]


def test_button_leads_to_a_form_that_is_filled_in(client, world):
    client.force_login(world["member"])
    url = f"{reverse('proposals:new')}?from=members.matter:{world.matter.pk}"
    assert url in client.get(world.matter.get_absolute_url()).content.decode()
    page = client.get(url).content.decode()
    assert "关于解决恒口镇市政设施问题的建议" in page
    assert TEXT in page
    assert world.matter.get_absolute_url() in page
    assert "欧阳小曼" not in page


def test_autosave_and_save_link_once(client, world):
    client.force_login(world["member"])
    given = typed(client, world.matter)
    assert given["from"] == f"members.matter:{world.matter.pk}"
    first = client.post(reverse("proposals:autosave_new"), given)
    assert first.status_code == 200
    client.post(reverse("proposals:autosave_new"), given)
    client.post(reverse("proposals:new"), {**given, "later": "1"})
    proposal = Proposal.objects.get()
    assert Handover.objects.count() == 1
    world.matter.refresh_from_db()
    assert world.matter.status == MatterStatus.IN_PROGRESS
    assert proposal.get_absolute_url() in client.get(world.matter.get_absolute_url()).content.decode()
    assert world.matter.get_absolute_url() in client.get(proposal.get_absolute_url()).content.decode()


def test_second_page_of_the_same_matter_writes_a_proposal_of_its_own(client, world):
    client.force_login(world["member"])
    one, two = typed(client, world.matter), typed(client, world.matter)
    for given in (one, two):
        assert client.post(reverse("proposals:autosave_new"), given).status_code == 200
    assert Proposal.objects.count() == 2
    assert Handover.objects.count() == 1


def test_nobody_else_reads_the_matter_through_the_form(client, world):
    client.force_login(world["member2"])
    url = f"{reverse('proposals:new')}?from=members.matter:{world.matter.pk}"
    page = client.get(url).content.decode()
    assert TEXT not in page
    assert "空白的提案" in page
    for text in ("members.matter:x", "members.matter:999999", "no.such:1", "members.matter:" + "9" * 40, ":"):
        assert client.get(reverse("proposals:new"), {"from": text}).status_code == 200


def test_the_other_side_is_shown_to_those_who_may_see_it(client, world):
    case = begun(world, world.filed())
    client.force_login(world["member2"])
    assert client.get(world.matter.get_absolute_url()).status_code == 404
    client.force_login(world["inspection"])
    assert world.matter.get_absolute_url() not in client.get(case.get_absolute_url()).content.decode()


def test_reply_comes_back_to_the_host_and_counts_for_the_studio(world):
    reply = world.at_office()
    case = begun(world, reply.task.proposal)
    outbox.run_pending()
    replying.issue(reply, actor=world["inspection"])
    outbox.run_pending()
    world.matter.refresh_from_db()
    assert world.matter.status == MatterStatus.ANSWERED
    assert world.matter.result.startswith("写成的提案，")
    waiting = {row.url: row.action for row in todos.collect(world["member"], timezone.localdate())}
    assert waiting[world.matter.get_absolute_url()] == "告知来访人"
    key = f"studio.converted:{world.matter.pk}:s{world.matter.studio_id}"
    assert DutyEntry.objects.filter(key=key).count() == 1
    duty.catch_up()
    assert DutyEntry.objects.filter(act="studio.converted").count() == 1
    matters.settle(Proposal.objects.get(pk=case.pk))
    assert Matter.objects.get().status == MatterStatus.ANSWERED


def test_proposal_that_is_not_filed_gives_the_matter_back(world):
    case = world.filed()
    Proposal.objects.filter(pk=case.pk).update(status=Status.REVIEWING, number=None, filed_on=None)
    begun(world, Proposal.objects.get(pk=case.pk))
    review.decide(
        Proposal.objects.get(pk=case.pk), actor=world["proposal-chief"], outcome="refuse", note="不成案",
        ground=Ground.objects.first(), disposition="to_reference",
    )  # fmt: skip
    outbox.run_pending()
    world.matter.refresh_from_db()
    assert (world.matter.status, world.matter.route) == (MatterStatus.RECORDED, "")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.DRAFT, "委员正在写成提案"),
        (Status.SUBMITTED, "已写成提案"),
        (Status.REVIEWING, "正在审查"),
        (Status.NOT_FILED, "没有立案"),
        (Status.WITHDRAWN, "撤回"),
        (Status.FILED, "第88号"),
    ],
)
def test_story_follows_the_proposal(client, world, status, words):
    day = timezone.localdate()
    proposal = factories.ProposalFactory(status=Status.DRAFT, member=world["member"].member)
    begun(world, proposal)
    number = 88 if status == Status.FILED else None
    Proposal.objects.filter(pk=proposal.pk).update(status=status, number=number, submitted_on=day, filed_on=day)
    page = public(client, world.matter)
    assert words in page
    for secret in (*SECRETS, proposal.title):
        assert secret not in page


def test_story_goes_from_the_visit_through_the_merge_to_the_promise(client, world):
    issued = world.issued()
    main = issued.task.proposal
    own = begun(world, factories.ProposalFactory(status=Status.DRAFT, member=world["member"].member))
    Proposal.objects.filter(pk=own.pk).update(status=Status.MERGED, merged_into=main, submitted_on=timezone.localdate())
    page = public(client, world.matter)
    for words in (
        "已写成提案",
        f"并入{main.case_no}提案",
        f"提案已立案，{main.case_no}",
        "区农业农村局已答复",
        "承诺的第1件事",
    ):
        assert words in page, words
    for secret in (*SECRETS, main.title, "40套周转房"):
        assert secret not in page
    issued.promises.update(kept_on=timezone.localdate())
    assert "已经做到" in public(client, world.matter)
    issued.promises.update(kept_on=None, due_on=timezone.localdate() - dt.timedelta(days=2))
    assert "到期没有做到" in public(client, world.matter)
    Proposal.objects.filter(pk=main.pk).update(published_on=timezone.localdate())
    assert "40套周转房" in public(client, world.matter)
