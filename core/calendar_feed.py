"""Calendars that telephones and Outlook read 日历订阅 (RFC 5545): every app registers the events it knows.

A person's calendar has one secret address, made and renewed by himself and revocable at any time;
only its digest is stored. What waits with a due day (``core.todos``) stands in it as whole days.
"""

import secrets as tokens
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from icalendar import Alarm, Calendar
from icalendar import Event as Entry

from core import audit, secrets, todos
from core.models import CalendarLink

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
"""What a feed holds: a month back, a year ahead."""
REFRESH = timedelta(hours=4)
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Event:
    """One entry: ``starts`` and ``ends`` are moments, or days (``ends`` then the day after the last).

    ``uid`` stays the same as long as it is the same thing, so that a moved entry moves in the
    subscriber's calendar; a cancelled one is shown as such. ``sequence`` rises with every change of
    time or place, so that a programme that got it by hand takes the later one.
    """

    uid: str
    title: str
    starts: datetime | date
    ends: datetime | date
    place: str = ""
    text: str = ""
    url: str = ""
    cancelled: bool = False
    sequence: int = 0
    remind: timedelta | None = None


Provider = Callable[[Any, date, date], Iterable[Event]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Register ``(user, first, last) -> events`` of a person; registering again changes nothing."""
    if provider not in _providers:
        _providers.append(provider)


def events_for(user: Any, today: date) -> list[Event]:
    """Everything that a person's calendar holds, in the order of time."""
    found = [event for provider in _providers for event in provider(user, today - BACK, today + AHEAD)]
    known = {event.url for event in found if event.url}
    for todo in todos.collect(user, today, limit=200):
        if todo.due and todo.url not in known:
            found.append(
                Event(
                    f"todo:{todo.kind}:{todo.url}:{todo.action}", f"{todo.action}：{todo.title}", todo.due,
                    todo.due + timedelta(days=1), text=todo.sub, url=todo.url,
                )
            )  # fmt: skip
    return sorted(found, key=lambda event: (_day(event.starts), event.uid))


def render(name: str, events: Iterable[Event], *, base: str, method: str = "PUBLISH") -> bytes:
    """The calendar as a file; ``base`` is the address of this site (https://…), before relative links."""
    book = Calendar()
    book.add("prodid", "-//汉滨智慧政协//日历//CN")
    book.add("version", "2.0")
    book.add("method", method)
    book.add("x-wr-calname", name)
    book.add("x-wr-timezone", timezone.get_default_timezone_name())
    book.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    host = urlsplit(base).hostname or "localhost"
    for event in events:
        book.add_component(_entry(event, host, base))
    return book.to_ical()


def _entry(event: Event, host: str, base: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.uid}@{host}")
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    entry.add("summary", event.title)
    for name, moment in (("dtstart", event.starts), ("dtend", event.ends)):
        entry.add(name, moment.astimezone(UTC) if isinstance(moment, datetime) else moment)
    entry.add("sequence", event.sequence)
    if event.place:
        entry.add("location", event.place)
    if event.text:
        entry.add("description", event.text)
    if event.url:
        entry.add("url", f"{base}{event.url}" if event.url.startswith("/") else event.url)
    if event.cancelled:
        entry.add("status", "CANCELLED")
    elif event.remind is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.title)
        alarm.add("trigger", -event.remind)
        entry.add_component(alarm)
    return entry


def _day(moment: datetime | date) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


# --- A person's own link --------------------------------------------------------------------------


@transaction.atomic
def make_link(user: Any) -> str:
    """A new secret for the person's calendar; an earlier one ends. Shown once, stored nowhere."""
    token = tokens.token_urlsafe(24)
    CalendarLink.objects.update_or_create(
        user=user, defaults={"digest": _digest(token), "made_at": timezone.now(), "read_on": None}
    )
    audit.record(verb="calendar.link", summary="生成日历订阅地址", actor=user)
    return token


@transaction.atomic
def revoke(user: Any) -> bool:
    """End the person's link; whether there was one."""
    count, _ = CalendarLink.objects.filter(user=user).delete()
    if count:
        audit.record(verb="calendar.revoke", summary="停用日历订阅地址", actor=user)
    return bool(count)


def link_of(user: Any) -> CalendarLink | None:
    """When the person's link was made and last read, if there is one."""
    return CalendarLink.objects.filter(user=user).first()


def owner(token: str) -> Any | None:
    """The person whose calendar a secret opens, or None; remembers that it was read today."""
    link = CalendarLink.objects.select_related("user").filter(digest=_digest(token), user__is_active=True).first()
    if link is None:
        return None
    today = timezone.localdate()
    if link.read_on != today:
        CalendarLink.objects.filter(pk=link.pk).update(read_on=today)
    return link.user


def _digest(token: str) -> str:
    return secrets.digest(token, "calendar")
