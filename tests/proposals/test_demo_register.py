"""The demo world's registers of the last and the present session: taken once, as the day proves them."""

from datetime import date

import pytest

from members.demo import people as demo
from proposals.demo import register as demo_register
from proposals.models import Proposal
from tests.factories import HandlingUnitFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Members without accounts, and every unit that the registers name."""
    MemberFactory.create_batch(3)
    for name in {matter.unit for matter in demo_register.RECURRING}:
        HandlingUnitFactory(name=f"汉滨{name}", short_name=name)


def test_registers_are_taken_once_without_a_problem(people):
    today = date(2026, 11, 29)
    demo.seed_terms(today)
    made = demo_register.seed(today)
    last, present = (Proposal.objects.filter(year=year) for year in (2025, 2026))
    assert made == last.count() + present.count() > 200
    assert set(last.exclude(number=None).values_list("status", flat=True)) <= {"closed", "follow_up"}
    assert present.filter(status="handling").exists()
    assert demo_register.seed(today) == 0


def test_in_march_nothing_of_the_present_session_is_answered_yet(people):
    today = date(2026, 3, 1)
    demo.seed_terms(today)
    demo_register.seed(today)
    present = Proposal.objects.filter(year=2026)
    assert present.filter(status="filed").exists()
    assert not present.exclude(replied_on=None).exists()
