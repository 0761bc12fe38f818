"""The frame's counts are kept for a person, and worked out anew when they changed; parts are drawn once."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import badges, fragments, notices
from core.navigation import Link, Section
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    """A clerk of the proposals office, signed in."""
    user = UserFactory(roles=["proposal_clerk"])
    client.force_login(user)
    return user


def asked(client, url="/messages/"):
    """What was asked of the tables of messages and feedback forms while a page was drawn."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return [row["sql"] for row in queries if 'FROM "core_notice"' in row["sql"] or "proposals_feedback" in row["sql"]]


def test_counts_are_asked_for_once_in_many_pages(client, person):
    client.get("/proposals/")
    assert asked(client, "/proposals/") == []


def test_a_message_shows_on_the_next_page(client, person):
    assert "条未读" not in client.get("/proposals/").content.decode()
    notices.notify([person.pk], key="one", title="请签收")
    assert '<b>1</b><span class="visually-hidden">条未读' in client.get("/proposals/").content.decode()
    notices.mark_read(person)
    assert "条未读" not in client.get("/proposals/").content.decode()


def test_counts_are_worked_out_anew_after_an_act_of_the_person(client, person):
    client.get("/proposals/")
    client.post("/messages/read/")
    assert len(asked(client, "/proposals/")) == 2


def test_counts_of_another_are_his_own(client, person):
    notices.notify([person.pk], key="one", title="请签收")
    assert "条未读" in client.get("/proposals/").content.decode()
    client.force_login(UserFactory(roles=["proposal_clerk"]))
    assert "条未读" not in client.get("/proposals/").content.decode()


def test_counts_are_worked_out_again_for_a_name_that_is_not_kept():
    answers = iter([{"unread": 1}, {"unread": 2, "list": 5}])
    assert badges.counts(1, ["unread"], lambda: next(answers)) == {"unread": 1}
    assert badges.counts(1, ["unread"], lambda: next(answers)) == {"unread": 1}
    assert badges.counts(1, ["unread", "list"], lambda: next(answers)) == {"unread": 2, "list": 5}


def test_part_is_what_its_arguments_make_it():
    def menu(count):
        return (Section("提案", (Link("待审查<b>", "/proposals/review/", count=count),)),)

    one, other = (fragments.draw("components/_menu.html", sections=menu(count)) for count in (3, 1204))
    assert "<span>3</span>" in one
    assert "<span>999+</span>" in other
    assert "待审查&lt;b&gt;" in one
    assert fragments.draw("components/_menu.html", sections=menu(3)) is one


def test_total_is_counted_once_for_the_same_conditions_and_anew_after_an_act():
    answers = iter([65, 66, 12])
    assert [badges.total(1, "a", lambda: next(answers), 100) for _ in range(2)] == [65, 65]
    badges.forget([1])
    assert badges.total(1, "a", lambda: next(answers), 100) == 66
    assert badges.total(1, "b", lambda: next(answers), 100) == 12
    assert badges.total(1, "a", lambda: 0, 100) == 66


def test_total_of_another_is_his_own_and_goes_after_its_time(monkeypatch):
    assert badges.total(1, "a", lambda: 65, 100) == 65
    assert badges.total(2, "a", lambda: 40, 100) == 40
    monkeypatch.setattr(badges, "time", lambda: time.time() + badges.KEPT_SECONDS + 1)
    assert badges.total(1, "a", lambda: 70, 100) == 70


def test_a_total_above_its_limit_outlives_an_act_but_not_its_time(monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr("core.badges.time", lambda: now)
    assert badges.total(1, "a", lambda: 101, 100) == 101
    badges.forget([1])
    assert badges.total(1, "a", lambda: 90, 100) == 101
    now += badges.KEPT_SECONDS + 1
    assert badges.total(1, "a", lambda: 90, 100) == 90
    badges.forget([1])
    assert badges.total(1, "a", lambda: 91, 100) == 91
