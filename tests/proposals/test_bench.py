"""The floor that pages are measured against: one query, one loop, the size of the page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import measuring, search
from proposals import bench
from tests.factories import HandlingUnitFactory, ProposalFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client, settings):
    """A clerk, signed in, on the addresses of the measurement."""
    settings.ROOT_URLCONF = "proposals.bench"
    user = UserFactory(roles=["proposal_clerk"])
    client.force_login(user)
    return user


@pytest.mark.parametrize("query", ["rows=2", "item={pk}"])
def test_floor_asks_once_and_fills_the_page(client, clerk, query):
    cases = [ProposalFactory(title=f"第{n}件", status="filed") for n in range(3)]
    url = f"/bench-floor/?bytes=9000&{query.format(pk=cases[0].pk)}"
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert sum("proposals_proposal" in row["sql"] for row in queries) == 1
    assert len(answer.content) == 9000
    shown = {case.title for case in cases if case.title in answer.content.decode()}
    assert shown == ({"第2件", "第1件"} if "rows" in query else {"第0件"})


def test_each_page_is_measured_with_its_floor(clerk, monkeypatch):
    monkeypatch.setattr(measuring, "RUNS", 1)
    monkeypatch.setattr(measuring, "WARM_UP", 0)
    case = ProposalFactory(status="handling", lead_unit=HandlingUnitFactory(), number=17)
    search.index(case, "富硒茶叶")
    rows = list(measuring.table(bench.pages(clerk)))
    assert {row["name"] for row in rows} >= {"list", "list_filtered", "list_search", "list_search_rare", "item", "form"}
    assert all(row["ratio"] == pytest.approx(row["value"] / row["floor"], rel=0.05) for row in rows)
