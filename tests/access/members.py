"""The directory, studios and units."""

from tests.access.rules import ASSIGNERS, OFFICE, SIGNED_IN, Rule

RULES = {
    "members:studios": Rule(SIGNED_IN),
    "members:studio": Rule(SIGNED_IN, "studio"),
    "members:units": Rule(ASSIGNERS),
    "members:unit": Rule(OFFICE, "unit"),
}
