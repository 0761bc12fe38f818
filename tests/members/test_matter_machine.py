"""The machine of a matter 民情事项: every state × verb × role against a table written out by hand, and its guards."""

import pytest

from core import outbox, workflow
from core.workflow import Process
from members.models import Matter, Role
from members.models import MatterStatus as S
from tests import factories as make
from tests.factories_matters import MatterFactory

SYSTEM = "system"
PEOPLE = [role.value for role in Role] + [
    "host",
    "own_convener",
    "granted_convener",
    "own_operator",
    "own_leader",
    SYSTEM,
]

STUDIO = {"liaison", "host", "own_convener", "granted_convener"}
UNIT = {"own_operator", "own_leader"}

# verb: (states it starts from, who may, state it leads to or None for "stays")
TABLE = {
    "answer_on_spot": ("recorded", STUDIO, "informed"),
    "triage": ("recorded", STUDIO, "triaged"),
    "reroute": ("triaged in_progress", STUDIO, "triaged"),
    "start": ("triaged", UNIT, "in_progress"),
    "hand_over": ("recorded triaged", set(), "in_progress"),
    "send_back": ("triaged in_progress", UNIT, "recorded"),
    "come_back": ("in_progress", set(), "recorded"),
    "answer": ("triaged in_progress", UNIT, "answered"),
    "record_outcome": ("triaged in_progress", {"liaison"}, "answered"),  # of what was sent to a unit
    "edit_result": ("answered informed closed", STUDIO, None),
    "inform": ("answered", STUDIO, "informed"),
    "close": ("informed", STUDIO, "closed"),
    "reopen": ("answered informed closed", STUDIO, "recorded"),
}


@pytest.fixture
def people(db) -> dict:
    """An account for everybody in ``PEOPLE``, the host's studio and the unit that was asked."""
    unit, other, studio = make.HandlingUnitFactory(), make.HandlingUnitFactory(), make.StudioFactory()
    places = {"unit_operator": other, "unit_leader": other, "convener": make.StudioFactory()}
    found = {role.value: make.UserFactory(roles=[(role.value, places.get(role.value))]) for role in Role}
    host = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]), studio=studio)
    convener = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]), studio=studio)
    studio.convener = convener
    studio.save()
    found |= {
        "host": host.user,
        "own_convener": convener.user,
        "granted_convener": make.UserFactory(roles=[(Role.CONVENER, studio)]),
        "own_operator": make.UserFactory(roles=[(Role.UNIT_OPERATOR, unit)]),
        "own_leader": make.UserFactory(roles=[(Role.UNIT_LEADER, unit)]),
        SYSTEM: None,
        "records": {"host": host, "studio": studio, "unit": unit},
    }
    return found


def matter_in(people, status: str) -> Matter:
    """A matter sent to the unit, complete enough that only state and right stand in the way."""
    return MatterFactory(status=status, route=Matter.Route.TO_UNIT, result="路灯已修好。", **people["records"])


def test_table_here_has_every_verb_and_target():
    rows = Process.registry["members.matter"].transitions
    assert {verb: row.target for verb, row in rows.items()} == {verb: cell[2] for verb, cell in TABLE.items()}


@pytest.mark.parametrize("verb", TABLE)
def test_every_state_and_role(people, verb):
    states, allowed, _ = TABLE[verb]
    wrong = []
    for status in S.values:
        record = matter_in(people, status)
        for who in PEOPLE:
            problem = workflow.refusal(record, verb, people[who])
            if (problem is None) is not (status in states.split() and (who in allowed or who == SYSTEM)):
                wrong.append(f"{status} × {verb} × {who}: {problem or 'allowed'}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("verb", TABLE)
def test_every_verb_leads_where_the_table_says(people, verb):
    states, _, target = TABLE[verb]
    for status in states.split():
        moved = workflow.perform(matter_in(people, status), verb, actor=None, reason="理由")
        assert moved.status == (target or status)


def test_every_effect_has_a_handler():
    rows = Process.registry["members.matter"].transitions.values()
    assert {name for row in rows for name in row.effects} <= outbox.registered()


def test_unit_answers_only_what_was_sent_to_it(people):
    matter = MatterFactory(status=S.TRIAGED, route=Matter.Route.TO_OPINION, **people["records"])
    for verb in ("start", "answer", "send_back"):
        assert "没有转给单位" in workflow.refusal(matter, verb, people["own_operator"])
    assert workflow.refusal(matter, "record_outcome", people["host"]) is None


def test_matter_without_a_public_result_is_not_closed(people):
    matter = MatterFactory(status=S.INFORMED, route=Matter.Route.TO_UNIT, **people["records"])
    assert "公开的结果" in workflow.refusal(matter, "close", people["host"])
