"""The form of a line of the access tables, and the groups of demo accounts that they name."""

from dataclasses import dataclass, field

from tests.access_world import ANONYMOUS, WHO


def people(names: str) -> frozenset[str]:
    """Demo accounts by name, checked against misspelling."""
    found = frozenset(names.split())
    assert found <= set(WHO), found - set(WHO)
    return found


EVERYBODY = frozenset(WHO)
SIGNED_IN = EVERYBODY - {ANONYMOUS}
NOBODY: frozenset[str] = frozenset()
OFFICE = people("proposal-clerk proposal-chief")
ASSIGNERS = OFFICE | people("inspection")
PROPOSERS = OFFICE | people("member member2 convener committee")
AUTHOR = people("member")
UNIT = people("unit unit-head")
TASK = ASSIGNERS | UNIT
READERS = ASSIGNERS | UNIT | people("member unit2 committee leader district-leader")
SYSADMIN = people("sysadmin")
ADMINS = SYSADMIN | people("secadmin")
POLICY = people("proposal-chief secadmin")
FIGURES = ASSIGNERS | people("committee leader district-leader")


@dataclass(frozen=True)
class Rule:
    """Who gets in; the records (words of ``access_world``) that the address names, or literals in quotes; a form."""

    who: frozenset[str]
    args: str = ""
    form: dict[str, str] = field(default_factory=dict)
