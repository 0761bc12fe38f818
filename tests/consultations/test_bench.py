"""The large world of sessions, and the measurement of its pages."""

import pytest
from django.utils import timezone

from consultations import bench, bulk
from consultations.models import Consultation, Outcome
from core import measuring
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_large_world_has_sessions_in_all_states_and_their_outcomes():
    assert bulk.seed(100, key=3, today=timezone.localdate()) == 100
    assert set(Consultation.objects.values_list("status", flat=True)) == {name for name, _ in bulk.STATES}
    reported = Consultation.objects.filter(status__in=["reported", "closed"])
    assert Outcome.objects.count() == reported.count() > 0


def test_each_page_is_measured_with_its_floor(monkeypatch):
    monkeypatch.setattr(measuring, "RUNS", 1)
    monkeypatch.setattr(measuring, "WARM_UP", 0)
    bulk.seed(30, key=1, today=timezone.localdate())
    rows = list(measuring.table(bench.pages(UserFactory(roles=["liaison"]))))
    assert [row["name"] for row in rows] == ["sessions_list", "sessions_filtered", "sessions_search", "session_item"]
    assert all(row["size"] == 30 and row["floor"] > 0 for row in rows)
