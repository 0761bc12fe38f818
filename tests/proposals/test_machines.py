"""Every state × verb × role of the three machines, against a table written out here by hand.

A cell is what ``core.workflow.refusal`` says of a complete record, on which no guard but that of
the state and the right stands in the way; guards have their own tests.
"""

import pytest
from django.utils import timezone

from core import outbox, workflow
from core.workflow import Process
from members.models import Role
from proposals.models import CosignOpinion, Feedback, Proposal, Reply, ResultClass, Status, UnitTask
from proposals.models import ReplyStatus as R
from proposals.models import TaskStatus as T
from tests import factories as make
from tests.proposals.story import member

SYSTEM = "system"

# Who asks: every role of the house, and the relations that matter beside the role.
PEOPLE = [role.value for role in Role] + [
    "first_proposer", "cosigner", "body_of_another_case", "own_operator", "own_leader", "first_reviewer", SYSTEM,
]  # fmt: skip

OFFICE = {"proposal_clerk", "proposal_chief"}
CHIEF = {"proposal_chief"}
INSPECTION = {"inspection"}
FIRST = {"first_proposer"}
OPERATORS = {"own_operator", "own_leader"}
LEADERS = {"own_leader"}
REVIEWERS = OFFICE | {"first_reviewer"}  # the person who gave the first opinion is of the office

# verb: (states it starts from, who may, state it leads to or None for "stays")
CASE = {
    "invite_cosigners": ("draft returned", FIRST, "cosigning"),
    "submit": ("draft cosigning returned", FIRST, "submitted"),
    "accept": ("submitted", REVIEWERS, "reviewing"),
    "recommend": ("reviewing", REVIEWERS, None),
    "file": ("reviewing", OFFICE, "filed"),
    "merge": ("reviewing", OFFICE, "merged"),
    "refuse": ("reviewing", OFFICE, "not_filed"),
    "return": ("submitted reviewing", REVIEWERS, "returned"),
    "disagree": ("reviewing", OFFICE, None),
    "withdraw": ("submitted reviewing returned filed", FIRST | REVIEWERS, "withdrawn"),
    "withdraw_assigned": ("assigned handling", CHIEF, "withdrawn"),
    "assign": ("filed", REVIEWERS | INSPECTION, "assigned"),
    "start_handling": ("assigned", set(), "handling"),
    "reassign_units": ("assigned handling", REVIEWERS | INSPECTION, None),
    "mark_replied": ("handling rehandling", set(), "replied"),
    "rehandle": ("replied", set(), "rehandling"),
    "close": ("replied", set(), "closed"),
    "follow_up": ("closed", set(), "follow_up"),
    "end_follow_up": ("follow_up", REVIEWERS, "closed"),
    "archive": ("closed", REVIEWERS, "archived"),
    "mark_key": ("filed assigned handling replied rehandling", CHIEF, None),
    "mark_excellent": ("replied closed follow_up archived", REVIEWERS, None),
    "revoke_excellent": ("replied closed follow_up archived", REVIEWERS, None),
    "edit_wording": ("submitted reviewing filed", REVIEWERS, None),
    "publish": ("replied closed follow_up archived", REVIEWERS, None),
    "withhold": ("replied closed follow_up archived", REVIEWERS, None),
}
TASK = {
    "sign": ("pending upheld", OPERATORS, "signed"),
    "start": ("signed", OPERATORS, "working"),
    "request_transfer": ("pending signed", OPERATORS, "transfer_requested"),
    "reassign": ("transfer_requested", INSPECTION, "reassigned"),
    "uphold": ("transfer_requested", INSPECTION, "upheld"),
    "request_extension": ("signed working", OPERATORS, "extension_requested"),
    "grant_extension": ("extension_requested", INSPECTION | REVIEWERS, "working"),
    "deny_extension": ("extension_requested", INSPECTION | REVIEWERS, "working"),
    "give_opinion": ("signed working", OPERATORS, "done"),
    "submit": ("working signed", set(), "submitted"),
    "send_back": ("submitted done", set(), "working"),
    "finish": ("submitted", set(), "done"),
}
REPLY = {
    "send_cosign": ("draft", OPERATORS, "cosign"),
    "object": ("cosign", set(), "draft"),
    "recall": ("cosign", OPERATORS, "draft"),
    "approve": ("draft cosign", LEADERS, "unit_approved"),
    "leader_return": ("draft cosign unit_approved", LEADERS, "draft"),
    "send_to_office": ("unit_approved", OPERATORS, "office_review"),
    "office_return": ("office_review", INSPECTION, "draft"),
    "issue": ("office_review", INSPECTION, "issued"),
}


