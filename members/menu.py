"""The links of this app in the menu 导航."""

from core import navigation
from members.models.accounts import Role

UNIT_LIST = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.INSPECTION)


def register() -> None:
    """Directory and studios for everyone, units for the offices, administration for the three administrators."""
    people = "委员与工作室"
    navigation.register(people, "委员名录", "members:list", order=10)
    navigation.register(people, "委员工作室", "members:studios", order=20)
    navigation.register(people, "承办单位", "members:units", order=30, show=lambda user: user.has_role(*UNIT_LIST))
    navigation.register(
        "系统", "账号和基础资料", "admin:index", order=10,
        show=lambda user: user.has_role(Role.SYSADMIN, Role.SECADMIN),
    )  # fmt: skip
    navigation.register("系统", "操作记录", "audit:list", order=20, show=lambda user: user.has_role(Role.AUDITOR))
