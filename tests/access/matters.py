"""Matters: recording, the list, one matter, its receipt; the public page of a receipt code."""

from tests import factories
from tests.access.rules import EVERYBODY, UNIT, Rule, people
from tests.access_world import ANONYMOUS
from tests.factories_matters import MatterFactory

RECORDERS = people("member member2 convener liaison")
HANDLERS = people("member convener liaison")
READERS = HANDLERS | UNIT | people("leader")
TOLD = frozenset({ANONYMOUS})
"""A stranger is answered 401 in words for the script that asks."""

RULES = {
    "members:matters": Rule(RECORDERS | UNIT | people("unit2 leader")),
    "members:matter_new": Rule(RECORDERS),
    "members:matter_sync": Rule(RECORDERS | TOLD),
    "members:matter_token": Rule(EVERYBODY),
    "members:matter_worker": Rule(EVERYBODY),
    "members:matter": Rule(READERS, "matter"),
    "members:matter_phone": Rule(READERS, "matter"),  # readers who do not handle it are refused in words
    "members:matter_correct": Rule(READERS, "matter"),  # likewise
    "members:matter_receipt": Rule(HANDLERS, "matter"),
    "members:matter_act": Rule(READERS, "matter 'reroute'"),  # what they may do is held by the machine's tests
    "portal:track": Rule(EVERYBODY),
}


def build(world) -> dict[str, int]:
    """A matter of ``member`` at the convener's studio, sent to the unit."""
    convener = world["convener"]
    studio = factories.StudioFactory(convener_id=convener.member_id)
    matter = MatterFactory(
        host=world["member"].member, studio=studio, status="triaged", route="to_unit", unit=world.unit
    )
    return {"matter": matter.pk}
