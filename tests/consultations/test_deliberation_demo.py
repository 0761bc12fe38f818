"""The demo world's deliberations: one that is over and has its summary, one with something to moderate; once."""

import pytest
from django.utils import timezone

from consultations.deliberation import demo as deliberation_demo
from consultations.deliberation.demo_texts import PARKING
from consultations.models import Deliberation, DeliberationSummary, Opinion, Outcome, Vote
from members.models import Role
from tests.factories import MemberFactory, SpecialCommitteeFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_demo_world_holds_a_finished_and_an_open_deliberation_once():
    UserFactory(username="liaison", roles=[Role.LIAISON])
    SpecialCommitteeFactory()
    MemberFactory(user=UserFactory(roles=[Role.MEMBER]))
    MemberFactory.create_batch(12)
    today = timezone.localdate()
    deliberation_demo.seed(today)
    votes = Vote.objects.count()
    deliberation_demo.seed(today)
    assert (Deliberation.objects.count(), Vote.objects.count()) == (2, votes)
    closed = Deliberation.objects.get(status="closed")
    told = DeliberationSummary.objects.get(deliberation=closed).result
    assert [group["size"] for group in told["groups"]] == sorted((abs(g["size"]) for g in told["groups"]), reverse=True)
    assert len(told["groups"]) == len(PARKING.camps)
    assert told["participants"] == sum(PARKING.camps)
    assert told["agree"]
    assert told["divides"]
    assert Outcome.objects.filter(consultation=closed.consultation, kind="digest").exists()
    running = Deliberation.objects.get(status="open")
    assert running.is_open()
    assert Opinion.objects.filter(deliberation=running, status="waiting", flags__contains="人名").exists()
    for opinion in Opinion.objects.filter(deliberation=closed)[:3]:
        assert opinion.votes == opinion.ballots.count() > 0
