"""What the one search box finds of proposals 提案, by number, words and proposers; and units 承办单位 by name."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from core import finding, navigation, search
from core.finding import Hit
from members.models import HandlingUnit
from proposals.choices import attach
from proposals.menu import sees_list
from proposals.models import Proposal


def find(user: Any, text: str, most: int) -> list[Hit]:
    """The latest that the words find among those that ``user`` may see."""
    seen = Proposal.objects.visible_to(user).for_list()
    rows = search.match(seen, text, number_field="number", code_field="intake_no").order_by("-id")[:most]
    return [_hit(row) for row in rows]


def units(user: Any, text: str, most: int) -> list[Hit]:
    """Units by name, for those who read the list of all; each leads to the proposals that it handles."""
    if not sees_list(user):
        return []
    named = Q(name__icontains=text) | Q(short_name__icontains=text)
    rows = HandlingUnit.objects.filter(named, is_active=True).order_by("name")[:most]
    return [
        Hit(row.name, "看它承办的提案", navigation.address("proposals:list", urlencode({"unit": row.pk})))
        for row in rows
    ]


def _hit(row: Proposal) -> Hit:
    attach(row, "lead_unit")
    told = (row.case_no or row.intake_no, row.proposer_name, str(row.lead_unit or ""), row.get_status_display())
    return Hit(row.title or "（还没有案由）", "　".join(part for part in told if part), row.get_absolute_url())


def register() -> None:
    """Let the search box ask."""
    finding.provide("提案", find, "proposals:list", order=10)
    finding.provide("承办单位", units, "", order=60)
