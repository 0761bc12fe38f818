"""People and bodies: accounts, roles, terms, members, bodies, handling units."""

from members.models.accounts import ADMINISTRATORS, STAFF, ActivationLink, OldPassword, Role, RoleGrant, User
from members.models.bodies import Body, HandlingUnit, Sector, SpecialCommittee, Studio
from members.models.people import Member, Membership
from members.models.terms import Session, Term

__all__ = [
    "ADMINISTRATORS",
    "STAFF",
    "ActivationLink",
    "Body",
    "HandlingUnit",
    "Member",
    "Membership",
    "OldPassword",
    "Role",
    "RoleGrant",
    "Sector",
    "Session",
    "SpecialCommittee",
    "Studio",
    "Term",
    "User",
]