@pytest.fixture
def people(db) -> dict:
    """An account for everybody in ``PEOPLE``."""
    unit, other_unit = make.HandlingUnitFactory(), make.HandlingUnitFactory()
    body = make.BodyFactory(kind="party")
    places = {"unit_operator": other_unit, "unit_leader": other_unit, "body_contact": body}
    found = {role.value: make.UserFactory(roles=[(role.value, places.get(role.value))]) for role in Role}
    found |= {
        "first_proposer": member().user,
        "cosigner": member().user,
        "body_of_another_case": make.UserFactory(roles=[("body_contact", make.BodyFactory(kind="party"))]),
        "own_operator": make.UserFactory(roles=[("unit_operator", unit)]),
        "own_leader": make.UserFactory(roles=[("unit_leader", unit)]),
        "first_reviewer": make.UserFactory(roles=["proposal_clerk"]),
        SYSTEM: None,
    }
    assert set(found) == set(PEOPLE)
    return found


def _case(people, status: str, verb: str = "") -> Proposal:
    """A case on which only state and right can stand in the way of ``verb``."""
    opined = verb not in ("recommend",)
    case = make.ProposalFactory(
        status=Status.DRAFT, kind="joint", member=people["first_proposer"].member,
        first_reviewer=people["first_reviewer"] if opined else None,
    )  # fmt: skip
    values = {"status": status}
    if status == Status.MERGED:
        values["merged_into"] = make.ProposalFactory(status=Status.FILED)
    if verb == "revoke_excellent":
        values["excellent_on"] = timezone.localdate()
    Proposal.objects.filter(pk=case.pk).update(**values)
    # An invitation that waits lets "invite_cosigners" pass its guard.
    make.ProposerFactory(proposal=case, member=people["cosigner"].member, order=1, state="confirmed")
    make.ProposerFactory(proposal=case, member=make.MemberFactory(), order=2, state="invited")
    if verb in ("mark_replied",):
        task = make.UnitTaskFactory(proposal=case, signed_on=timezone.localdate(), status=T.DONE)
        make.ReplyFactory(task=task, status=R.ISSUED)
    return Proposal.objects.get(pk=case.pk)


def _task(people, status: str, verb: str = "") -> UnitTask:
    case = _case(people, Status.HANDLING)
    role = UnitTask.Role.SUPPORT if verb == "give_opinion" else UnitTask.Role.LEAD
    unit = people["own_operator"].grants[0].unit
    return make.UnitTaskFactory(proposal=case, unit=unit, role=role, status=status)


def _reply(people, status: str, verb: str = "") -> Reply:
    task = _task(people, T.WORKING)
    make.ContactLogFactory(task=task)
    done = ResultClass.objects.get(letter="A")
    reply = make.ReplyFactory(task=task, status=status, document_no="发〔2026〕1号", result_class=done)
    for suggestion in task.proposal.suggestions.all():
        make.ReplyItemFactory(reply=reply, suggestion=suggestion)
    if verb == "send_cosign":
        make.UnitTaskFactory(proposal=task.proposal, role=UnitTask.Role.SUPPORT)
    return reply


def _expected(table: dict, verb: str, status: str, who: str) -> bool:
    states, allowed, _ = table[verb]
    return status in states.split() and (who in allowed or who == SYSTEM)


MACHINES = {
    "proposals.proposal": (CASE, _case, [state.value for state in Status]),
    "proposals.unittask": (TASK, _task, [state.value for state in T]),
    "proposals.reply": (REPLY, _reply, [state.value for state in R]),
}
CELLS = [(model, verb) for model, (table, _, _) in MACHINES.items() for verb in table]


@pytest.mark.parametrize("model", MACHINES)
def test_table_here_has_every_verb_and_target(model):
    table = MACHINES[model][0]
    rows = Process.registry[model].transitions
    assert {verb: row.target for verb, row in rows.items()} == {verb: cell[2] for verb, cell in table.items()}


