"""What waits for people because of activities 待办: invitations, leave to decide, sign-ins to end, reports to verify."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from django.db.models import CharField, Count, Min, OuterRef, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from core import todos
from core.todos import Rows, Todo
from members.activities.access import committee_bodies, run_bodies
from members.activities.effects import when_and_where
from members.activities.pages import unclaimed
from members.activities.workflow import plenary_rows
from members.models import Role
from members.models.activities import Activity, ActivityStatus, Attendance, ResearchTopic, TopicStatus

State = Attendance.State


def register() -> None:
    """Let the first page ask."""
    for provider in (of_member, of_runner, of_verifier, of_topics):
        todos.provide(provider)


def of_member(user, today: date) -> Iterable[Rows]:
    """Invitations without an answer, and reports that came back; those shown elsewhere wait there."""
    if not user.has_role(Role.MEMBER, Role.CONVENER) or not user.member_id:
        return
    asked = Activity.objects.filter(
        status=ActivityStatus.NOTIFIED, on__gte=today, attendances__member_id=user.member_id,
        attendances__state=State.INVITED,
    )  # fmt: skip
    back = Activity.objects.filter(status=ActivityStatus.RETURNED, reported_by_id=user.member_id)
    yield Rows(unclaimed(asked).order_by("on"), SHOWN, _invitation, days=DAYS)
    yield Rows(back.order_by("pk"), SHOWN, _returned, days=DAYS)


def _invitation(row: Any) -> Todo:
    due = row.sign_up_until or row.on
    return Todo("请您参加", row.title, _when_and_where(row), _page(row), "回复参加或请假", due)


def _returned(row: Any) -> Todo:
    return Todo("自报活动", row.title, "退回补充", _page(row), "补充再报")


def of_runner(user, today: date) -> Iterable[Rows]:
    """Requests for leave, and activities that took place and were not ended."""
    bodies = run_bodies(user)
    office = user.has_role(Role.LIAISON)
    if not (bodies or office):
        return
    rows = Activity.objects.filter(status=ActivityStatus.NOTIFIED)
    if not office:
        rows = rows.filter(organizer_id__in=bodies)
    waits = Attendance.objects.filter(activity=OuterRef("pk"), state=State.LEAVE_ASKED).order_by()
    asked = waits.exclude(member__user_id=user.pk).values("activity").annotate(n=Count("pk")).values("n")
    leave = rows if office else rows.exclude(plenary_rows())
    yield Rows(
        leave.annotate(asked=Subquery(asked)).filter(asked__gt=0).order_by("on"),
        SHOWN | {"asked": Subquery(asked)},
        _leave,
        days=DAYS,
    )
    yield Rows(unclaimed(rows).filter(on__lt=today).order_by("on"), SHOWN, _to_end, days=DAYS)


def _leave(row: Any) -> Todo:
    return Todo("请假待批", row.title, f"{row.asked}人请假", f"{_page(row)}#leave", "批假", row.on)


def _to_end(row: Any) -> Todo:
    return Todo("活动收尾", row.title, _when_and_where(row), _page(row), "登记举行", None, row.on)


def of_verifier(user, today: date) -> Iterable[Todo]:
    """Members' reports, all in one line."""
    bodies = committee_bodies(user)
    office = user.has_role(Role.LIAISON)
    if not (bodies or office):
        return
    rows = Activity.objects.filter(status=ActivityStatus.REPORTED)
    if not office:
        rows = rows.filter(organizer_id__in=bodies)
    found = rows.aggregate(count=Count("pk"), since=Min("made_at"))
    if found["count"]:
        url = f"{reverse('members:activities')}?state=reported"
        yield Todo(
            "自报活动", f"{found['count']}项自报活动等核实", "", url, "核实", None, timezone.localdate(found["since"])
        )


def of_topics(user, today: date) -> Iterable[Rows]:
    """Topics whose paper is due within a month, for the committee that does them."""
    bodies = committee_bodies(user)
    if not bodies:
        return
    states = (TopicStatus.PLANNED, TopicStatus.RESEARCHING)
    rows = ResearchTopic.objects.filter(body_id__in=bodies, status__in=states, due_on__isnull=False)
    near = rows.filter(due_on__lte=today + timedelta(days=30)).order_by("due_on")
    yield Rows(near, {"pk": "pk", "title": "title", "status": "status", "due_on": "due_on"}, _topic, days=("due_on",))


def _topic(row: Any) -> Todo:
    url = ResearchTopic(pk=row.pk).get_absolute_url()
    return Todo("调研课题", row.title, TopicStatus(row.status).label, url, "形成报告", row.due_on)


SHOWN: dict[str, Any] = {
    "pk": "pk",
    "title": "title",
    "on": "on",
    "ends_on": "ends_on",
    "starts_at": Cast("starts_at", CharField()),
    "place": "place",
    "sign_up_until": "sign_up_until",
}
DAYS = ("on", "ends_on", "sign_up_until")


def _page(row: Any) -> str:
    return Activity(pk=row.pk).get_absolute_url()


def _when_and_where(row: Any) -> str:
    hour = time.fromisoformat(row.starts_at) if row.starts_at else None
    return when_and_where(Activity(on=row.on, ends_on=row.ends_on, starts_at=hour, place=row.place))
