"""Pages of matters 民情事项: who sees what, masked; the list in few queries; the door for what was kept on a phone."""

import io
import json
import uuid

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.models import AuditEntry
from members.models import Matter, Role
from members.views.matter_recording import ASSETS
from members.views.matters import buttons
from tests import factories as make
from tests.factories_matters import TEXT, BookingFactory, MatterFactory, host

pytestmark = pytest.mark.django_db
SECRETS = ("欧阳小曼", "13987654321")


@pytest.fixture
def member(client):
    """A member with a studio, signed in."""
    member = host()
    client.force_login(member.user)
    return member


def posted(member, **values) -> dict[str, str]:
    """A visit answered on the spot, as the form sends it."""
    given = {
        "key": str(uuid.uuid4()), "studio": str(member.studio_id), "received_on": timezone.localdate().isoformat(),
        "host": str(member.pk), "text": TEXT, "category": "市政设施", "route": "on_spot", "answer": "明天就修。",
    }  # fmt: skip
    return {**given, **values}


# --- Recording ---------------------------------------------------------------------------------


def test_form_stands_ready_with_studio_day_and_host(client, member):
    page = client.get(reverse("members:matter_new")).content.decode()
    assert f'<option value="{member.studio_id}" selected>' in page
    assert f'value="{timezone.localdate().isoformat()}"' in page
    assert f'<option value="{member.pk}" selected>' in page


def test_without_scripts_the_form_leads_to_the_receipt(client, member):
    response = client.post(reverse("members:matter_new"), posted(member), follow=True)
    matter = Matter.objects.get()
    page = response.content.decode()
    code = matter.receipt_code
    assert f"{code[:3]} {code[3:6]} {code[6:]}" in page
    assert "<svg" in page
    assert "style=" not in page.partition("<main")[2]


def test_without_scripts_what_is_missing_stands_beside_its_field(client, member):
    page = client.post(reverse("members:matter_new"), posted(member, text="", answer="")).content.decode()
    assert "请写来访人反映的事。" in page
    page = client.post(reverse("members:matter_new"), posted(member, answer="")).content.decode()
    assert "请写当场怎样答复的。" in page
    assert not Matter.objects.exists()


def test_visitor_with_a_booking_is_filled_in(client, member):
    booking = BookingFactory(slot__day__studio=member.studio)
    page = client.get(reverse("members:matter_new"), {"booking": booking.pk}).content.decode()
    assert "欧阳小曼" in page
    elsewhere = BookingFactory()
    assert "欧阳小曼" not in client.get(reverse("members:matter_new"), {"booking": elsewhere.pk}).content.decode()


def test_same_visit_sent_twice_by_the_phone_is_kept_once(client, member):
    given = posted(member)
    first, again = (client.post(reverse("members:matter_sync"), given).json() for _ in range(2))
    assert first == again
    assert first["key"] == given["key"]
    assert Matter.objects.count() == 1


def test_phone_learns_what_is_wrong_and_who_is_signed_in(client, member):
    wrong = client.post(reverse("members:matter_sync"), posted(member, text=""))
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["text"])
    foreign = client.post(reverse("members:matter_sync"), posted(member, studio=str(make.StudioFactory().pk)))
    assert (foreign.status_code, list(foreign.json()["errors"])) == (422, ["studio"])
    assert client.get(reverse("members:matter_token")).json()["user"] == str(member.user_id)
    client.logout()
    assert client.get(reverse("members:matter_token")).status_code == 401
    assert client.post(reverse("members:matter_sync"), posted(member)).status_code == 401
    assert not Matter.objects.exists()


def test_worker_keeps_only_files_that_exist(client):
    assert not [name for name in ASSETS if finders.find(name) is None]
    response = client.get(reverse("members:matter_worker"))
    assert response["Content-Type"].startswith("text/javascript")
    facts = json.loads(response.content.decode().partition("const FACTS = ")[2].partition(";\n")[0])
    assert facts["page"] == reverse("members:matter_new")
    assert len(facts["assets"]) == len(ASSETS)


def test_page_brings_nothing_that_the_worker_does_not_keep(client, member):
    page = client.get(reverse("members:matter_new")).content.decode()
    import re

    brought = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert brought
    assert brought <= {f"/static/{name}" for name in ASSETS}


# --- The list ----------------------------------------------------------------------------------


def test_list_shows_what_concerns_the_person_and_masks_the_visitor(client, member):
    MatterFactory(host=member)
    MatterFactory(text="别人的事")
    page = client.get(reverse("members:matters")).content.decode()
    assert TEXT in page
    assert "别人的事" not in page
    assert "欧**" in page
    for secret in SECRETS:
        assert secret not in page


def test_unit_sees_what_was_sent_to_it(client):
    unit = make.HandlingUnitFactory()
    client.force_login(make.UserFactory(roles=[(Role.UNIT_OPERATOR, unit)]))
    MatterFactory(unit=unit, route="to_unit", status="triaged")
    MatterFactory(text="没有转来的")
    page = client.get(reverse("members:matters")).content.decode()
    assert "转来的民情事项" in page
    assert TEXT in page
    assert "没有转来的" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=路灯", {1}), ("q=9111111111", {2}), ("status=open", {1}), ("status=closed", {2}), ("category=教育", {2}),
        ("route=to_unit", {1}), ("overdue=1", {1}), ("since=2026-02-01", {1}), ("until=2026-02-01", {2}),
        ("studio=none", set()), ("status=no", set()),
    ],
)  # fmt: skip
def test_every_filter_finds_its_rows(client, query, found):
    client.force_login(make.UserFactory(roles=[Role.LIAISON]))
    one = MatterFactory(received_on="2026-03-01", next_due="2026-03-04", route="to_unit", status="triaged")
    two = MatterFactory(
        received_on="2026-01-05", text="学校门口堵车", receipt_code="9111111111", category="教育", status="closed",
        route="on_spot",
    )  # fmt: skip
    rows = client.get(f"{reverse('members:matters')}?{query}").context["rows"]
    assert {row.pk for row in rows} == {{1: one.pk, 2: two.pk}[number] for number in found}


