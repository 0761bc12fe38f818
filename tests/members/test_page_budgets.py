"""Lists keep to ten queries and a member's page to twelve, whatever they hold."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import DutyReport, Matter, ReportRound, Role, User
from members.models.activities import Attendance
from oversight.models import Supervisor
from tests import factories as make
from tests.factories_activities import ActivityFactory, AttendanceFactory, ResearchTopicFactory
from tests.factories_duty import DutyEntryFactory, ScoreAppealFactory
from tests.factories_matters import MatterFactory
from tests.factories_oversight import HostUnitFactory
from tests.factories_studios import ReceptionDayFactory, StudioRecordFactory, staffed_studio

pytestmark = pytest.mark.django_db
LISTS = (
    "/members/",
    "/members/?q=1",
    "/members/studios/",
    "/members/matters/",
    "/members/activities/",
    "/members/topics/",
    "/members/appeals/",
    "/members/reports/",
    "/members/corrections/",
    "/members/terms/",
    "/members/scores/",
    "/members/scores/rules/",
    "/oversight/",
)
MOST, MOST_ITEM = 10, 12


def queries(client, address: str) -> list[str]:
    """The queries of a page that was already opened once, as a process that has served before."""
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        response = client.get(address)
    assert response.status_code == 200, address
    return [row["sql"] for row in seen]


def fill(count: int) -> None:
    """So many of everything that the lists show."""
    for _ in range(count):
        studio = staffed_studio(members=1)
        StudioRecordFactory(studio=studio, made_by=make.UserFactory())
        day = ReceptionDayFactory(studio=studio)
        MatterFactory(studio=studio, host=day.hosts.get())
        AttendanceFactory(activity__status="notified")
        ResearchTopicFactory()
        ScoreAppealFactory()
        asked, _ = ReportRound.objects.get_or_create(
            year=timezone.localdate().year,
            defaults={"due_on": timezone.localdate(), "opened_by": User.objects.first()},
        )
        DutyReport.objects.create(
            round=asked, member=make.MemberFactory(), status="submitted", handed_in_on=timezone.localdate()
        )
        unit = HostUnitFactory()
        for _ in range(2):
            Supervisor.objects.create(unit=unit, member=make.MemberFactory(), starts=date(2024, 1, 1))


@pytest.mark.parametrize("address", LISTS)
def test_lists_keep_to_ten_queries_however_long(client, address):
    client.force_login(make.UserFactory(roles=[Role.LIAISON]))
    for more in (2, 8):
        fill(more)
        seen = queries(client, address)
        assert len(seen) <= MOST, f"{address}\n" + "\n".join(sql[:120] for sql in seen)


@pytest.mark.parametrize(
    ("address", "columns"),
    [
        ("/members/appeals/", {"text", "answer"}),
        ("/members/topics/", {"plan", "uptake"}),
        ("/members/activities/", {"text"}),
        ("/members/matters/", {"text", "answer", "result"}),
    ],
)
def test_lists_read_no_long_text(client, address, columns):
    fill(1)
    client.force_login(make.UserFactory(roles=[Role.LIAISON]))
    for row in client.get(address).context["rows"]:
        assert columns <= row.get_deferred_fields()


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER, Role.MEMBER])
def test_a_members_page_keeps_to_twelve_queries_however_much_he_did(client, role):
    studio = staffed_studio(members=1)
    member = studio.members.get()
    client.force_login(make.UserFactory(roles=[role]))
    counts = []
    for more in (1, 25):
        for number in range(more):
            DutyEntryFactory(member=member, quantity=Decimal(1))
            make.ProposalFactory(member=member, status="filed", number=1000 + more * 10 + number)
            Attendance.objects.create(activity=ActivityFactory(status="held", on=timezone.localdate()), member=member)
            MatterFactory(studio=studio, host=member)
            Supervisor.objects.create(unit=HostUnitFactory(), member=member, starts=date(2024, 1, 1))
        seen = queries(client, f"/members/{member.pk}/")
        counts.append(len(seen))
        assert len(seen) <= MOST_ITEM, "\n".join(sql[:120] for sql in seen)
    assert counts[1] <= counts[0]
    assert Matter.objects.filter(host=member).count() == 26
