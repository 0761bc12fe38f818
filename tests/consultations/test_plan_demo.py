"""The demo world's plans: three years in three stages, progress of every kind, and building again doubles nothing."""

import pytest
from django.utils import timezone

from consultations.models import AnnualPlan, PlanItem, PlanStep, TopicStatus, TopicSuggestion
from consultations.plans import demo as plan_demo
from consultations.plans import progress
from members.demo.people import UNIT, seed_accounts, seed_offices, seed_terms
from members.models import Body, HandlingUnit
from tests.factories import HandlingUnitFactory

pytestmark = pytest.mark.django_db


def test_demo_has_plans_in_their_stages_and_again_changes_nothing():
    today = timezone.localdate()
    seed_terms(today)
    seed_offices()
    HandlingUnit.objects.get_or_create(name=UNIT)
    HandlingUnitFactory.create_batch(3)
    Body.objects.get_or_create(kind=Body.Kind.COMMITTEE, name="经济委员会")
    seed_accounts("Demo-test-1")
    plan_demo.seed(today)

    plans = dict(AnnualPlan.objects.values_list("year", "status"))
    assert plans[today.year - 1] == "noted"
    assert plans[today.year] in ("issued", "noted")
    assert plans[today.year + 1] == "collecting"
    assert AnnualPlan.objects.calling(today).exists()
    states = set(progress.with_state(PlanItem.objects.all(), today).values_list("state", flat=True))
    assert {"converted", "sent", "held", "overdue", "dropped"} <= states
    statuses = set(TopicSuggestion.objects.values_list("status", flat=True))
    assert {TopicStatus.SUBMITTED, TopicStatus.TAKEN, TopicStatus.DECLINED} <= statuses
    for plan in AnnualPlan.objects.all():
        days = list(PlanStep.objects.filter(plan=plan).order_by("id").values_list("on", flat=True))
        assert days == sorted(days)

    before = [model.objects.count() for model in (AnnualPlan, PlanItem, PlanStep, TopicSuggestion)]
    plan_demo.seed(today)
    assert [model.objects.count() for model in (AnnualPlan, PlanItem, PlanStep, TopicSuggestion)] == before
