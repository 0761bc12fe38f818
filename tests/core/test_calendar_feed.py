"""A person's calendar link: unguessable, shown once, renewed and ended; what a calendar program reads in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from core import calendar_feed, todos
from core.calendar_feed import Event
from core.models import AuditEntry, CalendarLink
from core.todos import Todo
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 6)


@pytest.fixture
def registered(monkeypatch):
    """What apps provide, for one test."""
    monkeypatch.setattr(calendar_feed, "_providers", [])
    monkeypatch.setattr(todos, "_providers", [])
    return calendar_feed


def entries(content: bytes) -> list:
    return [part for part in Calendar.from_ical(content).walk() if part.name == "VEVENT"]


def made(client) -> str:
    """Make a link on the page and read its address there."""
    page = client.post(reverse("accounts:calendar"), follow=True).content.decode()
    return page.split('id="address" value="')[1].split('"')[0]


def test_the_address_is_shown_once_and_stored_nowhere(client):
    user = UserFactory()
    client.force_login(user)
    address = made(client)
    token = address.split("/calendar/")[1].removesuffix(".ics")
    assert len(token) >= 32
    assert token not in client.get(reverse("accounts:calendar")).content.decode()
    assert token not in str(CalendarLink.objects.values())
    assert AuditEntry.objects.filter(verb="calendar.link", actor=user).exists()


def test_a_stranger_reads_the_calendar_by_its_address_until_it_is_renewed_or_ended(client):
    client.force_login(UserFactory())
    first, second = made(client), made(client)
    client.logout()
    assert client.get(first).status_code == 404
    answer = client.get(second)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert CalendarLink.objects.get().read_on == timezone.localdate()
    client.force_login(CalendarLink.objects.get().user)
    client.post(reverse("accounts:calendar"), {"act": "revoke"})
    client.logout()
    assert client.get(second).status_code == 404


def test_whoever_left_has_no_calendar(client):
    user = UserFactory()
    client.force_login(user)
    address = made(client)
    client.logout()
    user.is_active = False
    user.save()
    assert client.get(address).status_code == 404


def test_events_come_out_as_a_calendar_program_reads_them(registered):
    zone = timezone.get_default_timezone()
    opens = datetime(2026, 5, 6, 9, tzinfo=zone)
    timed = Event(
        "reception:1", "接待群众；“同心”工作室", opens, opens + timedelta(hours=2), place="老城街道, 二楼", text="两位\n预约",
        url="/members/reception/1/", remind=timedelta(days=1),
    )  # fmt: skip
    off = Event("reception:2", "取消的", DAY, DAY + timedelta(days=1), cancelled=True)
    first, second = entries(calendar_feed.render("日历", [timed, off], base="https://hanbin.example"))
    assert first["summary"] == "接待群众；“同心”工作室"
    assert first.decoded("dtstart") == datetime(2026, 5, 6, 1, tzinfo=UTC)
    assert (first["location"], first["description"]) == ("老城街道, 二楼", "两位\n预约")
    assert first["url"] == "https://hanbin.example/members/reception/1/"
    assert first["uid"] == "reception:1@hanbin.example"
    assert [part.name for part in first.walk()] == ["VEVENT", "VALARM"]
    assert (second["status"], second.decoded("dtstart")) == ("CANCELLED", DAY)


def test_what_is_due_stands_in_the_calendar_once(registered):
    user = UserFactory()
    registered.provide(lambda person, first, last: [Event("a", "接待日", DAY, DAY, url="/day/1/")])
    todos.provide(
        lambda person, today: [
            Todo("提案", "关于饮水的建议", "第3号", "/case/3/", "答复", due=DAY),
            Todo("接待日", "同一件", "", "/day/1/", "看预约", due=DAY),
            Todo("提案", "没有期限的", "", "/case/4/", "看"),
        ]
    )
    assert [event.title for event in registered.events_for(user, DAY)] == ["接待日", "答复：关于饮水的建议"]
