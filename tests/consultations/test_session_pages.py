"""Pages of sessions: what a list finds, how it is sorted, paged and exported, what pages cost, the light form."""

import io
import struct
import zlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from consultations import bulk
from consultations.models import Consultation
from consultations.services import preparation, sessions, speaking
from core import attachments, outbox
from members.models import DutyEntry
from tests.consultations.test_session_moved import DAY, TODAY
from tests.factories import HandlingUnitFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/consultations/"


def cost(client, url: str) -> list[str]:
    """The queries of a page that was opened before."""
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200, url
    return [row["sql"] for row in seen]


@pytest.fixture
def many(house):
    """Two hundred sessions of every state."""
    bulk.seed(200, key=7, today=TODAY)
    return Consultation.objects.all()


def found(client, **query) -> list[str]:
    """The titles on the first page of the list."""
    return [row.title for row in client.get(LIST, query).context["rows"]]


@pytest.mark.parametrize(
    "query",
    ["", "?q=协商", "?due=overdue&sort=due", "?form=micro&state=held_all&year=2026&month=3", "?sort=suggestions"],
)
@pytest.mark.parametrize("who", ["liaison", "staff", "leader", "operator", "member"])
def test_list_takes_at_most_ten_queries_three_hundred_rows_and_no_text(client, house, many, who, query):
    client.force_login(house.members[0].user if who == "member" else getattr(house, who))
    seen = cost(client, LIST + query)
    assert len(seen) <= 10, "\n".join(sql[:150] for sql in seen)
    for sql in seen:
        assert not [
            name for name in ("minutes", "background", "agenda", "consensus", "work_plan") if f'"{name}"' in sql
        ]
    assert len(client.get(LIST + query).context["rows"]) <= 30


def test_list_is_narrowed_by_organizer_month_and_term(client, house):
    client.force_login(house.liaison)
    house.planned(title="三月的", on=date(2026, 3, 9), organizer=house.committee)
    held = house.held(title="今天举行的")
    sessions.record_light(
        actor=house.convener, organizer=house.studio, title="工作室的", on=TODAY, parties="居民", consensus="行"
    )
    assert found(client, organizer=house.studio.pk) == ["工作室的"]
    assert found(client, year=2026, month=3) == ["三月的"]
    assert found(client, due="running") == ["今天举行的"]
    assert found(client, due="overdue") == []
    Consultation.objects.filter(pk=held.pk).update(next_due=TODAY - timedelta(days=1))
    assert found(client, due="overdue") == ["今天举行的"]
    assert found(client, month="十三") == []


def test_every_order_pages_through_all_rows_once(client, house, many):
    client.force_login(house.liaison)
    Consultation.objects.filter(pk__in=list(many.values_list("pk", flat=True)[:50])).update(next_due=TODAY)
    for sort in ("", "oldest", "due", "suggestions"):
        seen, url = [], f"{LIST}?sort={sort}"
        while url:
            context = client.get(url).context
            seen += [row.pk for row in context["rows"]]
            url = f"{LIST}{context['page'].next_url}" if context["page"].next_url else ""
        assert len(seen) == len(set(seen)) == 200, sort


