"""The engine: right before values, values before state, everything in one transaction."""

import pytest

from core import workflow
from core.errors import Refusal
from core.models import AuditEntry, Effect
from core.workflow import Process, Transition
from members.models import Role
from proposals.models import Proposal
from tests import factories as make


@pytest.fixture
def clerk(db):
    """Somebody of the proposals office."""
    return make.UserFactory(roles=[Role.PROPOSAL_CLERK], name="经办")


def test_move_logs_state_reason_and_differences(clerk):
    case = make.ProposalFactory(status="submitted")
    moved = workflow.perform(
        case, "return", actor=clerk, changes={"decision_note": "请补充数据"}, reason="  请补充数据 "
    )
    assert (moved.status, case.status, case.decision_note) == ("returned", "returned", "请补充数据")
    entry = AuditEntry.objects.get(verb="proposal.return")
    assert (entry.actor_name, entry.reason, entry.root_id) == ("经办", "请补充数据", case.pk)
    assert entry.detail == {
        "from": "submitted",
        "to": "returned",
        "changes": {"decision_note": ["", "请补充数据"]},
    }


def test_stored_state_counts_not_the_copy_in_hand(clerk):
    case = make.ProposalFactory(status="submitted")
    Proposal.objects.filter(pk=case.pk).update(status="withdrawn")
    with pytest.raises(Refusal, match="已撤案"):
        workflow.perform(case, "accept", actor=clerk)
    assert not AuditEntry.objects.exists()


def test_right_is_checked_on_stored_values_before_new_ones(db):
    """Nobody makes himself the first reviewer's opposite, or the proposer, by the values he sends."""
    stranger = make.UserFactory()
    case = make.ProposalFactory(status="draft")
    case.created_by = stranger
    with pytest.raises(Refusal, match="权限"):
        workflow.perform(case, "submit", actor=stranger)


def test_fields_outside_the_row_are_a_programming_error(clerk):
    with pytest.raises(ValueError, match="title"):
        workflow.perform(make.ProposalFactory(status="submitted"), "accept", actor=clerk, changes={"title": "别的"})


def test_bad_value_is_refused_with_its_field(clerk):
    case = make.ProposalFactory(status="submitted")
    with pytest.raises(Refusal) as caught:
        workflow.perform(case, "return", actor=clerk, changes={"decision_note": "长" * 501}, reason="理由")
    assert caught.value.field == "decision_note"
    case.refresh_from_db()
    assert (case.status, case.decision_note) == ("submitted", "")


def test_missing_reason_is_refused_with_its_field(clerk):
    with pytest.raises(Refusal) as caught:
        workflow.perform(make.ProposalFactory(status="submitted"), "return", actor=clerk, reason="  ")
    assert caught.value.field == "reason"


def test_system_needs_no_right_but_obeys_states_and_guards(db):
    case = make.ProposalFactory(status="assigned")
    make.UnitTaskFactory(proposal=case)
    with pytest.raises(Refusal, match="未签收"):
        workflow.perform(case, "start_handling", actor=None)
    with pytest.raises(Refusal, match="不能"):
        workflow.perform(case, "close", actor=None)


def test_rows_of_the_system_are_nobodys_button(clerk):
    case = make.ProposalFactory(status="assigned")
    assert "start_handling" not in [row.verb for row in workflow.allowed(case, clerk)]
    with pytest.raises(Refusal, match="权限"):
        workflow.perform(case, "start_handling", actor=clerk)


def test_buttons_are_what_the_act_allows(clerk):
    for status in Proposal.Status.values:
        if status == "merged":
            continue
        case = make.ProposalFactory(status=status)
        shown = {row.verb for row in workflow.allowed(case, clerk)}
        free = {verb for verb in workflow.process_of(case).transitions if not workflow.refusal(case, verb, clerk)}
        assert shown == free


def test_effects_carry_the_log_entry_and_are_added_once_a_move(clerk):
    case = make.ProposalFactory(status="submitted")
    workflow.perform(case, "return", actor=clerk, reason="理由")
    entry = AuditEntry.objects.get()
    effect = Effect.objects.get()
    assert effect.key == f"proposals.returned:{entry.seq}"
    assert effect.payload == {
        "model": "proposals.proposal", "id": case.pk, "verb": "return", "actor": clerk.pk, "entry": entry.seq,
    }  # fmt: skip


def test_guard_of_a_whole_process_comes_before_that_of_a_row(db, monkeypatch):
    monkeypatch.setattr(Process, "registry", dict(Process.registry))
    row = Transition("look", "看", ("draft",), None, guard=lambda obj, actor: "行的理由")
    Process("proposals.proposal", "提案", [row], guard=lambda obj, actor: "表的理由")
    assert workflow.refusal(make.ProposalFactory(), "look", None) == "表的理由"


def test_first_state_is_for_new_records_only(db):
    with pytest.raises(ValueError, match="perform"):
        workflow.begin(make.ProposalFactory(), "closed")


def test_nobody_else_writes_a_status():
    """The only assignments to ``.status`` in the code are the engine's own."""
    import re
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    writes = re.compile(r"(?<!response)\.status\s*=(?!=)|update\([^)]*\bstatus\s*=")
    found = {
        str(path.relative_to(root))
        for app in ("core", "members", "proposals", "sentiment", "consultations", "oversight", "portal", "dashboards")
        for path in (root / app).rglob("*.py")
        if "migrations" not in path.parts and writes.search(path.read_text(encoding="utf-8"))
    }
    assert found <= {"core/workflow.py", "core/jobs.py"}
