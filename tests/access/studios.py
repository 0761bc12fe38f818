"""Studios and their reception days, inside and on the portal; a person's calendar."""

from tests.access.rules import NOBODY, SIGNED_IN, Rule

RULES = {
    "calendar_feed": Rule(NOBODY, "'no-such-secret'"),
    "accounts:calendar": Rule(SIGNED_IN),
}
