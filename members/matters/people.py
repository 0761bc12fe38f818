"""Who is told of a matter 民情事项: its host and the studio's convener, the unit, the liaison office."""

from collections import defaultdict
from collections.abc import Iterable

from members.models import Matter, Member, Role, RoleGrant


def liaisons() -> list[int]:
    """Accounts of the liaison office 委员联络室."""
    return list(RoleGrant.objects.filter(role=Role.LIAISON, user__is_active=True).values_list("user_id", flat=True))


def handlers(matters: Iterable[Matter]) -> dict[int, tuple[list[int], list[int]]]:
    """By matter: the host's account, and the conveners' of its studio; two queries for all of them."""
    rows = list(matters)
    studios = {row.studio_id for row in rows}
    members = {row.host_id for row in rows} | {row.studio.convener_id for row in rows}
    accounts = dict(Member.objects.filter(pk__in=members - {None}, user__is_active=True).values_list("pk", "user_id"))
    granted: dict[int, list[int]] = defaultdict(list)
    grants = RoleGrant.objects.filter(role=Role.CONVENER, body_id__in=studios, user__is_active=True)
    for body_id, user_id in grants.values_list("body_id", "user_id"):
        granted[body_id].append(user_id)
    found = {}
    for row in rows:
        host = [accounts[row.host_id]] if row.host_id in accounts else []
        convener = row.studio.convener_id
        conveners = ([accounts[convener]] if convener in accounts else []) + granted[row.studio_id]
        found[row.pk] = (host, list(dict.fromkeys(conveners)))
    return found


def of_units(unit_ids: Iterable[int]) -> dict[int, tuple[list[int], list[int]]]:
    """By unit: accounts of operators, and of leaders; each stands in where the other has none."""
    by_role: dict[tuple[int, str], list[int]] = defaultdict(list)
    roles = (Role.UNIT_OPERATOR, Role.UNIT_LEADER)
    grants = RoleGrant.objects.filter(unit_id__in=set(unit_ids), role__in=roles, user__is_active=True)
    for unit_id, role, user_id in grants.values_list("unit_id", "role", "user_id"):
        by_role[unit_id, role].append(user_id)
    found = {}
    for unit_id in set(unit_ids):
        operators, leaders = by_role[unit_id, Role.UNIT_OPERATOR], by_role[unit_id, Role.UNIT_LEADER]
        found[unit_id] = (operators or leaders, leaders or operators)
    return found
