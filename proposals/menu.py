"""The links of proposals 提案 in the menu: all of them, one's own, what waits for review and assignment."""

from django.db.models import CharField, Count, QuerySet, Value

from core import navigation
from core.prepared import Prepared
from members.models import Role
from proposals.models import Feedback, Proposal, Status

OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)


def is_office(user) -> bool:
    """Whether the person works in the proposals office."""
    return user.has_role(*OFFICE)


def proposes(user) -> bool:
    """Whether the person has proposals of his own."""
    return bool(user.member_id or user.body_ids)


def sees_list(user) -> bool:
    """Whether the list of all proposals says anything to the person."""
    return user.has_role(*OFFICE, Role.INSPECTION, Role.COMMITTEE, Role.LEADER, Role.DISTRICT_LEADER)


def assigns(user) -> bool:
    """Whether the person gives cases to units."""
    return user.has_role(*OFFICE, Role.INSPECTION)


def _waiting() -> QuerySet:
    cases = Proposal.objects.filter(status__in=(Status.SUBMITTED, Status.REVIEWING, Status.FILED)).order_by()
    forms = Feedback.objects.filter(state=Feedback.State.WAITING).order_by()
    return (
        cases.values_list("status")
        .annotate(n=Count("pk"))
        .union(forms.values_list(Value("feedback", CharField())).annotate(n=Count("pk")), all=True)
    )


_WAITING = Prepared[tuple[str, int]](_waiting)


def office_counts(user) -> dict[str, int]:
    """What waits for review and for assignment, and forms awaited from proposers; one query."""
    found = dict(_WAITING.rows())
    return {
        "review": found.get(Status.SUBMITTED, 0) + found.get(Status.REVIEWING, 0),
        "assign": found.get(Status.FILED, 0),
        "feedback": found.get("feedback", 0),
    }


def register() -> None:
    """Put the links into the menu."""
    link = navigation.register
    link(
        "提案",
        "我的提案",
        "proposals:list",
        query="mine=1",
        show=proposes,
        order=5,
        icon="paper",
        phone_label="提案",
        phone_order=2,
    )
    link("提案", "写提案", "proposals:new", show=proposes, order=8)
    link(
        "提案", "全部提案", "proposals:list", show=sees_list, order=10, icon="paper", phone_label="提案", phone_order=2
    )
    link("提案", "待审查", "proposals:review", badge=(office_counts, "review"), show=is_office, order=15)
    link("提案", "待交办", "proposals:assign_list", badge=(office_counts, "assign"), show=assigns, order=20)
    link("提案", "重点提案", "proposals:list", query="key=1", show=sees_list, order=25)
