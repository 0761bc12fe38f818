"""What residents may open: writing a letter, its receipt, the cleared abstracts."""

from tests.access.rules import EVERYBODY, Rule

RULES = {
    "portal:voice": Rule(EVERYBODY),
    "portal:voice_sent": Rule(EVERYBODY),
    "portal:opinions": Rule(EVERYBODY),
}