def test_export_holds_exactly_what_is_filtered_in_the_same_order(client, house, many):
    client.force_login(house.liaison)
    query = {"form": "micro", "sort": "oldest", "format": "xlsx"}
    sheet = load_workbook(io.BytesIO(b"".join(client.get(LIST, query).streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    expected = many.filter(form="micro").order_by("on", "id").values_list("title", flat=True)
    column = rows[0].index("题目")
    assert [row[column] for row in rows[1:]] == list(expected)


def test_empty_list_says_what_would_be_here(client, house):
    client.force_login(house.liaison)
    assert "都列在这里" in client.get(LIST).content.decode()
    assert "换个条件" in client.get(LIST, {"q": "没有的"}).content.decode()


@pytest.fixture
def rich(house):
    """A session with twenty people, units, speeches, files, visits and an outcome to come."""
    row = house.planned(on=TODAY, units=[house.unit, *[HandlingUnitFactory() for _ in range(5)]], agenda="一\n二")
    people = [*house.members, *[MemberFactory(user=UserFactory(roles=["member"])) for _ in range(18)]]
    sessions.invite(row, [one.pk for one in people], actor=house.staff)
    preparation.set_team(row, [one.pk for one in people[:6]], actor=house.staff, leader_id=people[0].pk)
    for number in range(5):
        preparation.add_visit(row, actor=house.staff, on=TODAY, place=f"第{number}处")
        preparation.add_task(row, actor=house.staff, text=f"第{number}件")
    row = Consultation.objects.get(pk=sessions.notify(Consultation.objects.get(pk=row.pk), actor=house.staff).pk)
    for one in people[:8]:
        speaking.add_speech(row, one, actor=house.staff, way="spoken", text="稿子")
    for number in range(4):
        file = SimpleUploadedFile(f"{number}.pdf", b"%PDF-1.4\n" + str(number).encode())
        attachments.add(row, file, actor=house.staff, kind="material")
    return row


@pytest.mark.parametrize("who", ["liaison", "staff", "leader", "operator", "member"])
@pytest.mark.parametrize("state", ["notified", "held"])
def test_item_keeps_to_its_budget_however_much_belongs_to_it(client, house, rich, who, state):
    if state == "held":
        sessions.hold(rich, actor=house.staff)
    client.force_login(house.members[0].user if who == "member" else getattr(house, who))
    seen = cost(client, rich.get_absolute_url())
    assert len(seen) <= (12 if state == "notified" else 14), "\n".join(
        f"{at} {sql[:160]}" for at, sql in enumerate(seen, 1)
    )


@pytest.mark.parametrize("name", ["prepare", "speaking", "print"])
def test_pages_beside_it_take_at_most_twelve_queries(client, house, rich, name):
    client.force_login(house.staff)
    seen = cost(client, reverse(f"consultations:{name}", args=[rich.pk]))
    assert len(seen) <= 12, "\n".join(sql[:150] for sql in seen)


def png() -> SimpleUploadedFile:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0\xff\0\0")
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return SimpleUploadedFile("现场.png", body)


MICRO = {"title": "巷口停车", "parties": "居民代表、社区", "consensus": "划十个车位", "on": TODAY.isoformat()}


def test_micro_consultation_is_four_fields_and_a_photograph_on_one_page(client, house):
    client.force_login(house.convener)
    url = reverse("consultations:micro")
    shown = [field.name for field in client.get(url).context["first"]]
    assert shown == ["title", "parties", "consensus", "on", "photo"]
    answer = client.post(url, {**MICRO, "organizer": house.studio.pk, "photo": png()})
    row = Consultation.objects.get(title="巷口停车")
    assert answer["Location"] == row.get_absolute_url()
    assert [one.kind for one in attachments.files_of(row)] == ["photo"]
    assert (row.status, row.next_due) == ("held", None)
    outbox.run_pending()
    assert DutyEntry.objects.filter(studio=house.studio, act="studio.micro").count() == 1


def test_micro_consultation_with_something_else_than_a_picture_keeps_every_field(client, house):
    client.force_login(house.convener)
    wrong = SimpleUploadedFile("照片.pdf", b"%PDF-1.4\n%%EOF\n")
    answer = client.post(reverse("consultations:micro"), {**MICRO, "organizer": house.studio.pk, "photo": wrong})
    body = answer.content.decode()
    assert "只收照片" in body
    assert "划十个车位" in body
    assert not Consultation.objects.exists()


def test_speaking_list_is_moved_by_plain_buttons_and_goes_back_to_the_entry(client, house):
    row = house.planned(on=DAY)
    first, second = (
        speaking.add_speech(row, one, actor=house.staff, way="spoken", title=one.name) for one in house.members
    )
    client.force_login(house.staff)
    url = reverse("consultations:speaking", args=[row.pk])
    answer = client.post(url, {"op": f"up:{second.pk}"})
    assert answer["Location"].endswith(f"#s{second.pk}")
    assert [one.pk for one in row.speeches.on_the_list()] == [second.pk, first.pk]
    client.post(url, {"op": "arrange", f"place-{first.pk}": "1", f"place-{second.pk}": "2"})
    assert [one.pk for one in row.speeches.on_the_list()] == [first.pk, second.pk]
    client.post(url, {"op": "add", "member": "区住建局张局长", "is_guest": "on", "way": "spoken", "minutes": "10"})
    assert row.speeches.filter(guest="区住建局张局长", minutes=10).exists()
    refused = client.post(url, {"op": "add", "member": "查无此人", "way": "spoken"})
    assert refused.status_code == 422
    assert "不在委员名录里" in refused.content.decode()


def test_member_does_everything_on_the_page_of_the_session(client, house):
    row = Consultation.objects.get(pk=sessions.notify(house.invited(on=DAY), actor=house.staff).pk)
    member = house.members[0]
    client.force_login(member.user)
    assert f"/consultations/{row.pk}/answer/" in client.get(row.get_absolute_url()).content.decode()
    answer = client.post(reverse("consultations:answer", args=[row.pk]), {"answer": "leave", "reason": "出差"})
    assert answer["Location"] == row.get_absolute_url()
    own = row.activity.attendances.get(member=member)
    assert (own.state, own.reason) == ("leave_asked", "出差")
    client.post(
        reverse("consultations:hand_in", args=[row.pk]), {"title": "书面发言", "text": "内容", "asks_to_speak": "on"}
    )
    assert row.speeches.get(member=member).asks_to_speak
    page = client.get(row.get_absolute_url()).content.decode()
    assert "书面发言" in page
    assert timezone.localdate() == TODAY
