"""Pages of opinion reports cost a fixed number of queries, and no list reads a text column."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sentiment.models import OpinionReport
from sentiment.services import aftermath, bulletins, editing, writing
from tests.factories import HandlingUnitFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST, ITEM = 10, 12


def cost(client, url: str) -> list[str]:
    """The statements of a page, asked a second time: the session is written once a minute."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return [row["sql"] for row in queries]


def told(statements: list[str]) -> str:
    return "\n".join(sql[:160] for sql in statements)


@pytest.fixture
def many(house):
    """A few reports of every kind; one that carries everything a page can show."""
    for number in range(3):
        house.submitted(title=f"来稿{number}")
    full = house.editing(title="什么都有的")
    writing.set_reporters(
        full, [*full.reporters.all(), *(writing._of_member(MemberFactory()) for _ in range(3))], actor=house.author
    )
    for place in range(3):
        full = editing.edit_text(full, actor=house.editor, situation=f"第{place}次改。")
    full = editing.finish_edit(full, actor=house.editor)
    full = editing.sign(editing.check(full, actor=house.checker), actor=house.signer)
    bulletin = bulletins.publish(bulletins.create([full], actor=house.editor), actor=house.editor)
    for other in ("二", "三"):
        bulletins.publish(house.bulletin(title=f"第{other}期的"), actor=house.editor)
    full = OpinionReport.objects.get(pk=full.pk)
    aftermath.forward(full, [house.unit, HandlingUnitFactory(), HandlingUnitFactory()], actor=house.editor)
    for level in ("city", "province"):
        aftermath.adopt(full, actor=house.editor, level=level, body_name=level, on=None)
        aftermath.note(full, actor=house.editor, leader="区长", level=level, text="请办", on=None)
    aftermath.answer(full.forwards.get(unit=house.unit), actor=house.operator, text="已办。")
    return full, bulletin


@pytest.mark.parametrize("who", ["editor", "signer", "leader", "author", "operator"])
@pytest.mark.parametrize("query", ["", "?q=路灯", "?level=any&due=overdue&sort=due"])
def test_list_takes_at_most_ten_queries_and_no_text(client, house, many, who, query):
    client.force_login(getattr(house, who))
    found = cost(client, reverse("sentiment:list") + query)
    assert len(found) <= LIST, told(found)
    rows = [sql for sql in found if "sentiment_opinionreport" in sql]
    assert not any('"situation"' in sql or '"suggestions"' in sql for sql in rows)


@pytest.mark.parametrize("who", ["editor", "signer", "leader"])
@pytest.mark.parametrize("name", ["bulletins", "board"])
def test_issues_and_board_take_at_most_ten_queries(client, house, many, who, name):
    client.force_login(getattr(house, who))
    found = cost(client, reverse(f"sentiment:{name}"))
    assert len(found) <= LIST, told(found)
    assert not any('"situation"' in sql for sql in found)


@pytest.mark.parametrize("who", ["operator", "inspection"])
def test_forwarded_list_takes_at_most_ten_queries(client, house, many, who):
    client.force_login(house.operator if who == "operator" else UserFactory(roles=["inspection"]))
    found = cost(client, reverse("sentiment:forwards"))
    assert len(found) <= LIST, told(found)


@pytest.mark.parametrize("who", ["editor", "checker", "signer", "leader", "author", "operator"])
def test_item_takes_at_most_twelve_queries(client, house, many, who):
    client.force_login(getattr(house, who))
    found = cost(client, many[0].get_absolute_url())
    assert len(found) <= ITEM, told(found)


def test_items_cost_does_not_grow_with_what_it_shows(client, house, many):
    client.force_login(house.editor)
    plain = len(cost(client, house.issued(title="只有一点的").get_absolute_url()))
    assert len(cost(client, many[0].get_absolute_url())) <= plain + 1


@pytest.mark.parametrize("who", ["editor", "leader"])
def test_issue_page_takes_at_most_twelve_queries(client, house, many, who):
    client.force_login(getattr(house, who))
    found = cost(client, many[1].get_absolute_url())
    assert len(found) <= ITEM, told(found)


def test_public_list_takes_at_most_six_queries(client, house, many):
    aftermath.publish(many[0], actor=house.signer, title="路灯", abstract="已修好。")
    found = cost(client, reverse("portal:opinions"))
    assert len(found) <= 6, told(found)
