"""The commands for people: the first administrator, and the demo world."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import audit
from members.demo import people as demo
from members.models import Role, Session, User
from proposals import todos
from proposals.demo import cases as demo_cases
from proposals.models import Proposal, Status

pytestmark = pytest.mark.django_db


def test_open_account_gives_the_first_administrator_a_link(client):
    out = StringIO()
    call_command("open_account", "root", "石工", "--role", "sysadmin", "--site", "http://testserver", stdout=out)
    user = User.objects.get(username="root")
    assert user.has_role(Role.SYSADMIN)
    assert not user.has_usable_password()
    link = out.getvalue().split()[-1]
    assert client.get(link).status_code == 200


def test_open_account_again_renews_the_link_only():
    call_command("open_account", "root", "石工", "--role", "sysadmin", stdout=StringIO())
    call_command("open_account", "root", "石工", "--role", "sysadmin", stdout=StringIO())
    user = User.objects.get(username="root")
    assert user.role_grants.count() == 1
    assert user.activation_links.count() == 2


@pytest.mark.parametrize("command", ["seed_demo", "demo_accounts"])
def test_the_demo_world_is_refused_outside_development(command):
    with pytest.raises(CommandError, match="开发环境"):
        call_command(command)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("today", "current"),
    [
        ("2022-03-01", "十六届一次会议"),
        ("2026-11-24", "十六届五次会议"),
        ("2027-01-10", "十六届五次会议"),
        ("2027-03-01", "十七届一次会议"),
    ],
)
def test_the_present_session_follows_the_calendar(today, current):
    session = demo.seed_terms(timezone.datetime.fromisoformat(today).date())
    assert session.name == current
    assert list(Session.objects.filter(is_current=True)) == [session]


def test_the_demo_world_has_every_stage_once_and_something_for_each_desk(settings):
    settings.DEBUG = True
    call_command("seed_demo", "--stage", "empty", stdout=StringIO())
    today = timezone.localdate()
    made = demo_cases.seed(today)
    assert made == len(demo_cases.STORIES)
    assert demo_cases.seed(today) == 0
    assert set(Proposal.objects.values_list("status", flat=True)) == set(Status.values)
    for name in (
        "member",
        "member2",
        "convener",
        "proposal-clerk",
        "proposal-chief",
        "inspection",
        "unit",
        "unit-head",
        "unit2",
    ):
        assert todos.todos(User.objects.get(username=name), today), name
    assert audit.verify() == []
