"""Who may report: members, studios, committees, sectors, parties, townships, informants, each by the same page."""

import pytest
from django.urls import reverse

from members.models import Body, Role
from sentiment.models import OpinionReport
from sentiment.services import writing
from tests.factories import BodyFactory, MemberFactory, StudioFactory, UserFactory

pytestmark = pytest.mark.django_db
TEXT = {"title": "路灯早关", "situation": "摸黑", "suggestions": "光控", "submit": "1", "confirmed": "1"}
BODIES = [
    (Role.CONVENER, Body.Kind.STUDIO, "studio"),
    (Role.COMMITTEE, Body.Kind.COMMITTEE, "committee"),
    (Role.BODY_CONTACT, Body.Kind.SECTOR, "sector"),
    (Role.BODY_CONTACT, Body.Kind.PARTY, "party"),
    (Role.BODY_CONTACT, Body.Kind.ORGANIZATION, "party"),
    (Role.BODY_CONTACT, Body.Kind.GROUP, "township"),
]


@pytest.mark.parametrize(("role", "kind", "source"), BODIES)
def test_body_reports_by_its_contact(client, role, kind, source):
    body = StudioFactory() if kind == Body.Kind.STUDIO else BodyFactory(kind=kind)
    contact = UserFactory(roles=[(role, body)])
    client.force_login(contact)
    assert "以谁的名义" in client.get(reverse("sentiment:new")).content.decode()
    client.post(reverse("sentiment:new"), {**TEXT, "body": body.pk})
    report = OpinionReport.objects.get()
    assert (report.status, report.source, report.body_id) == ("submitted", source, body.pk)
    assert report.reporters.get().body_id == body.pk
    assert report.get_source_display()


def test_informant_reports_for_himself(client):
    informant = UserFactory(roles=[Role.INFORMANT])
    client.force_login(informant)
    client.post(reverse("sentiment:new"), TEXT)
    report = OpinionReport.objects.get()
    assert (report.status, report.source) == ("submitted", "informant")
    assert report.reporters.get().user == informant


def test_member_reports_together_with_others(client):
    member, friend = MemberFactory(user=UserFactory(roles=[Role.MEMBER])), MemberFactory(name="曹晚晴")
    client.force_login(member.user)
    client.post(reverse("sentiment:new"), {**TEXT, "people": "曹晚晴"})
    report = OpinionReport.objects.get()
    assert [row.member for row in report.reporters.all()] == [member, friend]


def test_similar_earlier_reports_stand_beside_while_one_writes(client, house):
    earlier = writing.submit(
        house.draft(title="城区路灯关得太早", situation="学生上学摸黑，照明控制没有随季节调整。"), actor=house.author
    )
    client.force_login(house.author)
    page = client.get(reverse("sentiment:new")).content.decode()
    assert "data-beside" in page
    answer = client.post(
        reverse("sentiment:autosave_new"),
        {"title": "路灯关得早", "situation": "学生上学摸黑，照明控制没有随季节", "page_token": "t"},
    ).json()
    assert earlier.title in answer["beside"]
    assert earlier.get_absolute_url() in answer["beside"]
