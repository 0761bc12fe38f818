"""Every state × verb × role of the four machines, against a table written out here by hand."""

import pytest
from django.utils import timezone

from consultations.models import AnnualPlan, Consultation, Outcome, PlanItem, TopicSuggestion
from consultations.workflow import OUTCOME, PLAN, SESSION, TOPIC
from core import outbox, workflow
from members.models import Role
from tests.factories import HandlingUnitFactory, SpecialCommitteeFactory, UserFactory

SYSTEM = "system"
PEOPLE = [role.value for role in Role] + ["own_staff", SYSTEM]
LIAISON, RUNNERS = {"liaison"}, {"liaison", "own_staff"}

# verb: (states it starts from, who may, state it leads to or None for "stays")
PLANS = {
    "call": ("collecting", LIAISON, None),
    "draft": ("collecting", LIAISON, "drafting"),
    "review": ("drafting", LIAISON, "reviewed"),
    "decide": ("reviewed", LIAISON, "decided"),
    "issue": ("decided", LIAISON, "issued"),
    "tell": ("issued", LIAISON, "noted"),
    "reopen": ("reviewed decided", LIAISON, "drafting"),
}
TOPICS = {
    "take": ("submitted kept", LIAISON, "taken"),
    "keep": ("submitted", LIAISON, "kept"),
    "decline": ("submitted kept", LIAISON, "declined"),
    "reconsider": ("kept taken declined", LIAISON, "submitted"),
    "withdraw": ("submitted", {"member"}, "withdrawn"),
}
SESSIONS = {
    "change": ("planned notified", RUNNERS, None),
    "prepare": ("planned notified", RUNNERS, None),
    "notify": ("planned", RUNNERS, "notified"),
    "hold": ("planned notified", RUNNERS, "held"),
    "amend": ("held reported", RUNNERS, None),
    "report": ("held", set(), "reported"),
    "close": ("held reported", RUNNERS, "closed"),
    "cancel": ("planned notified", RUNNERS, "cancelled"),
}
OUTCOMES = {
    "write": ("draft", RUNNERS, None),
    "approve": ("", RUNNERS, None),  # a brief is passed by no meeting
    "send": ("draft", RUNNERS, "sent"),
    "hand_over": ("draft", set(), "sent"),
    "note": ("sent assigned taken_up closed", RUNNERS, None),
    "assign": ("sent assigned taken_up", RUNNERS, "assigned"),
    "all_answered": ("assigned", set(), "taken_up"),
    "ask_again": ("taken_up", set(), "assigned"),
    "convert": ("sent assigned taken_up closed", RUNNERS, None),
    "close": ("sent taken_up", RUNNERS, "closed"),
    "follow_up": ("sent assigned taken_up closed", RUNNERS, None),
}


@pytest.fixture
def people(db):
    """One account of every role, and the staff of the committee that holds the session."""
    committee = SpecialCommitteeFactory()
    found = {}
    for role in Role:
        place = HandlingUnitFactory() if role in (Role.UNIT_OPERATOR, Role.UNIT_LEADER) else None
        found[role.value] = UserFactory(roles=[(role, place) if place else role])
    found |= {"own_staff": UserFactory(roles=[(Role.COMMITTEE, committee)]), SYSTEM: None}
    return found, committee


def cells(obj, verb, people):
    """State × person where nothing stands against the verb."""
    found = set()
    for state in type(obj).Status.values:
        type(obj).objects.filter(pk=obj.pk).update(status=state)
        obj.refresh_from_db()
        found |= {(state, name) for name, person in people.items() if workflow.refusal(obj, verb, person) is None}
    return found


def wanted(row):
    states, who, _ = row
    return {(state, name) for state in states.split() for name in who | {SYSTEM}}


@pytest.mark.parametrize("verb", PLANS)
def test_plan_moves_only_as_the_table_says(verb, people):
    plan = AnnualPlan.objects.create(year=2026)
    PlanItem.objects.create(plan=plan, topic="全域旅游", form="standing")
    assert cells(plan, verb, people[0]) == wanted(PLANS[verb])
    assert PLAN[verb].target == PLANS[verb][2]


@pytest.mark.parametrize("verb", TOPICS)
def test_topic_moves_only_as_the_table_says(verb, people):
    plan = AnnualPlan.objects.create(year=2027)
    row = TopicSuggestion.objects.create(
        plan=plan, source="member", title="加装电梯", text="老人下不了楼", user=people[0]["member"]
    )
    assert cells(row, verb, people[0]) == wanted(TOPICS[verb])
    assert TOPIC[verb].target == TOPICS[verb][2]


@pytest.mark.parametrize("verb", SESSIONS)
def test_session_moves_only_as_the_table_says(verb, people):
    accounts, committee = people
    row = Consultation.objects.create(title="治理", form="topical", on=timezone.localdate(), organizer=committee)
    assert cells(row, verb, accounts) == wanted(SESSIONS[verb])
    assert SESSION[verb].target == SESSIONS[verb][2]


@pytest.mark.parametrize("verb", OUTCOMES)
def test_outcome_moves_only_as_the_table_says(verb, people):
    accounts, committee = people
    row = Consultation.objects.create(title="治理", form="topical", on=timezone.localdate(), organizer=committee)
    outcome = Outcome.objects.create(consultation=row, kind="brief", title="专报")
    assert cells(outcome, verb, accounts) == wanted(OUTCOMES[verb])
    assert OUTCOME[verb].target == OUTCOMES[verb][2]


def test_a_formal_proposal_paper_is_passed_before_it_is_sent(people):
    accounts, committee = people
    row = Consultation.objects.create(title="治理", form="topical", on=timezone.localdate(), organizer=committee)
    outcome = Outcome.objects.create(consultation=row, kind="formal_recommendation", title="建议案")
    assert cells(outcome, "approve", accounts) == wanted(("draft", RUNNERS, None))
    assert cells(outcome, "send", accounts) == set()
    Outcome.objects.filter(pk=outcome.pk).update(approved_on=timezone.localdate(), approved_by="standing")
    assert cells(outcome, "send", accounts) == wanted(("draft", RUNNERS, None))


def test_tables_name_the_same_verbs_and_known_effects():
    for process, table in ((PLAN, PLANS), (TOPIC, TOPICS), (SESSION, SESSIONS), (OUTCOME, OUTCOMES)):
        assert list(process.transitions) == list(table)
        assert {name for row in process.transitions.values() for name in row.effects} <= outbox.registered()