def test_list_of_many_takes_few_queries(client):
    client.force_login(make.UserFactory(roles=[Role.LIAISON]))
    counts = []
    for more in (2, 60):
        MatterFactory.create_batch(more)
        client.get(reverse("members:matters"))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            response = client.get(reverse("members:matters"), {"status": "open"})
        counts.append(len(seen))
    assert response.context["page"].total == 62
    assert response.context["page"].next_url
    assert counts[1] <= counts[0] + 1  # the second page is counted
    assert counts[1] <= 10, "\n".join(row["sql"] for row in seen)


def test_export_has_exactly_the_rows_and_masks_the_visitor(client):
    client.force_login(make.UserFactory(roles=[Role.LIAISON]))
    MatterFactory(category="教育", text="=1+1")
    MatterFactory()
    response = client.get(reverse("members:matters"), {"category": "教育", "format": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    rows = list(sheet.values)
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["来访人"], row["电话"], row["反映的事"]) == ("欧**", "139****4321", "=1+1")
    assert AuditEntry.objects.filter(verb="matters.export").count() == 1


# --- One matter --------------------------------------------------------------------------------


def test_page_masks_the_visitor_until_somebody_asks(client, member):
    matter = MatterFactory(host=member)
    page = client.get(matter.get_absolute_url()).content.decode()
    assert "139****4321" in page
    for secret in SECRETS:
        assert secret not in page
    shown = client.post(reverse("members:matter_phone", args=[matter.pk]))
    assert "13987654321" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert AuditEntry.objects.filter(verb="matter.phone").count() == 1


def test_correcting_shows_the_number_and_records_the_look(client, member):
    matter = MatterFactory(host=member)
    url = reverse("members:matter_correct", args=[matter.pk])
    assert "13987654321" in client.get(url).content.decode()
    assert AuditEntry.objects.filter(verb="matter.phone").count() == 1
    given = {
        "visitor_name": "欧阳小曼",
        "visitor_phone": "13911112222",
        "village": "",
        "category": "教育",
        "text": TEXT,
    }
    client.post(url, given)
    matter.refresh_from_db()
    assert (matter.visitor_phone, matter.category) == ("13911112222", "教育")


def test_unit_never_gets_the_number(client):
    unit = make.HandlingUnitFactory()
    client.force_login(make.UserFactory(roles=[(Role.UNIT_OPERATOR, unit)]))
    matter = MatterFactory(unit=unit, route="to_unit", status="triaged")
    assert "看全号" not in client.get(matter.get_absolute_url()).content.decode()
    page = client.post(reverse("members:matter_phone", args=[matter.pk]), follow=True).content.decode()
    assert "只有接待委员" in page
    assert "13987654321" not in page
    assert client.get(reverse("members:matter_receipt", args=[matter.pk])).status_code == 404


def test_acts_stand_on_the_page_and_work(client, member):
    unit = make.HandlingUnitFactory()
    operator = make.UserFactory(roles=[(Role.UNIT_OPERATOR, unit)])
    matter = MatterFactory(host=member)
    act = lambda verb: reverse("members:matter_act", args=[matter.pk, verb])  # noqa: E731

    def press(verb, data):
        page = client.get(matter.get_absolute_url()).content.decode()
        assert act(verb) in page
        response = client.post(act(verb), data)
        assert response.status_code == 302, response.content.decode()
        matter.refresh_from_db()
        return matter.status

    assert press("triage", {"route": "to_unit", "unit": unit.pk}) == "triaged"
    client.force_login(operator)
    assert press("start", {"sure": "1"}) == "in_progress"
    assert press("answer", {"answer": "换了灯头", "result": "三盏路灯已修好。"}) == "answered"
    client.force_login(member.user)
    assert press("inform", {"result": "三盏路灯已修好。", "how": "电话", "rating": "satisfied"}) == "informed"
    assert press("close", {"sure": "1"}) == "closed"
    assert client.get(act("no-such")).status_code == 404


def test_way_without_a_taker_has_no_dead_button(client, member, monkeypatch):
    from members.matters import onward as matter_onward

    monkeypatch.setattr(matter_onward, "_ways", {})
    matter = MatterFactory(host=member, status="triaged", route="to_opinion")
    page = client.get(matter.get_absolute_url()).content.decode()
    assert "from=members.matter" not in page
    assert "登记结果" in page


def test_a_visitor_shown_elsewhere_is_not_written_on_but_his_outcome_is_recorded(client):
    office = make.UserFactory(roles=[Role.LIAISON, Role.PROPOSAL_CLERK])
    referred = MatterFactory(status="triaged", route=Matter.Route.REFERRED)
    own = MatterFactory(status="triaged", route=Matter.Route.TO_PROPOSAL)
    assert [row.label for row in buttons(referred, office) if row.strong] == ["登记结果"]
    assert not {"写成提案", "写成社情民意"} & {row.label for row in buttons(referred, office)}
    assert "写成提案" in {row.label for row in buttons(own, office)}
