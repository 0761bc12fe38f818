"""Handling units."""

from tests.access.rules import ASSIGNERS, OFFICE, Rule

RULES = {
    "members:units": Rule(ASSIGNERS),
    "members:unit": Rule(OFFICE, "unit"),
    "members:unit_alias": Rule(OFFICE),
}
