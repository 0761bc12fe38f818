"""The directory, studios and units."""

from tests.access.rules import ASSIGNERS, OFFICE, SIGNED_IN, Rule

RULES = {
    "members:list": Rule(SIGNED_IN),
    "members:item": Rule(SIGNED_IN, "member"),
    "members:studios": Rule(SIGNED_IN),
    "members:studio": Rule(SIGNED_IN, "studio"),
    "members:units": Rule(ASSIGNERS),
    "members:unit": Rule(OFFICE, "unit"),
}
