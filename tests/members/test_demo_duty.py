"""The demo world of members' work: every state is there, and building it again adds nothing."""

from collections import Counter

import pytest
from django.db.models import Model
from django.utils import timezone

from members.demo import duty as demo_duty
from members.models import (
    Activity,
    ActivityStatus,
    Attendance,
    Booking,
    DutyEntry,
    Matter,
    MatterStatus,
    PartyBranch,
    PartyContact,
    ReceptionDay,
    ResearchTopic,
    ScoreAppeal,
    ScoreResult,
    ScoreRules,
    StudioRecord,
)
from members.services import scores
from oversight import demo as oversight_demo
from oversight.models import Supervisor
from tests import handled
from tests.factories import MemberFactory
from tests.factories_oversight import HostUnitFactory, SupervisorFactory

pytestmark = pytest.mark.django_db
COUNTED: tuple[type[Model], ...] = (
    Activity, Attendance, Booking, DutyEntry, Matter, PartyBranch, PartyContact, ReceptionDay, ResearchTopic,
    ScoreAppeal, ScoreRules, StudioRecord,
)  # fmt: skip


def counts() -> dict[str, int]:
    return {model.__name__: model._base_manager.count() for model in COUNTED}


def test_demo_shows_every_state_and_is_built_once():
    world = handled.build()
    convener = world["convener"].member
    studio = convener.studio or demo_duty.World(timezone.localdate()).studio
    studio.reception_rule = "每周三下午"
    studio.save()
    committee = MemberFactory(studio=studio, political_status="中共党员").committee
    for number in range(30):
        MemberFactory(studio=studio, committee=committee, political_status="中共党员" if number % 3 else "群众")
    today = timezone.localdate()
    demo_duty.seed(today)
    scores.compute_open_years()

    assert set(Matter.objects.values_list("status", flat=True)) == set(MatterStatus.values)
    assert set(Matter.objects.exclude(route="").values_list("route", flat=True)) == set(Matter.Route.values)
    assert set(Activity.objects.values_list("status", flat=True)) == set(ActivityStatus.values)
    held = Activity.objects.filter(status=ActivityStatus.HELD)
    assert set(held.values_list("kind", flat=True)) == set(Activity.Kind.values)
    states = Counter(Attendance.objects.values_list("state", flat=True))
    assert states.keys() >= {"invited", "coming", "leave_asked", "on_leave", "present"}
    signing_in = Activity.objects.get(sign_in_open=True)
    assert (signing_in.on, signing_in.status) == (today, ActivityStatus.NOTIFIED)
    assert ReceptionDay.objects.filter(held_at__isnull=False).count() == len(demo_duty.PAST_DAYS)
    assert ReceptionDay.objects.filter(on__gt=today, announced_at__isnull=False).exists()
    assert Booking.objects.count() == 3
    assert ScoreRules.objects.filter(in_force_at__isnull=False).count() == 2
    assert ScoreResult.objects.filter(points__gt=0).exists()

    before = counts()
    demo_duty.seed(today)
    assert counts() == before


def test_demo_of_oversight_lets_the_papers_people_serve_on_with_a_gap():
    handled.build()
    for _ in range(oversight_demo.EVERY_NTH_WAITS):
        SupervisorFactory(unit=HostUnitFactory(), starts=oversight_demo.FIRST, ends=oversight_demo.FIRST)
    today = oversight_demo.FIRST.replace(year=2027)
    oversight_demo.seed(today)
    oversight_demo.seed(today)
    serving = Supervisor.objects.serving(today)
    assert serving.count() == oversight_demo.EVERY_NTH_WAITS - 1
    assert {row.ends.isoformat() for row in serving} == {"2028-04-30"}
