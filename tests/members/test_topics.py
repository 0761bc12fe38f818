"""Research topics 一领导一课题: from the plan to what came of the paper, the reminder and the ledger."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import outbox, reminders
from core.errors import Refusal
from core.models import Deadline, Notice
from members.models import DutyEntry
from members.models.activities import ResearchTopic
from members.services import duty, topics
from tests.factories import MemberFactory, SpecialCommitteeFactory, UserFactory
from tests.factories_activities import ActivityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    """A special committee."""
    return SpecialCommitteeFactory()


@pytest.fixture
def staff(body):
    """Its staff."""
    return UserFactory(roles=[("committee", body)])


def paper():
    """A paper as a PDF."""
    return SimpleUploadedFile("调研报告.pdf", b"%PDF-1.4\n%%EOF\n")


def made(staff, body, **values):
    """A topic with a team of one."""
    member = MemberFactory(user=UserFactory(roles=["member"]))
    today = timezone.localdate()
    plain = {"year": today.year, "title": "山区供水", "leader_name": "王主席", "due_on": today + timedelta(days=10)}
    return topics.create(actor=staff, body=body, team=[member.pk], **(plain | values)), member


def test_way_from_plan_to_uptake(staff, body):
    topic, member = made(staff, body)
    topics.move(topic, "start", actor=staff)
    with pytest.raises(Refusal, match="还没有传调研报告"):
        topics.move(topic, "report", actor=staff)
    topics.add_papers(topic, [paper()], actor=member.user)
    topics.move(topic, "report", actor=staff)
    assert DutyEntry.objects.get().member == member
    assert not Deadline.objects.of(topic).open().exists()
    with pytest.raises(Refusal, match="采纳转化情况"):
        topics.move(topic, "adopt", actor=staff, uptake=" ")
    topics.move(topic, "adopt", actor=staff, uptake="区长批示，列入明年计划。")
    topics.move(topic, "close", actor=staff)
    assert topic.status == "closed"
    outbox.run_pending()
    assert Notice.objects.filter(recipient=member.user).count() == 3
    assert duty.catch_up() == 0


def test_paper_sent_back_takes_the_rows_back_and_watches_the_day_again(staff, body):
    topic, member = made(staff, body)
    topics.move(topic, "start", actor=staff)
    topics.add_papers(topic, [paper()], actor=staff)
    topics.move(topic, "report", actor=staff)
    topics.move(topic, "reopen", actor=staff, reason="数据要再核")
    assert sum(DutyEntry.objects.values_list("quantity", flat=True)) == 0
    assert Deadline.objects.of(topic).open().count() == 1
    topics.move(topic, "report", actor=staff)
    assert sum(DutyEntry.objects.values_list("quantity", flat=True)) == 1


def test_team_changed_after_the_paper_changes_the_ledger(staff, body):
    topic, member = made(staff, body)
    topics.move(topic, "start", actor=staff)
    topics.add_papers(topic, [paper()], actor=staff)
    topics.move(topic, "report", actor=staff)
    other = MemberFactory()
    topics.change(topic, actor=staff, team=[other.pk])
    rows = DutyEntry.objects.filter(reverses=None, reversed_by=None)
    assert [row.member for row in rows] == [other]


def test_committee_and_team_are_reminded_before_the_day(staff, body):
    topic, member = made(staff, body)
    reminders.sweep(topic.due_on - timedelta(days=7))
    for chunk in reminders.undelivered_chunks():
        reminders.deliver(chunk)
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {staff.pk, member.user_id}
    assert "形成调研报告" in Notice.objects.first().title


def test_committee_keeps_to_its_own(staff, body):
    with pytest.raises(Refusal, match="自己所在专委会"):
        made(staff, SpecialCommitteeFactory())


def test_topic_by_its_pages(client, staff, body):
    client.force_login(staff)
    member = MemberFactory(name="李四")
    year = timezone.localdate().year
    data = {"year": year, "title": "山区供水", "leader_name": "王主席", "body": body.pk, "team": "李四、没有的"}
    response = client.post(reverse("members:topic_new"), data)
    assert response.status_code == 422
    assert "没有的" in response.content.decode()
    client.post(reverse("members:topic_new"), data | {"team": "李四"})
    topic = ResearchTopic.objects.get()
    assert list(topic.team.all()) == [member]
    visit = ActivityFactory(topic=topic, organizer=body, title="入户调研")
    page = client.get(topic.get_absolute_url()).content.decode()
    assert visit.title in page
    assert "开始调研" in page
    act = lambda verb: reverse("members:topic_act", args=[topic.pk, verb])  # noqa: E731
    client.post(act("start"), {})
    client.post(reverse("members:topic_files", args=[topic.pk]), {"files": [paper()]})
    client.post(act("report"), {"on": ""})
    client.post(act("adopt"), {"uptake": "区长批示"})
    topic.refresh_from_db()
    assert (topic.status, topic.uptake) == ("adopted", "区长批示")
    assert "山区供水" in client.get(f"{reverse('members:topics')}?year={year}").content.decode()
    assert client.get(reverse("members:topic_edit", args=[topic.pk])).status_code == 200


def test_team_sees_its_topic_and_others_do_not(client, staff, body):
    topic, member = made(staff, body)
    client.force_login(member.user)
    assert client.get(topic.get_absolute_url()).status_code == 200
    client.force_login(MemberFactory(user=UserFactory(roles=["member"])).user)
    assert client.get(topic.get_absolute_url()).status_code == 404
