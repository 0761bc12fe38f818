"""Several votes at once 同时: on PostgreSQL with real threads, each is kept once and counted once."""

import pytest

from consultations.models import Opinion, Participant, Vote
from consultations.services import deliberation
from tests import races
from tests.factories_deliberation import DeliberationFactory, OpinionFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_double_click_at_once_is_one_participant_and_one_vote():
    opinion = OpinionFactory()
    row = opinion.deliberation
    won, lost = races.split(races.at_once(*[lambda: deliberation.vote(row, opinion.pk, 1, key="a")] * 6))
    assert (len(won), lost) == (6, [])
    opinion.refresh_from_db()
    assert (Participant.objects.count(), Vote.objects.count(), opinion.votes) == (1, 1, 1)


def test_two_devices_of_one_person_leave_one_of_the_two_answers():
    opinion = OpinionFactory()
    row = opinion.deliberation
    races.at_once(
        lambda: deliberation.vote(row, opinion.pk, 1, key="a"), lambda: deliberation.vote(row, opinion.pk, -1, key="a")
    )
    opinion.refresh_from_db()
    assert Vote.objects.get().value in (1, -1)
    assert opinion.votes == 1


def test_many_people_at_once_on_few_opinions_lose_nothing():
    row = DeliberationFactory()
    opinions = [OpinionFactory(deliberation=row).pk for _ in range(3)]
    acts = [
        lambda pk=pk, person=person: deliberation.vote(row, pk, 1, key=f"p{person}")
        for person in range(10)
        for pk in (opinions if person % 2 else reversed(opinions))
    ]
    won, lost = races.split(races.at_once(*acts))
    assert (len(won), lost) == (30, [])
    assert Vote.objects.count() == 30
    assert set(Opinion.objects.values_list("votes", flat=True)) == {10}
