"""The links of this app in the menu 导航."""

from core import navigation
from members.models.accounts import Role

UNIT_LIST = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.INSPECTION)


def lists_matters(user) -> bool:
    """Whether matters 民情事项 concern the person."""
    return user.has_perm("members.list_matters")


def of_unit_only(user) -> bool:
    """Whether the person sees matters only because they were sent to his unit."""
    return bool(user.unit_ids()) and not user.has_perm("members.record_matter")


def sees_activities(user) -> bool:
    """Whether activities concern the person: members, who runs them, leaders."""
    return user.has_role(Role.MEMBER, Role.CONVENER, Role.COMMITTEE, Role.LIAISON, Role.LEADER)


def register() -> None:
    """Directory and studios for everyone, units for the offices, administration for the three administrators."""
    people, duty = "委员与工作室", "履职"
    navigation.register(people, "委员名录", "members:list", order=10)
    navigation.register(people, "委员工作室", "members:studios", order=20)
    navigation.register(
        people, "登记来访", "members:matter_new", order=40, show=lambda user: user.has_perm("members.record_matter")
    )
    navigation.register(
        people,
        "民情事项",
        "members:matters",
        order=45,
        show=lambda user: lists_matters(user) and not of_unit_only(user),
    )
    navigation.register(people, "转来的民情事项", "members:matters", order=46, show=of_unit_only)
    navigation.register(duty, "履职活动", "members:activities", order=50, show=sees_activities)
    navigation.register(duty, "调研课题", "members:topics", order=52, show=sees_activities)
    navigation.register(people, "承办单位", "members:units", order=30, show=lambda user: user.has_role(*UNIT_LIST))
    navigation.register(
        "系统", "账号和基础资料", "admin:index", order=10,
        show=lambda user: user.has_role(Role.SYSADMIN, Role.SECADMIN),
    )  # fmt: skip
    navigation.register("系统", "操作记录", "audit:list", order=20, show=lambda user: user.has_role(Role.AUDITOR))
