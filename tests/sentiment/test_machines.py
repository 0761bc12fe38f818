"""Every state × verb × role of the three machines, against a table written out here by hand.

A cell is what ``core.workflow.refusal`` says of a complete record, on which no guard but that of
the state and the right stands in the way; guards have their own tests.
"""

import pytest

from core import outbox, workflow
from members.models import Role
from sentiment.models import Bulletin, Forward, OpinionReport
from sentiment.workflow import BULLETIN, FORWARD, REPORT
from tests.factories import HandlingUnitFactory, MemberFactory, UserFactory
from tests.factories_sentiment import BulletinItemFactory, ForwardFactory, ReportFactory

SYSTEM = "system"
PEOPLE = [role.value for role in Role] + ["author", "own_operator", "own_leader", SYSTEM]
AUTHOR, EDITOR, SIGNER = {"author"}, {"info_editor"}, {"info_signer"}
CHECKERS = {"info_editor", "info_checker", "info_signer"}
OWN = {"own_operator", "own_leader"}

# verb: (states it starts from, who may, state it leads to or None for "stays")
REPORTS = {
    "submit": ("draft returned", AUTHOR, "submitted"),
    "withdraw": ("submitted returned", AUTHOR, "withdrawn"),
    "accept": ("submitted kept", EDITOR, "editing"),
    "return": ("submitted editing", EDITOR, "returned"),
    "keep": ("submitted editing", EDITOR, "kept"),
    "to_proposal": ("submitted editing kept", EDITOR, "to_proposal"),
    "combine": ("submitted editing kept", EDITOR, "combined"),
    "take_out": ("combined", EDITOR, "editing"),
    "edit_text": ("editing edited", None, None),  # the editor, then whoever checks: below
    "finish_edit": ("editing", EDITOR, "edited"),
    "check": ("edited", CHECKERS, "checked"),
    "sign": ("checked", SIGNER, "signed"),
    "send_back": ("edited checked signed", CHECKERS, "editing"),
    "issue": ("signed", set(), "issued"),
    "take_off": ("issued", set(), "signed"),
    "forward": ("issued forwarded answered", EDITOR | SIGNER, "forwarded"),
    "all_answered": ("forwarded", set(), "answered"),
    "close": ("issued answered", EDITOR, "closed"),
    "reply_sender": ("editing kept combined edited checked signed issued forwarded answered closed", EDITOR, None),
    "publish": ("issued forwarded answered closed", SIGNER, None),
    "unpublish": ("issued forwarded answered closed", SIGNER, None),
}
ISSUES = {
    "publish": ("draft", EDITOR | SIGNER, "published"),
    "withdraw": ("published", EDITOR | SIGNER, "withdrawn"),
}
FORWARDS = {
    "answer": ("sent", OWN, "answered"),
    "accept": ("answered", AUTHOR | EDITOR, "accepted"),
    "ask_again": ("answered", AUTHOR | EDITOR, "asked_again"),
}


@pytest.fixture
def world(db):
    """Everybody who may ask, an author among them, and two people of the unit that was asked."""
    unit = HandlingUnitFactory()
    people = {}
    for role in Role:
        place = HandlingUnitFactory() if role in (Role.UNIT_OPERATOR, Role.UNIT_LEADER) else None
        people[role.value] = UserFactory(roles=[(role, place) if place else role])
    author = UserFactory(roles=[Role.MEMBER])
    member = MemberFactory(user=author)
    people |= {
        "author": author,
        "own_operator": UserFactory(roles=[(Role.UNIT_OPERATOR, unit)]),
        "own_leader": UserFactory(roles=[(Role.UNIT_LEADER, unit)]),
        SYSTEM: None,
    }
    return people, member, unit


def found(obj, verb, people, states, stored):
    """State × person where nothing stands against the verb."""
    cells = set()
    for state in states:
        stored(state)
        obj.refresh_from_db()
        cells |= {(state, name) for name, person in people.items() if workflow.refusal(obj, verb, person) is None}
    return cells


def wanted(row, *, system=True):
    states, who, _ = row
    people = who | ({SYSTEM} if system else set())
    return {(state, name) for state in states.split() for name in people}


@pytest.mark.parametrize("verb", REPORTS)
def test_report_moves_only_as_the_table_says(verb, world):
    people, member, _ = world
    report = ReportFactory(reporters=member, receipt_code="0123456789")
    cells = found(
        report, verb, people, OpinionReport.Status.values,
        lambda state: OpinionReport.objects.filter(pk=report.pk).update(status=state),
    )  # fmt: skip
    if verb == "edit_text":
        edited = {("edited", name) for name in CHECKERS}
        assert cells == {("editing", "info_editor"), ("editing", SYSTEM), ("edited", SYSTEM)} | edited
    else:
        assert cells == wanted(REPORTS[verb])
    assert REPORT[verb].target == REPORTS[verb][2]


@pytest.mark.parametrize("verb", ISSUES)
def test_issue_moves_only_as_the_table_says(verb, world):
    people, _, _ = world
    bulletin = BulletinItemFactory().bulletin
    signed = bulletin.entries.get().report

    def stored(state):
        numbers = {"issue_no": 1, "total_no": 1} if state != "draft" else {}
        Bulletin.objects.filter(pk=bulletin.pk).update(status=state, **numbers)
        OpinionReport.objects.filter(pk=signed.pk).update(status="signed" if verb == "publish" else "issued")

    assert found(bulletin, verb, people, Bulletin.Status.values, stored) == wanted(ISSUES[verb])
    assert BULLETIN[verb].target == ISSUES[verb][2]


@pytest.mark.parametrize("verb", FORWARDS)
def test_forwarding_moves_only_as_the_table_says(verb, world):
    people, member, unit = world
    row = ForwardFactory(unit=unit, report=ReportFactory(reporters=member, status="forwarded"))
    cells = found(
        row, verb, people, Forward.Status.values,
        lambda state: Forward.objects.filter(pk=row.pk).update(status=state),
    )  # fmt: skip
    assert cells == wanted(FORWARDS[verb])
    assert FORWARD[verb].target == FORWARDS[verb][2]


def test_tables_name_the_same_verbs_and_known_effects():
    for process, table in ((REPORT, REPORTS), (BULLETIN, ISSUES), (FORWARD, FORWARDS)):
        assert list(process.transitions) == list(table)
        assert {name for row in process.transitions.values() for name in row.effects} <= outbox.registered()
