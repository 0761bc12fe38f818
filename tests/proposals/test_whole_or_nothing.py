"""An act that fails leaves nothing: no number, no log entry, no consequence, no deadline."""

import pytest

from core import numbering
from core.errors import Refusal
from core.models import AuditEntry, Deadline, Effect
from proposals import terms
from proposals.models import Proposal, UnitTask
from proposals.numbers import case_scope
from proposals.services import assignment, review
from proposals.services.assignment import Assignment
from tests import factories as make


def counts() -> tuple[int, ...]:
    """How many rows each table of traces has."""
    return tuple(model.objects.count() for model in (AuditEntry, Effect, Deadline, UnitTask))


def test_failure_after_the_move_leaves_nothing(world, monkeypatch):
    case = world.reviewed()
    before = counts()

    def broken(*args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(terms, "open_assignment", broken)
    with pytest.raises(RuntimeError):
        review.decide(case, actor=world.second, outcome="file")
    assert counts() == before
    stored = Proposal.objects.get(pk=case.pk)
    assert (stored.status, stored.number) == ("reviewing", None)
    assert numbering.peek(case_scope(stored.session)) == 1


def test_refused_assignment_leaves_nothing(world):
    case = world.filed()
    before = counts()
    for wrong in (
        {"mode": "sole"},
        {"mode": "sole", "lead": world.unit, "supports": [world.support]},
        {"mode": "lead_support", "lead": world.unit},
        {"mode": "lead_support", "lead": world.unit, "supports": [world.unit]},
        {"mode": "split", "splits": [world.unit]},
        {"mode": "nonsense", "lead": world.unit},
    ):
        with pytest.raises(Refusal):
            assignment.assign(case, actor=world.inspection, **wrong)
    assert counts() == before


def test_one_bad_row_of_a_batch_stops_no_other(world):
    good, bad = world.filed(), world.filed()
    meeting_items = [
        Assignment(bad.pk, "lead_support", lead=world.unit),
        Assignment(good.pk, "sole", lead=world.unit),
    ]
    result = assignment.assign_many(meeting_items, actor=world.inspection, handover=None)
    assert [row.pk for row in result.done] == [good.pk]
    assert [(row.pk, why) for row, why in result.refused] == [
        (bad.pk, "主办会办至少要一家会办单位，请改为单办或补上。")
    ]
    assert not bad.tasks.exists()


def test_person_without_the_right_changes_nothing(world):
    stranger = make.UserFactory()
    case = world.filed()
    before = counts()
    with pytest.raises(Refusal, match="权限"):
        assignment.assign(case, actor=stranger, mode="sole", lead=world.unit)
    assert counts() == before
