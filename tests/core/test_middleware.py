"""People are signed out by idleness and not by work."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from core import middleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, django_user_model) -> Client:
    """A client with a session that was seen a moment ago."""
    client.force_login(django_user_model.objects.create_user(username="someone"))
    client.get("/messages/")
    return client


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Let the middleware believe that so many minutes have passed."""
    now = middleware.time()
    monkeypatch.setattr(middleware, "time", lambda: now + minutes * 60)


def test_work_moves_the_end_of_the_session(signed_in: Client, monkeypatch) -> None:
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    later(monkeypatch, 25)
    response = signed_in.get("/messages/")
    assert response.cookies["sessionid"]["max-age"] == 30 * 60
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)


def test_first_page_after_signing_in_writes_no_session(client: Client, django_user_model) -> None:
    client.force_login(django_user_model.objects.create_user(username="someone"))
    assert "sessionid" not in client.get("/messages/").cookies


def test_pages_in_one_minute_write_no_session(signed_in: Client) -> None:
    assert "sessionid" not in signed_in.get("/messages/").cookies


def test_idleness_ends_the_session(signed_in: Client) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    response = signed_in.get("/messages/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_public_page_sets_no_session_cookie(client: Client) -> None:
    assert not client.get("/healthz").cookies
