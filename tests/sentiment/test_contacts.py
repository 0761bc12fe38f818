"""Telephones of those who report: masked for whoever must reach them, in full once, and the look is recorded."""

import pytest
from django.urls import reverse

from core.models import AuditEntry
from members.models import Role
from sentiment.services import public_voice
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NUMBER = "13800001234"


@pytest.fixture
def letter():
    """A resident's letter with a telephone."""
    return public_voice.receive(title="路口积水", text="下雨就积水", name="老李", phone=NUMBER)


def test_editor_calls_the_resident_and_the_look_is_recorded(client, house, letter):
    client.force_login(house.editor)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "138****1234" in page
    assert NUMBER not in page
    shown = client.post(reverse("sentiment:phones", args=[letter.pk]))
    assert f"tel:{NUMBER}" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = AuditEntry.objects.get(verb="opinionreport.phone")
    assert (entry.actor_id, entry.root_id) == (house.editor.pk, letter.pk)


@pytest.mark.parametrize("who", ["checker", "author", "leader", "operator"])
def test_nobody_else_sees_a_number(client, house, letter, who):
    client.force_login(getattr(house, who))
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "1234" not in page
    answer = client.post(reverse("sentiment:phones", args=[letter.pk]), follow=True)
    assert NUMBER not in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="opinionreport.phone").exists()


def test_stranger_and_proposal_office_do_not_see_it(client, letter):
    for roles in ([], [Role.PROPOSAL_CLERK], [Role.PROPOSAL_CHIEF]):
        client.force_login(UserFactory(roles=roles))
        answer = client.post(reverse("sentiment:phones", args=[letter.pk]), follow=True)
        assert NUMBER not in answer.content.decode()
