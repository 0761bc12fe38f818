"""What waits for people because of activities 待办: invitations, leave to decide, sign-ins to end, reports to verify."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min, Q
from django.urls import reverse

from core import todos
from core.todos import Todo
from members.activity_access import committee_bodies, run_bodies
from members.activity_effects import when_and_where
from members.activity_workflow import is_plenary
from members.models import Role
from members.models.activities import Activity, ActivityStatus, Attendance, ResearchTopic, TopicStatus

MOST = 50
State = Attendance.State


def register() -> None:
    """Let the first page ask."""
    for provider in (of_member, of_runner, of_verifier, of_topics):
        todos.provide(provider)


def of_member(user, today: date) -> Iterable[Todo]:
    """Invitations without an answer, and reports that came back."""
    if not user.has_role(Role.MEMBER, Role.CONVENER) or not user.member_id:
        return
    asked = Activity.objects.filter(
        status=ActivityStatus.NOTIFIED, on__gte=today, attendances__member_id=user.member_id,
        attendances__state=State.INVITED,
    )  # fmt: skip
    back = Activity.objects.filter(status=ActivityStatus.RETURNED, reported_by_id=user.member_id)
    for row in asked.only(*SHOWN).order_by("on")[:MOST]:
        due = row.sign_up_until or row.on
        yield Todo("请您参加", row.title, when_and_where(row), row.get_absolute_url(), "回复参加或请假", due)
    for row in back.only(*SHOWN).order_by("pk")[:MOST]:
        yield Todo("自报活动", row.title, "退回补充", row.get_absolute_url(), "补充再报")


def of_runner(user, today: date) -> Iterable[Todo]:
    """Requests for leave, and activities that took place and were not ended."""
    bodies = run_bodies(user)
    office = user.has_role(Role.LIAISON)
    if not (bodies or office):
        return
    rows = Activity.objects.filter(status=ActivityStatus.NOTIFIED)
    if not office:
        rows = rows.filter(organizer_id__in=bodies)
    asked = Q(attendances__state=State.LEAVE_ASKED) & ~Q(attendances__member__user_id=user.pk)
    counted = rows.annotate(asked=Count("attendances", filter=asked)).filter(Q(asked__gt=0) | Q(on__lt=today))
    for row in counted.defer("text").order_by("on")[:MOST]:
        url = row.get_absolute_url()
        if row.asked and (office or not is_plenary(row)):
            yield Todo("请假待批", row.title, f"{row.asked}人请假", f"{url}#leave", "批假", row.on)
        if row.on < today:
            yield Todo("活动收尾", row.title, when_and_where(row), url, "登记举行", None, row.on)


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
        yield Todo("自报活动", f"{found['count']}项自报活动等核实", "", url, "核实", None, found["since"].date())


def of_topics(user, today: date) -> Iterable[Todo]:
    """Topics whose paper is due within a month, for the committee that does them."""
    bodies = committee_bodies(user)
    if not bodies:
        return
    states = (TopicStatus.PLANNED, TopicStatus.RESEARCHING)
    rows = ResearchTopic.objects.filter(body_id__in=bodies, status__in=states, due_on__isnull=False)
    for row in rows.defer("plan", "uptake").order_by("due_on")[:MOST]:
        if (row.due_on - today).days <= 30:
            yield Todo("调研课题", row.title, row.get_status_display(), row.get_absolute_url(), "形成报告", row.due_on)


SHOWN = ("title", "on", "ends_on", "starts_at", "place", "sign_up_until", "status")
