"""Whom a report concerns 有关人员: accounts of its authors, of the office, of a unit; active ones only."""

from collections.abc import Collection

from django.db.models import Q

from members.models import Role, User
from sentiment.models import OpinionReport


def authors(report: OpinionReport) -> list[int]:
    """Accounts of everyone who reports, in person or for a body, and of whoever wrote it."""
    rows = list(report.reporters.all())
    wanted = (
        Q(member__in=[row.member_id for row in rows if row.member_id])
        | Q(role_grants__body__in=[row.body_id for row in rows if row.body_id])
        | Q(pk__in=[row.user_id for row in rows if row.user_id] + [report.created_by_id or 0])
    )
    return list(User.objects.filter(wanted, is_active=True).distinct().values_list("pk", flat=True))


def with_roles(*roles: str) -> list[int]:
    """Accounts that hold any of the roles."""
    rows = User.objects.filter(is_active=True, role_grants__role__in=roles)
    return list(rows.distinct().values_list("pk", flat=True))


def of_unit(unit_id: int, *roles: str) -> list[int]:
    """Accounts that hold any of the roles at a unit (operator and leader when none is named)."""
    wanted: Collection[str] = roles or (Role.UNIT_OPERATOR, Role.UNIT_LEADER)
    rows = User.objects.filter(is_active=True, role_grants__role__in=wanted, role_grants__unit=unit_id)
    return list(rows.distinct().values_list("pk", flat=True))
