"""Who may see which matters 民情事项: the start of every list, item, count and export of them."""

from typing import TYPE_CHECKING

from django.db.models import Q

from members.models.accounts import Role

if TYPE_CHECKING:
    from members.models.matters import MatterQuerySet

SEES_ALL = (Role.LIAISON, Role.LEADER)
"""The members' liaison office, and the committee's leaders, who ask what people raise."""


def visible(matters: "MatterQuerySet", user) -> "MatterQuerySet":
    """Matters that one received or recorded, of the studio that one convenes, or sent to one's unit."""
    if user.has_role(*SEES_ALL):
        return matters
    mine = Q(recorded_by_id=user.pk)
    if user.member_id:
        mine |= Q(host_id=user.member_id) | Q(studio__convener_id=user.member_id)
    if studios := convened(user):
        mine |= Q(studio_id__in=studios)
    if units := user.unit_ids():
        mine |= Q(unit_id__in=units)
    return matters.filter(mine)


def convened(user) -> frozenset[int]:
    """Ids of the studios for which the person holds the convener's role."""
    return frozenset(grant.body_id for grant in user.grants if grant.role == Role.CONVENER and grant.body_id)
