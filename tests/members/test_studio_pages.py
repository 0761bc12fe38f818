"""The workspace's pages of studios and reception days, through the browser's door."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from core import attachments, calendar_feed
from core.models import AuditEntry
from members.models import ReceptionDay, StudioRecord
from members.services import rota_days
from tests.factories import UserFactory
from tests.factories_studios import BookingFactory, ReceptionDayFactory, StudioRecordFactory, staffed_studio

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio():
    return staffed_studio(name="“同心”委员工作室", reception_rule="每月15日")


@pytest.fixture
def office(client):
    user = UserFactory(roles=["liaison"])
    client.force_login(user)
    return user


def page(client, name: str, *args) -> str:
    return client.get(reverse(f"members:{name}", args=args)).content.decode()


def send(client, address: str, /, *args, **data):
    return client.post(reverse(f"members:{address}", args=args), data, follow=True)


def test_the_button_lays_days_out_and_says_how_many(client, studio, office):
    answer = send(client, "studio_lay_out", studio.pk).content.decode()
    assert f"新排{studio.reception_days.count()}次" in answer
    assert studio.reception_days.count() >= 3
    answer = send(client, "studio_announce", studio.pk).content.decode()
    assert "公布了" in answer
    assert "星期" in page(client, "studio_rota_print", studio.pk)


def test_a_rule_that_cannot_be_read_is_shown_beside_its_field(client, studio, office):
    today = timezone.localdate().isoformat()
    data = {"text": "有空就来", "starts": today, "slot_minutes": 20, "hosts_each": 2}
    answer = send(client, "studio_rule", studio.pk, **data).content.decode()
    assert "没有读懂" in answer
    assert "可以这样写" in answer
    answer = send(client, "studio_rule", studio.pk, **{**data, "text": "每周三下午"}).content.decode()
    assert "接待日已定" in answer
    assert studio.rota_rules.get().opens.hour == 14


def test_a_day_is_changed_by_its_buttons(client, studio, office):
    day = ReceptionDayFactory(studio=studio, announced_at=None)
    BookingFactory(day=day)
    send(client, "reception_act", day.pk, "announce")
    to = day.on + timedelta(3)
    assert "已有1人预约" in page(client, "reception_act", day.pk, "move")
    answer = send(client, "reception_act", day.pk, "move", on=to.isoformat(), reason="停电").content.decode()
    assert "要打电话告知的来访人 1位" in answer
    other = studio.members.last()
    send(client, "reception_act", day.pk, "hosts", hosts=[other.pk])
    send(client, "reception_act", day.pk, "cancel", reason="下雪")
    day.refresh_from_db()
    assert (day.on, list(day.hosts.all()), day.cancel_reason) == (to, [other], "下雪")
    assert client.get(reverse("members:reception_act", args=[day.pk, "explode"])).status_code == 404


def test_numbers_are_masked_until_asked_for_and_then_logged(client, studio, office):
    row = BookingFactory(day=ReceptionDayFactory(studio=studio))
    before = page(client, "reception_day", row.slot.day_id)
    assert "138****5678" in before
    assert "13800005678" not in before
    assert "张先生" not in before
    assert not AuditEntry.objects.filter(verb="reception_day.phone").exists()
    after = send(client, "booking_act", row.pk, "phone").content.decode()
    assert "13800005678" in after
    assert AuditEntry.objects.get(verb="reception_day.phone").actor == office


def test_the_office_cancels_for_a_visitor(client, studio, office):
    row = BookingFactory(day=ReceptionDayFactory(studio=studio))
    send(client, "booking_act", row.pk, "cancel")
    row.refresh_from_db()
    assert (bool(row.cancelled_at), row.cancelled_by) == (True, office)


def test_a_ledger_entry_with_a_file_is_written_changed_and_taken_off(client, studio, office):
    pdf = SimpleUploadedFile("签到.pdf", b"%PDF-1.4\n%%EOF\n")
    today = timezone.localdate().isoformat()
    said = {"ledger": "activity", "on": today, "title": "走访", "text": "走访养老院"}
    answer = send(client, "studio_record_new", studio.pk, **said, files=pdf).content.decode()
    assert "签到.pdf" in answer
    record = StudioRecord.objects.get()
    send(client, "studio_record_edit", record.pk, **{**said, "title": "走访养老院"})
    file = attachments.files_of(record).get()
    sent = client.get(reverse("core:file", args=[file.uuid]))
    assert b"".join(sent.streaming_content).startswith(b"%PDF")
    for close in sent._resource_closers:
        close()  # the response's own close would also end this test's connection
    send(client, "studio_record_file", record.pk, file=file.uuid, confirmed="1")
    assert not attachments.files_of(record).exists()
    assert "走访养老院" in page(client, "studio_ledger", studio.pk)
    send(client, "studio_record_remove", record.pk, reason="登重了")
    assert "走访养老院" not in page(client, "studio_ledger", studio.pk)
    assert client.get(reverse("members:studio_record", args=[record.pk])).status_code == 404


def test_files_of_a_ledger_are_not_for_units(client, studio):
    record = StudioRecordFactory(studio=studio, made_by=UserFactory())
    file = attachments.add(record, SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n"), actor=record.made_by)
    client.force_login(UserFactory(roles=["supervisor"]))
    assert client.get(reverse("core:file", args=[file.uuid])).status_code == 404


def test_facts_and_requisites_are_changed_on_their_pages(client, studio, office):
    data = {
        "name": "“同心”工作室",
        "scope": "sector",
        "is_active": "on",
        "map_url": "map.example/1",
        "motto": "说得上话",
    }
    send(client, "studio_edit", studio.pk, **data)
    studio.refresh_from_db()
    assert (studio.name, studio.scope, studio.map_url) == ("“同心”工作室", "sector", "https://map.example/1")
    send(client, "studio_requisites", studio.pk, place="on", place_note="二楼")
    assert "有场所" in page(client, "studio", studio.pk)
    assert studio.requisites.get(item="place").note == "二楼"
    assert studio.requisites.filter(is_met=True).count() == 1


def test_exports_hold_no_visitor_and_are_logged(client, studio, office):
    BookingFactory(day=ReceptionDayFactory(studio=studio))
    for name, args in (("studio_export", []), ("studio_rota_export", [studio.pk])):
        answer = client.get(reverse(f"members:{name}", args=args))
        content = b"".join(answer.streaming_content)
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.values for cell in row]
        assert len(cells) > 10
        assert not any("张" in str(cell) or "1380000" in str(cell) for cell in cells)
    assert AuditEntry.objects.filter(verb__in=["studio.export", "studio.rota_export"]).count() == 2


def test_a_hosts_calendar_holds_his_days(client, studio):
    host = studio.members.first()
    host.user = UserFactory(roles=["member"])
    host.save()
    day = ReceptionDayFactory(studio=studio, hosts=[host])
    ReceptionDayFactory(studio=staffed_studio())
    events = calendar_feed.events_for(host.user, timezone.localdate())
    content = calendar_feed.render("日历", events, base="https://hanbin.example")
    (entry,) = [part for part in Calendar.from_ical(content).walk() if part.name == "VEVENT"]
    assert entry["uid"] == f"reception:{day.pk}@hanbin.example"
    assert entry["location"] == "老城街道"


def test_pages_keep_to_their_queries(client, office, django_assert_max_num_queries):
    for number in range(6):
        place = staffed_studio(reception_rule="每周三下午", name=f"第{number}工作室")
        rota_days.lay_out(place)
    ReceptionDay.objects.update(announced_at=timezone.now())
    with django_assert_max_num_queries(12):
        client.get(reverse("members:studios"))
    with django_assert_max_num_queries(26):
        client.get(reverse("members:studio", args=[place.pk]))
    with django_assert_max_num_queries(18):
        client.get(reverse("members:studio_rota", args=[place.pk]))
