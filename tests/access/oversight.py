"""Host units and supervisors: everybody reads, the liaison office writes."""

from datetime import date
from typing import Any

from oversight.models import HostUnit, Supervisor
from tests.access.rules import SIGNED_IN, Rule, people

LIAISON = people("liaison")

RULES = {
    "oversight:list": Rule(SIGNED_IN),
    "oversight:export": Rule(SIGNED_IN),
    "oversight:item": Rule(SIGNED_IN, "host_unit"),
    "oversight:new": Rule(LIAISON),
    "oversight:edit": Rule(LIAISON, "host_unit"),
    "oversight:dispatch": Rule(LIAISON, "host_unit"),
    "oversight:recall": Rule(LIAISON, "supervisor"),
}


def build(world: Any) -> dict[str, Any]:
    """One unit with one supervisor."""
    unit = HostUnit.objects.create(name="新城派出所")
    member = world["member2"].member
    supervisor = Supervisor.objects.create(unit=unit, member=member, starts=date(2026, 1, 1))
    return {"host_unit": unit.pk, "supervisor": supervisor.pk}