@pytest.mark.parametrize(("model", "verb"), CELLS)
def test_every_state_and_role(people, model, verb):
    table, build, states = MACHINES[model]
    wrong = []
    for status in states:
        record = build(people, status, verb)
        for who in PEOPLE:
            actor = people[who]
            problem = workflow.refusal(record, verb, actor)
            if (problem is None) is not _expected(table, verb, status, who):
                wrong.append(f"{status} × {verb} × {who}: {problem or 'allowed'}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("model", "verb"), CELLS)
def test_every_verb_leads_where_the_table_says(people, model, verb):
    table, build, _ = MACHINES[model]
    states, _, target = table[verb]
    extra = {"merged_into": make.ProposalFactory(status=Status.FILED)} if verb == "merge" else {}
    for status in states.split():
        record = build(people, status, verb)
        moved = workflow.perform(record, verb, actor=None, changes=extra, reason="理由")
        assert moved.status == (target or status)


def test_every_effect_of_every_table_has_a_handler():
    named = {
        name for process in Process.registry.values() for row in process.transitions.values() for name in row.effects
    }
    assert named
    assert named <= outbox.registered()


# --- Guards, one by one ------------------------------------------------------------------------


def test_first_reviewer_gives_no_second_review(people):
    case = _case(people, Status.REVIEWING)
    for verb in ("file", "merge", "refuse", "disagree"):
        assert "同一个人" in workflow.refusal(case, verb, people["first_reviewer"])
    case.first_reviewer = None
    assert "请先初审" in workflow.refusal(case, "file", people["proposal_chief"])


def test_second_first_review_is_refused(people):
    assert "已有初审意见" in workflow.refusal(_case(people, Status.REVIEWING), "recommend", people["proposal_chief"])


def test_handling_waits_for_every_receipt(people):
    case = _case(people, Status.ASSIGNED)
    make.UnitTaskFactory(proposal=case)
    assert "1家单位未签收" in workflow.refusal(case, "start_handling", None)


def test_closing_waits_for_every_proposer(people):
    case = _case(people, Status.REPLIED)
    form = Feedback.objects.create(proposal=case, proposer=case.proposers.first())
    assert "没有反馈" in workflow.refusal(case, "close", None)
    form.state = Feedback.State.NO_RESPONSE
    form.save()
    assert workflow.refusal(case, "close", None) is None


def test_support_units_neither_reply_nor_ask_for_time(people):
    task = _task(people, T.WORKING, "give_opinion")
    assert "会办单位" in workflow.refusal(task, "request_extension", people["own_operator"])
    assert "直接答复" in workflow.refusal(_task(people, T.WORKING), "give_opinion", people["own_operator"])


def test_letter_of_an_earlier_round_does_not_move(people):
    reply = _reply(people, R.OFFICE_REVIEW)
    Proposal.objects.filter(pk=reply.task.proposal_id).update(round=2, status=Status.REHANDLING)
    reply = Reply.objects.get(pk=reply.pk)
    assert "上一轮" in workflow.refusal(reply, "issue", people["inspection"])


def test_leader_signs_only_what_all_supports_agreed_to(people):
    reply = _reply(people, R.COSIGN)
    support = make.UnitTaskFactory(proposal=reply.task.proposal, role=UnitTask.Role.SUPPORT)
    opinion = CosignOpinion.objects.create(reply=reply, task=support)
    assert "没有同意" in workflow.refusal(reply, "approve", people["own_leader"])
    opinion.state = CosignOpinion.State.AGREED
    opinion.save()
    assert workflow.refusal(reply, "approve", people["own_leader"]) is None


@pytest.mark.parametrize("status", [s.value for s in Status if s not in ("assigned", "handling", "rehandling")])
def test_units_do_nothing_on_a_case_out_of_their_hands(people, status):
    task = _task(people, T.PENDING)
    values = {"status": status}
    if status == Status.MERGED:
        values["merged_into"] = make.ProposalFactory(status=Status.FILED)
    Proposal.objects.filter(pk=task.proposal_id).update(**values)
    task = UnitTask.objects.get(pk=task.pk)
    assert "承办环节不能再办" in workflow.refusal(task, "sign", people["own_operator"])
    assert workflow.allowed(task, people["own_operator"]) == []
