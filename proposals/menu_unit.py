"""The links of handling 办理 in the menu: the unit's tasks, inspection, feedback, promises."""

from core import navigation
from members.models import Role
from proposals.menu import office_counts
from proposals.models import Reply
from proposals.selectors_unit import unit_counts

OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)
CAP = navigation.COUNT_CAP + 1


def in_unit(user) -> bool:
    """Whether the person works for a handling unit."""
    return bool(user.unit_ids())


def is_inspection(user) -> bool:
    """Whether the person works in an inspection office."""
    return user.has_role(Role.INSPECTION)


def is_office(user) -> bool:
    """Whether the person works in the proposals office."""
    return user.has_role(*OFFICE)


def follows_promises(user) -> bool:
    """Whether the person follows what was promised."""
    return in_unit(user) or user.has_role(*OFFICE, Role.INSPECTION, Role.LEADER, Role.DISTRICT_LEADER)


def unit_count(user) -> int:
    """Tasks of the unit that are not done."""
    return sum(n for status, n in unit_counts(user).items() if status != "done")


def inspection_count(user) -> int:
    """Replies that wait for the office check; capped."""
    return Reply.objects.filter(status=Reply.Status.OFFICE_REVIEW).order_by()[:CAP].count()


def register() -> None:
    """Put the links into the menu."""
    link = navigation.register
    link("我的工作", "待办", "home:index", order=1, icon="todo", phone_label="待办", phone_order=1)
    link(
        "提案",
        "本单位承办",
        "proposals:tasks",
        badge=unit_count,
        show=in_unit,
        order=50,
        icon="paper",
        phone_label="承办",
        phone_order=2,
    )
    link(
        "提案",
        "督查室",
        "proposals:inspection",
        badge=inspection_count,
        show=is_inspection,
        order=55,
        icon="paper",
        phone_label="督查",
        phone_order=2,
    )
    link("提案", "征询意见", "proposals:feedback_list", badge=(office_counts, "feedback"), show=is_office, order=60)
    link("提案", "承诺台账", "proposals:promises", show=follows_promises, order=65)
    link("统计", "本单位情况", "proposals:unit", show=in_unit, order=50)
