"""A matter 民情事项 becomes an opinion report: followed to its end, and told by the receipt code in plain words."""

import pytest
from django.urls import reverse

from core import handover, outbox
from members.models import DutyEntry, MatterStatus
from sentiment.matters import conversions
from sentiment.models import OpinionReport
from sentiment.services import aftermath, bulletins, editing, writing
from tests.factories_matters import TEXT, MatterFactory

pytestmark = pytest.mark.django_db
SECRETS = ("欧阳小曼", "13987654321", TEXT)


@pytest.fixture
def matter(house):
    """A matter of the author's that is to be written up."""
    return MatterFactory(host=house.member, route="to_opinion", status=MatterStatus.TRIAGED)


def begin(house, matter, **text) -> OpinionReport:
    """A report handed in that was begun from the matter."""
    report = house.draft(**text)
    handover.link(matter, report, actor=house.author)
    return writing.submit(report, actor=house.author)


def issued(house, *reports):
    """The reports through the office's hands into one issue."""
    signed = []
    for report in reports:
        edited = editing.finish_edit(editing.accept(report, actor=house.editor), actor=house.editor)
        signed.append(editing.sign(editing.check(edited, actor=house.checker), actor=house.signer))
    bulletins.publish(bulletins.create(signed, actor=house.editor), actor=house.editor)
    return [OpinionReport.objects.get(pk=row.pk) for row in signed]


def told(client, matter) -> str:
    """What anyone with the receipt code reads; never who came, and never his words."""
    page = client.get(reverse("portal:track"), {"code": matter.receipt_code}).content.decode().partition("<main")[2]
    assert not [secret for secret in SECRETS if secret in page]
    return page


def test_form_is_filled_in_from_the_matter(client, house, matter):
    client.force_login(house.author)
    url = f"{reverse('sentiment:new')}?from=members.matter:{matter.pk}"
    assert url in client.get(matter.get_absolute_url()).content.decode()
    page = client.get(url).content.decode()
    assert TEXT in page
    assert "欧阳小曼" not in page


def test_answered_report_answers_its_matter(client, house, matter):
    report = begin(house, matter)
    outbox.run_pending()
    matter.refresh_from_db()
    assert matter.status == MatterStatus.IN_PROGRESS
    assert "已写成社情民意信息报送区政协" in told(client, matter)

    report = issued(house, report)[0]
    row = aftermath.forward(report, [house.unit], actor=house.editor)[0]
    outbox.run_pending()
    assert f"已转{house.unit.name}办理" in told(client, matter)
    aftermath.answer(row, actor=house.operator, text="已修好，联系人李四。")
    outbox.run_pending()
    matter.refresh_from_db()
    assert matter.status == MatterStatus.ANSWERED
    assert house.unit.name in matter.answer
    page = told(client, matter)
    assert f"{house.unit.name}已经答复" in page
    assert "李四" not in page
    outbox.run_pending()
    entry = DutyEntry.objects.get(act="studio.converted")
    assert entry.studio == matter.studio
    assert [act.key for act in conversions()] == [entry.key]


def test_report_closed_for_information_answers_its_matter(house, matter):
    report = issued(house, begin(house, matter))[0]
    aftermath.close(report, actor=house.editor)
    outbox.run_pending()
    matter.refresh_from_db()
    assert matter.status == MatterStatus.ANSWERED
    assert "已编发" in matter.result


def test_part_of_a_composite_follows_the_whole(house, matter):
    part, other = begin(house, matter), house.submitted(title="另一条路")
    whole = editing.make_composite([part, other], actor=house.editor, title="路灯综合")
    whole = editing.finish_edit(whole, actor=house.editor)
    whole = editing.sign(editing.check(whole, actor=house.checker), actor=house.signer)
    bulletins.publish(bulletins.create([whole], actor=house.editor), actor=house.editor)
    aftermath.close(OpinionReport.objects.get(pk=whole.pk), actor=house.editor)
    outbox.run_pending()
    matter.refresh_from_db()
    assert matter.status == MatterStatus.ANSWERED


@pytest.mark.parametrize(
    ("verb", "words"), [("keep", "没有编发"), ("to_proposal", "建议改写成提案"), ("withdraw", "撤回了")]
)
def test_report_that_ends_gives_the_matter_back(client, house, matter, verb, words):
    report = begin(house, matter)
    outbox.run_pending()
    if verb == "withdraw":
        writing.withdraw(report, actor=house.author, reason="不报了")
    else:
        editing.turn_down(report, verb, actor=house.editor, reason="属个案")
    outbox.run_pending()
    matter.refresh_from_db()
    assert matter.status == MatterStatus.RECORDED
    client.force_login(house.author)
    assert words in client.get(matter.get_absolute_url()).content.decode()
    assert "属个案" not in told(client, matter)
