"""The one search box finds what every app has and the person may see, and nothing else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import search
from tests import handled
from tests.factories import HandlingUnitFactory, MemberFactory, SpecialCommitteeFactory
from tests.factories_sentiment import ReportFactory

pytestmark = pytest.mark.django_db
KIND = re.compile(r'<h2 id="kind-\d+">(.+?)</h2>')


@pytest.fixture
def world(db) -> handled.World:
    return handled.build()


def kinds(client, user, text: str) -> dict[str, list[str]]:
    """Titles of what is found, by kind."""
    client.force_login(user)
    found = client.get("/find/", {"q": text}).context["kinds"]
    return {one.label: [hit.title for hit in one.hits] for one in found}


def test_proposal_is_found_by_word_and_number_by_those_who_may_see_it(client, world):
    case = world.assigned(title="关于解决茨沟镇人畜饮水的建议").proposal
    clerk = world["proposal-clerk"]
    assert kinds(client, clerk, "茨沟饮水")["提案"] == [case.title]
    assert kinds(client, clerk, f"第{case.number}号")["提案"] == [case.title]
    assert "提案" not in kinds(client, world["unit2"], "茨沟饮水")


def test_people_and_units_are_found_by_name(client, world):
    MemberFactory(name="欧阳青山", post="常委")
    unit = HandlingUnitFactory(name="区欧阳路管理所")
    assert kinds(client, world["leader"], "欧阳") == {"委员": ["欧阳青山"], "承办单位": [unit.name]}
    assert kinds(client, world["unit"], "欧阳") == {"委员": ["欧阳青山"]}


def test_reports_stay_with_the_office_and_the_author(client, world):
    report = ReportFactory(title="关于桐木溪古桥的情况", created_by=world["member"])
    search.index(report, report.title)
    assert kinds(client, world["member"], "桐木溪古桥")["社情民意"] == [report.title]
    assert "社情民意" not in kinds(client, world["unit"], report.title)
    assert "社情民意" not in kinds(client, world["leader"], report.title)


def test_many_lead_to_the_whole_list(client, world):
    for n in range(8):
        MemberFactory(name=f"诸葛{n}")
    client.force_login(world["leader"])
    page = client.get("/find/", {"q": "诸葛"}).content.decode()
    assert page.count('href="/members/') - page.count('class="nav-link" href="/members/') >= 6
    assert 'href="/members/?q=%E8%AF%B8%E8%91%9B"' in page


@pytest.mark.parametrize("text", ["", "   ", "\x00", "没有这样的东西", "'\"()&|!:*", "字" * 5000])
def test_nothing_found_says_so(client, world, text):
    client.force_login(world["leader"])
    page = client.get("/find/", {"q": text})
    assert page.status_code == 200
    assert not KIND.findall(page.content.decode())


def test_costs_no_more_for_many_hits(client, world):
    def cost() -> int:
        client.force_login(world["proposal-clerk"])
        client.get("/find/", {"q": "建议"})
        with CaptureQueriesContext(connection) as queries:
            client.get("/find/", {"q": "建议"})
        return len(queries)

    SpecialCommitteeFactory()
    one = cost()
    for n in range(5):
        world.assigned(title=f"关于第{n}件事的建议")
    assert cost() <= one + 1 <= 14
