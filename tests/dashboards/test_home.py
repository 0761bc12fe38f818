"""待办: grouped by urgency, one next act each, one red button; figures that open lists; queries in bounds."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Deadline
from dashboards.views.home import greeting, grouped
from members.services import scores
from tests import handled
from tests.factories_duty import DutyEntryFactory, ScoreRulesFactory

PEOPLE = (
    "member",
    "member2",
    "convener",
    "proposal-clerk",
    "proposal-chief",
    "inspection",
    "unit",
    "unit-head",
    "editor",
    "leader",
    "sysadmin",
)


def row(due):
    """A thing that waits until ``due``."""
    return SimpleNamespace(due=due)


def test_groups_split_at_today_and_sunday():
    today = date(2026, 5, 13)  # a Wednesday
    rows = [row(date(2026, 5, 12)), row(today), row(date(2026, 5, 17)), row(date(2026, 5, 18)), row(None)]
    found = {group.code: [one.due for one in group.rows] for group in grouped(rows, today)}
    assert found == {
        "over": [date(2026, 5, 12)],
        "today": [today],
        "week": [date(2026, 5, 17)],
        "later": [date(2026, 5, 18), None],
    }


@pytest.mark.parametrize(("hour", "words"), [(3, "夜深了"), (9, "上午好"), (12, "下午好"), (18, "晚上好")])
def test_greeting_follows_the_hour(hour, words):
    assert greeting(hour) == words


@pytest.fixture
def world(db) -> handled.World:
    """People of every role."""
    return handled.build()


def text(response) -> str:
    """The page as text."""
    return response.content.decode()


@pytest.mark.parametrize("name", PEOPLE)
def test_everyone_has_a_first_page(client, world, name):
    client.force_login(world[name])
    page = client.get("/home/")
    assert page.status_code == 200
    assert "现在没有等您办的事" in text(page)


def test_overdue_stands_first_with_the_only_red_button(client, world):
    late = world.assigned(title="关于迟到的一件事的建议")
    world.assigned(title="关于另一件事的建议")
    Deadline.objects.of(late).filter(kind="receipt").update(due=timezone.localdate() - timedelta(days=2))
    client.force_login(world["unit"])
    page = text(client.get("/home/"))
    assert "已超期2天" in page
    assert page.index("关于迟到的一件事的建议") < page.index("关于另一件事的建议")
    assert page.count("btn-primary") == 1


def test_figures_of_the_unit_open_lists_of_that_many_rows(client, world):
    world.signed()
    world.assigned(title="关于另一件事的建议")
    client.force_login(world["unit"])
    figures = client.get("/home/").context["unit_figures"]
    assert [figure.value for figure in figures] == [1, 1, 0, 0]
    for figure in figures:
        assert text(client.get(figure.url)).count("row-link") == figure.value


def test_figures_of_the_session_open_lists_of_that_many_rows(client, world):
    world.signed()
    world.issued(title="关于另一件事的建议")
    client.force_login(world["proposal-clerk"])
    figures = client.get("/home/").context["figures"]
    assert {figure.name: figure.value for figure in figures}["收到"] == 2
    for figure in figures:
        listed = client.get(figure.url)
        assert listed.status_code == 200
        assert text(listed).count("row-link") == figure.value, figure


@pytest.mark.parametrize("name", ["leader", "district-leader"])
def test_leader_has_the_six_figures_of_the_year_on_the_first_page(client, world, name):
    world.signed()
    world.issued(title="关于另一件事的建议")
    client.force_login(world[name])
    figures = client.get("/home/").context["six"]
    assert [figure["name"] for figure in figures][:3] == ["收到提案", "立案", "已答复"]
    assert [figure["value"] for figure in figures][:4] == [2, 2, 1, 0]
    for figure in figures[:5]:
        assert client.get(figure["url"]).context["page"].total == figure["value"], figure
    client.force_login(world["proposal-clerk"])
    assert client.get("/home/").context["six"] == []


def test_member_sees_own_proposals_and_where_each_stands(client, world):
    world.signed()
    client.force_login(world["member"])
    page = client.get("/home/")
    assert [one.title for one in page.context["own"]] == [handled.TITLE]
    assert "办理中" in text(page)
    client.force_login(world["member2"])
    assert client.get("/home/").context["own"] == []


def test_home_needs_signing_in(client, db):
    page = client.get("/home/")
    assert page.status_code == 302
    assert reverse("accounts:login") in page["Location"]


@pytest.mark.parametrize("name", ["member", "proposal-clerk", "inspection", "unit", "unit-head", "leader"])
def test_queries_do_not_grow_with_the_work(client, world, name):
    def measured() -> int:
        client.force_login(world[name])
        with CaptureQueriesContext(connection) as found:
            client.get("/home/")
        return len(found)

    world.drafted(support=True)
    world.at_office(title="关于第0件事的建议")
    world.issued(title="关于送达的一件事的建议")
    measured()  # fills the small caches of the process
    one = measured()
    for n in range(1, 4):
        world.at_office(title=f"关于第{n}件事的建议")
        world.assigned(title=f"关于新的第{n}件事的建议")
    assert measured() <= one
    assert one <= BUDGET[name], one


BUDGET = {"member": 10, "proposal-clerk": 9, "inspection": 9, "unit": 10, "unit-head": 10, "leader": 9}
"""Queries of the whole page, frame included: the duties of proposals are one query, those of all other apps another."""


def test_member_sees_how_he_stands_and_what_is_missing(client, world):
    row, year = ScoreRulesFactory(), timezone.localdate().year
    DutyEntryFactory(member=world["member"].member, on=timezone.localdate())
    scores.compute_year("member", year)
    client.force_login(world["member"])
    page = client.get("/home/").content.decode()
    assert f"{year}年20分" in page
    missing = row.headings[1]
    assert "称职要60分，还差40分" in page
    assert f'#h-{missing["code"]}">{missing["label"]}</a>' in page.partition("还没有得分的：")[2]
    client.force_login(world["proposal-clerk"])
    assert "我的履职" not in client.get("/home/").content.decode()
