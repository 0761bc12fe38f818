"""Sessions in calendars 日历: in a person's own subscription, and one session as a file; the same entry in both."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from consultations.models import Consultation, ConsultationStatus
from core import calendar_feed
from core.calendar_feed import Event
from members.activities import pages as activity_pages
from members.activities.access import run_bodies
from members.activities.feed import span
from members.models import Attendance

SHOWN = tuple(code for code in ConsultationStatus.values if code != ConsultationStatus.PLANNED)


def event(row: Consultation) -> Event:
    """The entry of one session; its uid stays, its sequence rises when time or place change or it is cancelled."""
    starts, ends = span(row.on, row.starts_at, None, row.ends_at)
    return Event(
        uid=f"consultation:{row.pk}", title=f"{row.get_form_display()}：{row.title}", starts=starts, ends=ends,
        place=row.place, url=row.get_absolute_url(), cancelled=row.status == ConsultationStatus.CANCELLED,
        sequence=row.sequence, remind=timedelta(days=1),
    )  # fmt: skip


def events(user: Any, first: date, last: date) -> Iterable[Event]:
    """The sessions to which a person (or his unit) is invited or that he runs, without those from which he has leave."""
    mine = Q(pk__in=[])
    if bodies := run_bodies(user):
        mine |= Q(organizer_id__in=bodies)
    if user.member_id:
        part = Attendance.objects.filter(member_id=user.member_id).exclude(state=Attendance.State.ON_LEAVE)
        mine |= Q(activity__in=part.values("activity_id"))
    if units := user.unit_ids():
        mine |= Q(pk__in=Consultation.units.through.objects.filter(handlingunit__in=units).values("consultation_id"))
    if mine == Q(pk__in=[]):
        return
    rows = Consultation.objects.filter(mine, on__range=(first, last), status__in=SHOWN)
    for row in rows.only("status", "form", "title", "on", "starts_at", "ends_at", "place", "sequence").order_by(
        "on", "pk"
    ):
        yield event(row)


def file(row: Consultation, *, base: str) -> bytes:
    """One session as a file to put into a calendar by hand; a cancelled one takes the entry back."""
    one = event(row)
    return calendar_feed.render(row.title, [one], base=base, method="CANCEL" if one.cancelled else "PUBLISH")


def _ids() -> QuerySet:
    return Consultation.objects.filter(activity__isnull=False).values("activity_id")


def _pages(activity_ids: Collection[int]) -> dict[int, str]:
    rows = Consultation.objects.filter(activity__in=activity_ids).values_list("activity_id", "pk")
    return {activity: Consultation(pk=pk).get_absolute_url() for activity, pk in rows}


def register() -> None:
    """Give calendars their sessions, and lead from an invitation to the session's page."""
    calendar_feed.provide(events)
    activity_pages.lead_with(activity_pages.Elsewhere(_ids, _pages))
