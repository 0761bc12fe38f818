"""Each order of the list, and its count, has an index: nothing is sorted as a whole, and counting leaves the table alone."""

import pytest
from django.db import connection

from core import paging
from proposals.filters import SORTS
from proposals.models import Proposal
from tests.factories import ProposalFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def rows():
    """What a clerk sees, of a table so small that the planner must be told to look for indexes."""
    ProposalFactory(status="filed", number=1)
    with connection.cursor() as cursor:
        for way in ("seqscan", "sort", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    return Proposal.objects.visible_to(UserFactory(roles=["proposal_clerk"]))


@pytest.mark.parametrize("sort", SORTS)
def test_order_follows_an_index(rows, sort):
    plan = rows.order_by(*(paging.ordering(key) for key in SORTS[sort][1]))[:31].explain()
    assert "Index Scan" in plan, plan
    assert "->  Sort" not in plan, plan


@pytest.mark.parametrize("conditions", [{}, {"status__in": ["submitted", "reviewing"]}])
def test_count_reads_the_index_alone(rows, conditions):
    assert "Index Only Scan using proposal_status" in rows.filter(**conditions).order_by().values("pk").explain()
