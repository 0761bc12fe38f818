"""What is typed stays text: a script in any field is shown as it was typed; numbers do not leave with an export."""

import re
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from members.models import Role, ScoreRules
from members.services import scores
from tests import factories as make
from tests.factories_activities import ActivityFactory, AttendanceFactory, ResearchTopicFactory
from tests.factories_duty import HEADINGS, DutyEntryFactory, ScoreAppealFactory, ScoreRulesFactory
from tests.factories_matters import MatterFactory
from tests.factories_oversight import HostUnitFactory
from tests.factories_studios import BookingFactory, ReceptionDayFactory, StudioRecordFactory, staffed_studio

pytestmark = pytest.mark.django_db
BAD = "</textarea><script>alert(1)</script>"
NUMBER = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture
def world():
    """One record of each kind, every free word of which is a script, and the pages that show it."""
    liaison = make.UserFactory(roles=[Role.LIAISON], name=BAD)
    studio = staffed_studio(name=BAD, motto=BAD, introduction=BAD, place=BAD, address=BAD)
    host = studio.members.first()
    host.user = make.UserFactory(roles=[Role.MEMBER], name=BAD)
    host.name, host.post = BAD[:40], BAD
    host.save()
    day = ReceptionDayFactory(studio=studio)
    booking = BookingFactory(day=day, name="<script>x</script>", matter=BAD, village=BAD)
    matter = MatterFactory(studio=studio, host=host, text=BAD, visitor_name="<script>x</script>", village=BAD)
    activity = ActivityFactory(title=BAD, text=BAD, place=BAD, note=BAD, status="notified")
    AttendanceFactory(activity=activity, member=host, state="leave_asked", reason=BAD)
    record = StudioRecordFactory(studio=studio, title=BAD, text=BAD, made_by=liaison)
    topic = ResearchTopicFactory(title=BAD, plan=BAD, leader_name=BAD)
    unit = HostUnitFactory(name=BAD)
    rules = ScoreRulesFactory(
        title=BAD, headings=[{**HEADINGS[0], "label": BAD}, *HEADINGS[1:]], bands=[{"label": BAD[:10], "from": "0"}]
    )
    DutyEntryFactory(member=host, on=timezone.localdate(), summary=BAD)
    appeal = ScoreAppealFactory(member=host, text=BAD)
    scores.compute_year("member", timezone.localdate().year)
    pages = [
        "/members/", f"/members/{host.pk}/", f"/members/{host.pk}/duty/", f"/members/{host.pk}/duty/print/",
        f"/members/{host.pk}/duty/ledger/", "/members/studios/", f"/members/studios/{studio.pk}/",
        f"/members/studios/{studio.pk}/ledger/", f"/members/studios/records/{record.pk}/",
        f"/members/studios/{studio.pk}/rota/", f"/members/studios/{studio.pk}/poster/", f"/members/reception/{day.pk}/",
        "/members/matters/", f"/members/matters/{matter.pk}/", "/members/matters/new/", "/members/activities/",
        f"/members/activities/{activity.pk}/", f"/members/activities/{activity.pk}/people/",
        f"/members/activities/{activity.pk}/print/", f"/members/activities/{activity.pk}/paper/",
        "/members/topics/", f"/members/topics/{topic.pk}/", "/members/appeals/", f"/members/appeals/{appeal.pk}/",
        "/members/scores/", f"/members/scores/rules/{rules.pk}/", f"/members/scores/rules/{rules.pk}/simulate/",
        "/oversight/", f"/oversight/{unit.pk}/", "/home/",
    ]  # fmt: skip
    public = ["/studios/", f"/studios/{studio.pk}/", f"/studios/{studio.pk}/book/", f"/studios/{studio.pk}/rota/",
              f"/track/?code={booking.receipt_code}", f"/track/?code={matter.receipt_code}"]  # fmt: skip
    return liaison, pages, public


def test_a_script_in_any_field_is_only_text(client, world):
    liaison, pages, public = world
    shown = 0
    for user, addresses in ((None, public), (liaison, pages)):
        if user:
            client.force_login(user)
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, address
            page = response.content.decode()
            assert "<script>alert" not in page, address
            assert "<script>x" not in page, address
            shown += "&lt;script&gt;alert" in page
    assert shown > len(pages) // 2
    assert ScoreRules.objects.get().title == BAD


EXPORTS = (
    "/members/export/", "/members/activities/?format=xlsx", "/members/matters/?format=xlsx", "/members/studios/export/",
    "/members/scores/?format=xlsx", "/oversight/export/",
)  # fmt: skip


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER, Role.MEMBER, Role.CONVENER, Role.COMMITTEE, Role.UNIT_OPERATOR])  # fmt: skip
def test_no_export_carries_a_whole_number(client, role):
    studio = staffed_studio(liaison_name="林", liaison_phone="13800001111")
    member = studio.members.first()
    unit = make.HandlingUnitFactory()
    place = {Role.CONVENER: studio, Role.COMMITTEE: make.SpecialCommitteeFactory(), Role.UNIT_OPERATOR: unit}.get(role)
    member.user = make.UserFactory(roles=[(role, place) if place else role], name="测试")
    member.phone = "13800003333"
    member.save()
    activity = ActivityFactory(status="notified")
    AttendanceFactory(activity=activity, member=member)
    MatterFactory(
        studio=studio,
        host=member,
        unit=unit,
        route="to_unit",
        status="triaged",
        text="电话13987654321，老人13912345678。",
    )
    ScoreRulesFactory()
    scores.compute_year("member", timezone.localdate().year)
    client.force_login(member.user)
    came = 0
    for address in (*EXPORTS, f"/members/activities/{activity.pk}/people/?format=xlsx", f"/members/studios/{studio.pk}/rota/export/"):  # fmt: skip
        response = client.get(address)
        if address == "/members/export/" and response.status_code == 200:
            response = client.post(address, {"reason": "联系工作", "note": "通知开会"})
        if "spreadsheet" not in response.headers.get("Content-Type", ""):
            continue
        came += 1
        for row in load_workbook(BytesIO(b"".join(response))).active.iter_rows(values_only=True):
            for cell in row:
                assert not NUMBER.search(str(cell or "")), (address, cell)
    assert came >= 1
