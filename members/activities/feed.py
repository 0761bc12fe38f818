"""Activities in a person's calendar 日历订阅: those to which he is invited, and those of the bodies he runs."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.calendar_feed import Event
from members.activities.access import run_bodies
from members.activities.pages import unclaimed
from members.models import Role
from members.models.activities import Activity, ActivityStatus, Attendance

SHOWN = (ActivityStatus.NOTIFIED, ActivityStatus.HELD, ActivityStatus.CANCELLED)
LENGTH = timedelta(hours=2)
"""How long an activity takes whose end is not known."""


def events(user: Any, first: date, last: date) -> Iterable[Event]:
    """The person's activities between two days, without those from which he has leave; at most one query.

    What another app shows on its own page it also gives to the calendar itself.
    """
    mine = Q(pk__in=[])
    if bodies := run_bodies(user):
        mine |= Q(organizer_id__in=bodies)
    if user.has_role(Role.MEMBER, Role.CONVENER) and user.member_id:
        part = Attendance.objects.filter(member_id=user.member_id).exclude(state=Attendance.State.ON_LEAVE)
        mine |= Q(pk__in=part.values("activity_id"))
    if mine == Q(pk__in=[]):
        return
    rows = Activity.objects.filter(mine, on__range=(first, last), status__in=SHOWN, reported_by__isnull=True)
    for row in unclaimed(rows).defer("text").order_by("on", "pk"):
        starts, ends = span(row.on, row.starts_at, row.ends_on, row.ends_at)
        yield Event(
            uid=f"activity:{row.pk}", title=row.title, starts=starts, ends=ends, place=row.place,
            text="应到，不能来要请假" if row.must_attend else "", url=row.get_absolute_url(),
            cancelled=row.status == ActivityStatus.CANCELLED, remind=timedelta(days=1),
        )  # fmt: skip


def span(on: date, starts_at: time | None, ends_on: date | None, ends_at: time | None) -> tuple[Any, Any]:
    """Moments where the hour is known, else whole days."""
    last = ends_on or on
    if starts_at is None:
        return on, last + timedelta(days=1)
    zone = timezone.get_default_timezone()
    starts = datetime.combine(on, starts_at, zone)
    return starts, datetime.combine(last, ends_at, zone) if ends_at else starts + LENGTH
