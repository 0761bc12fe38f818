"""What waits for a person 待办 among matters: to send on, to answer, to tell the visitor."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.urls import reverse

from core.todos import Rows, Todo
from members.matters import onward as matter_onward
from members.matters.access import convened
from members.matters.workflow import ONWARD
from members.models import Matter, MatterStatus, Role

MOST = 50
TITLE = 40
OPEN = (MatterStatus.TRIAGED, MatterStatus.IN_PROGRESS)
NOBODY = Q(host__user=None) | Q(host__user__is_active=False)
"""Matters without a host, or whose host does not sign in: the convener sees to them."""
ACTS = {
    MatterStatus.RECORDED: "分流",
    MatterStatus.ANSWERED: "告知来访人",
    MatterStatus.INFORMED: "办结",
}


def todos(user, today: date) -> Iterator[Rows]:
    """What waits for a host, a convener, the liaison office, and for a unit."""
    own = _own(user, today)
    if own is not None:
        yield _rows(own, "matter", lambda row: ACTS.get(row.status) or Matter.Route(row.route).label)
    if units := user.unit_ids():
        sent = Matter.objects.filter(unit_id__in=units, route=Matter.Route.TO_UNIT, status__in=OPEN)
        yield _rows(sent, "matter_unit", lambda row: "答复民情事项")


def _own(user, today: date) -> QuerySet | None:
    """Matters of one's own or of studios that one convenes; for the office what is late, and what it writes down."""
    taken_over = matter_onward.offered()
    waiting = Q(status__in=list(ACTS))
    waiting |= Q(status=MatterStatus.TRIAGED, route__in=[*taken_over, Matter.Route.REFERRED])
    conditions = []
    if user.member_id:
        mine = Q(host_id=user.member_id) | NOBODY & Q(studio__convener_id=user.member_id)
        conditions.append(waiting & mine)
    if studios := convened(user):
        conditions.append(waiting & NOBODY & Q(studio_id__in=studios))
    if user.has_role(Role.LIAISON):
        late = Q(status__in=[MatterStatus.RECORDED, MatterStatus.ANSWERED], next_due__lt=today)
        by_hand = [route for route in ONWARD if route not in taken_over]
        conditions.append(late | Q(status__in=OPEN, route__in=by_hand))
    if not conditions:
        return None
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return Matter.objects.filter(found)


def _rows(rows: QuerySet, kind: str, action: Callable[[Any], str]) -> Rows:
    def tell(row: Any) -> Todo:
        sub = f"民情事项 · {row.studio} · {row.category or '未分类'}"
        url = reverse("members:matter", args=[row.pk])
        return Todo(kind, row.summary, sub, url, action(row), row.next_due, row.received_on)

    return Rows(rows.order_by("next_due", "pk"), COLUMNS, tell, days=("next_due", "received_on"), most=MOST)


COLUMNS = {
    "pk": "pk",
    "summary": Left("text", TITLE),
    "studio": Coalesce(NullIf("studio__short_name", Value("")), "studio__name"),
    "category": "category",
    "status": "status",
    "route": "route",
    "next_due": "next_due",
    "received_on": "received_on",
}
