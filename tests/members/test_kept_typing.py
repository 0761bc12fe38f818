"""Nothing typed is lost when a session runs out: the same person gets it back after signing in."""

import pytest
from django.contrib.sessions.models import Session as WebSession

from members.models import HandlingUnit, Role
from tests.factories import PASSWORD, HandlingUnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def sign_in(client, user):
    return client.post("/accounts/login/", {"username": user.username, "password": PASSWORD})


def expire(client):
    """The session is gone, as after thirty idle minutes; the device's other cookies stay."""
    WebSession.objects.all().delete()
    client.cookies.pop("sessionid", None)


@pytest.fixture
def unit():
    return HandlingUnitFactory()


@pytest.fixture
def chief():
    return UserFactory(roles=[Role.PROPOSAL_CHIEF])


def form(**more):
    return {"short_name": "区试验局", "aliases": "试验局\n试验办", "side": "government", "is_active": "on", **more}


def typed_too_late(client, chief, unit):
    sign_in(client, chief)
    expire(client)
    return client.post(f"/members/units/{unit.pk}/", form())


def test_what_was_typed_comes_back_to_the_same_person(client, chief, unit):
    response = typed_too_late(client, chief, unit)
    assert response["Location"].startswith("/accounts/login/?next=")
    assert "刚才写的还留着" in client.get(response["Location"]).content.decode()
    assert sign_in(client, chief)["Location"] == "/accounts/kept/"
    page = client.get("/accounts/kept/")
    assert f'action="/members/units/{unit.pk}/"' in page.content.decode()
    replay = dict(page.context["fields"])
    assert client.post(page.context["path"], replay).status_code == 302
    assert HandlingUnit.objects.get(pk=unit.pk).aliases == ["试验局", "试验办"]
    assert client.get("/accounts/kept/")["Location"] == "/home/"


def test_another_person_does_not_get_it(client, chief, unit):
    typed_too_late(client, chief, unit)
    other = UserFactory(roles=[Role.PROPOSAL_CHIEF])
    assert sign_in(client, other)["Location"] == "/home/"
    assert client.get("/accounts/kept/")["Location"] == "/home/"


def test_nothing_is_kept_for_a_stranger(client, unit):
    client.post(f"/members/units/{unit.pk}/", form())
    assert "kept_form" not in client.session


def test_passwords_and_huge_forms_are_not_kept(client, chief, unit):
    sign_in(client, chief)
    expire(client)
    client.post(f"/members/units/{unit.pk}/", form(aliases="字" * 300_000))
    assert "kept_form" not in client.session
    client.post("/accounts/security/password/", {"old_password": PASSWORD, "new_password1": "x", "note": "y"})
    assert PASSWORD not in str(client.session.get("kept_form"))


def test_names_of_files_are_told(client, chief, unit):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sign_in(client, chief)
    expire(client)
    client.post(f"/members/units/{unit.pk}/", form(scan=SimpleUploadedFile("扫描件.pdf", b"%PDF-1.4")))
    sign_in(client, chief)
    assert "扫描件.pdf" in client.get("/accounts/kept/").content.decode()


def test_it_can_be_thrown_away(client, chief, unit):
    typed_too_late(client, chief, unit)
    sign_in(client, chief)
    client.post("/accounts/kept/")
    assert "kept_form" not in client.session


def test_posts_of_scripts_are_left_to_the_page(client, chief, unit):
    sign_in(client, chief)
    expire(client)
    client.post(f"/members/units/{unit.pk}/", form(), headers={"X-Requested-With": "fetch"})
    assert "kept_form" not in client.session
