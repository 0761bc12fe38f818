"""The demo world on the database of the run: built twice the same, and every list page opens on it.

On SQLite this is what `make run` shows; search, dates and sums must not lean on PostgreSQL.
"""

import pytest
from django.core.management import call_command
from django.test import Client

from members.models import User
from proposals.models import Proposal

PASSWORD = "Smoke-test-1"

PAGES = {
    "member": ("/home/", "/proposals/", "/proposals/new/", "/members/"),
    "proposal-clerk": ("/home/", "/proposals/?q=饮水", "/proposals/?overdue=1", "/dashboards/"),
    "inspection": ("/home/", "/proposals/?page=2", "/dashboards/"),
    "unit": ("/home/", "/proposals/"),
    "leader": ("/home/", "/dashboards/"),
}


@pytest.fixture
def world(db, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The world of `seed_demo`, whose accounts have a known password."""
    settings.DEBUG = True
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    call_command("seed_demo", "--stage", "imported")


def test_demo_world_opens_for_every_kind_of_person(world, client: Client) -> None:
    for page in ("/", "/open/proposals/", "/studios/", "/accounts/login/"):
        assert client.get(page).status_code == 200, page
    for username, pages in PAGES.items():
        client.force_login(User.objects.get(username=username))
        for page in pages:
            assert client.get(page, follow=True).status_code == 200, (username, page)


def test_demo_world_finds_chinese_words_and_exports_what_it_found(world, client: Client) -> None:
    client.force_login(User.objects.get(username="proposal-clerk"))
    found = client.get("/proposals/", {"q": "饮水"})
    assert "饮水" in found.content.decode()
    export = client.get("/proposals/", {"q": "饮水", "format": "xlsx"})
    assert export.getvalue().startswith(b"PK")
    export.close()


def test_building_the_demo_world_again_doubles_nothing(world) -> None:
    before = Proposal.objects.count(), User.objects.count()
    assert before[0] >= 382
    call_command("seed_demo", "--stage", "imported")
    assert (Proposal.objects.count(), User.objects.count()) == before
