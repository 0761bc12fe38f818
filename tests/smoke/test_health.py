"""The site answers, and says what is down."""

import pytest
from django.core.cache import cache
from django.test import Client

from core import health


def test_healthz_answers_without_sign_in(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_names_an_absent_worker(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "down", "down": ["worker"]}


@pytest.mark.django_db
def test_readyz_is_ok_after_a_sign_of_life(client: Client) -> None:
    health.beat()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_readyz_forgets_a_worker_gone_silent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    health.beat()
    seen = cache.get(health.HEARTBEAT_KEY)
    monkeypatch.setattr(health, "time", lambda: seen + health.HEARTBEAT_MAX_AGE + 1)
    assert client.get("/readyz").json()["down"] == ["worker"]


@pytest.mark.django_db
def test_readyz_names_a_broker_that_does_not_answer(client: Client, settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1"
    assert "broker" in client.get("/readyz").json()["down"]
