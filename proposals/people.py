"""Whom a case concerns 有关人员: accounts of proposers, offices and units, active ones only."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from members.models import Role, User
from proposals.models import Proposer

OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)


def accounts_of(proposers: Iterable[Proposer]) -> list[int]:
    """Accounts of members who propose, and of the contacts of proposing bodies."""
    rows = list(proposers)
    members = [row.member_id for row in rows if row.member_id]
    bodies = [row.body_id for row in rows if row.body_id]
    wanted = Q(member__in=members) | Q(role_grants__body__in=bodies)
    return list(User.objects.filter(wanted, is_active=True).distinct().values_list("pk", flat=True))


def office() -> list[int]:
    """The proposals committee's staff and head."""
    return with_roles(*OFFICE)


def inspection() -> list[int]:
    """The inspection office's staff."""
    return with_roles(Role.INSPECTION)


def with_roles(*roles: str) -> list[int]:
    """Accounts that hold any of the roles."""
    rows = User.objects.filter(is_active=True, role_grants__role__in=roles)
    return list(rows.distinct().values_list("pk", flat=True))


def of_units(unit_ids: Collection[int], *roles: str) -> dict[int, list[int]]:
    """Accounts by unit that hold any of the roles there (operator and leader when none is named)."""
    wanted = roles or (Role.UNIT_OPERATOR, Role.UNIT_LEADER)
    found: dict[int, list[int]] = {pk: [] for pk in unit_ids}
    rows = User.objects.filter(
        is_active=True, role_grants__role__in=wanted, role_grants__unit__in=list(unit_ids)
    ).values_list("role_grants__unit_id", "pk")
    for unit_id, pk in rows.distinct():
        found[unit_id].append(pk)
    return found


def of_unit(unit_id: int, *roles: str) -> list[int]:
    """Accounts of one unit; see :func:`of_units`."""
    return of_units([unit_id], *roles)[unit_id]
