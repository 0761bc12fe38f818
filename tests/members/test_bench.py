"""The measurement of duty records: its world, its lines, and its judgement of a rush."""

from collections import Counter

import pytest
from django.utils import timezone

from core import measuring
from members import bench
from members.models import DutyEntry, ScoreResult
from tests.factories_studios import BookingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch):
    for name, value in (("MEMBERS", 3), ("YEARS", 2), ("ROWS", 4), ("LONGEST", 60), ("RECOMPUTED", 1)):
        monkeypatch.setattr(bench, name, value)
    monkeypatch.setattr(measuring, "RUNS", 1)
    monkeypatch.setattr(measuring, "WARM_UP", 0)


def test_scores_and_pages_are_measured_on_a_world_made_once(small):
    today = timezone.localdate()
    member = bench.world(today)
    assert bench.world(today) == member
    assert DutyEntry.objects.count() == 2 * 2 * 4 + 60
    assert bench.recomputed(today).size == 6
    assert set(ScoreResult.objects.values_list("score_year__year", flat=True)) == {today.year, today.year - 1}
    rows = list(measuring.table(bench.pages(bench.liaison(), member)))
    assert [row["name"] for row in rows] == ["ledger_page", "ledger_last_page", "duty_file", "ranking"]
    assert all(row["size"] == 60 and row["floor"] > 0 for row in rows)


def test_a_rush_is_judged_by_what_is_stored_and_by_what_was_answered():
    slots = bench.open_day(timezone.localdate())
    seconds = [0.1] * bench.VISITORS
    right = Counter({302: bench.SLOTS, 409: bench.VISITORS - bench.SLOTS})
    assert bench.judged(slots, seconds, right)["wrong"]  # nobody is in the slots
    for slot in slots:
        BookingFactory(slot=slot, day=slot.day)
    line = bench.judged(slots, seconds, right)
    assert (line["wrong"], line["booked"], line["value"]) == ([], 8, 100.0)
    assert bench.judged(slots, seconds, Counter({302: 8, 409: 191, 500: 1}))["wrong"]
