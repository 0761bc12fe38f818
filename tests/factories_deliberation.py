"""Factories of online deliberation 网络议政."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from consultations.models import (
    Consultation,
    Deliberation,
    DeliberationStatus,
    DeliberationSummary,
    Opinion,
    OpinionStatus,
    Participant,
    Vote,
)
from tests.factories import UserFactory


class DeliberationFactory(DjangoModelFactory):
    """One that opened an hour ago for members and the public and runs for a week; opinions at once public."""

    class Meta:
        model = Deliberation

    status = DeliberationStatus.OPEN
    consultation = factory.LazyFunction(
        lambda: Consultation.objects.create(title="老旧小区停车", form="network", on=timezone.localdate())
    )
    question = "怎样让老旧小区停车不难？"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    audience = "public"
    moderated = False
    made_by = factory.SubFactory(UserFactory)


class ParticipantFactory(DjangoModelFactory):
    """A resident."""

    class Meta:
        model = Participant

    deliberation = factory.SubFactory(DeliberationFactory)
    key = factory.Sequence(lambda number: f"{number:064d}")


class OpinionFactory(DjangoModelFactory):
    """A published one of the office."""

    class Meta:
        model = Opinion

    status = OpinionStatus.PUBLISHED
    deliberation = factory.SubFactory(DeliberationFactory)
    text = factory.Sequence(lambda number: f"把第{number}块闲置空地改成停车场")


class VoteFactory(DjangoModelFactory):
    """Somebody agrees."""

    class Meta:
        model = Vote

    participant = factory.SubFactory(ParticipantFactory)
    opinion = factory.SubFactory(OpinionFactory, deliberation=factory.SelfAttribute("..participant.deliberation"))
    value = 1


class DeliberationSummaryFactory(DjangoModelFactory):
    """A summary of nothing."""

    class Meta:
        model = DeliberationSummary

    deliberation = factory.SubFactory(DeliberationFactory)
    input_hash = "0" * 64
    stamp = ""
    result = factory.LazyFunction(dict)
    computed_at = factory.LazyFunction(timezone.now)
