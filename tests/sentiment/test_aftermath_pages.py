"""What follows an issue, on its pages: evidence, corrections, a leader's own note, the term, the unit's answer."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import attachments, outbox, workdays
from core.models import Attachment, Deadline, Notice
from members.models import Role
from sentiment.models import Adoption, Forward, LeaderNote
from sentiment.services import aftermath
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 evidence"


def act(report, verb):
    """The address of one act."""
    return reverse("sentiment:act", args=[report.pk, verb])


def pdf(name="采用通知.pdf", content=PDF):
    """An upload."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def opens(client, file):
    """Whether the file is given out to whoever is signed in."""
    answer = client.get(reverse("core:file", args=[file.uuid]))
    for close in answer._resource_closers:
        close()  # the response's own close would also end this test's connection
    return answer.status_code == 200


def adopted(client, house, report, *files):
    """Record an adoption by the form."""
    client.force_login(house.editor)
    said = {"level": "city", "body_name": "市政协", "on": "", "note": "", "files": list(files)}
    return client.post(act(report, "adopt"), said, follow=True)


def test_adoption_keeps_its_evidence_for_those_who_see_it(client, house):
    report = house.issued()
    assert "采用通知.pdf" in adopted(client, house, report, pdf()).content.decode()
    file = Attachment.objects.get(kind="evidence")
    for who, may in ((house.editor, True), (house.leader, True), (house.author, True), (house.operator, False)):
        client.force_login(who)
        assert opens(client, file) == may, who
    client.logout()
    assert not opens(client, file)


@pytest.mark.parametrize(("name", "content"), [("采用通知.pdf", b"MZ program"), ("采用通知.exe", PDF), ("空.pdf", b"")])
def test_file_that_lies_is_refused_and_nothing_is_recorded(client, house, name, content):
    report = house.issued()
    page = adopted(client, house, report, pdf(name, content)).content.decode()
    assert not Adoption.objects.exists()
    assert not Attachment.objects.exists()
    assert "市政协" in page  # what was typed is still there
    assert "没有收" in page or "空" in page


def test_wrong_adoption_and_note_are_taken_off_with_a_reason(client, house):
    report = house.issued()
    adopted(client, house, report, pdf())
    row = Adoption.objects.get()
    note = aftermath.note(report, actor=house.editor, leader="区长", level="district", text="请研究", on=None)
    for kind, record in (("adoption", row), ("note", note)):
        address = reverse("sentiment:unrecord", args=[report.pk, kind, record.pk])
        client.force_login(house.checker)
        assert client.get(address).status_code == 404
        client.force_login(house.editor)
        assert client.post(address, {"reason": " "}).status_code == 200
        record.refresh_from_db()
        assert record.removed_at is None
        assert client.post(address, {"reason": "登记重了"}).status_code == 302
        record.refresh_from_db()
        assert record.removed_at is not None
        assert client.get(address).status_code == 404
    client.force_login(house.author)
    assert not opens(client, Attachment.objects.get())


@pytest.mark.parametrize("kind", ["forward", "report", "x"])
def test_forged_kind_or_row_of_another_report_is_not_found(client, house, kind):
    report, other = house.issued(), house.issued(title="另一篇")
    row = aftermath.adopt(other, actor=house.editor, level="city", body_name="市政协", on=None)
    client.force_login(house.editor)
    assert client.get(reverse("sentiment:unrecord", args=[other.pk, kind, row.pk])).status_code == 404
    assert client.get(reverse("sentiment:unrecord", args=[report.pk, "adoption", row.pk])).status_code == 404


def test_leader_writes_a_note_and_the_office_is_told(client, house):
    report = house.issued()
    client.force_login(house.leader)
    assert act(report, "write_note") in client.get(report.get_absolute_url()).content.decode()
    client.post(act(report, "write_note"), {"text": "请住建局一周内拿出办法。", "for_unit": "on"})
    note = LeaderNote.objects.get()
    assert (note.leader, note.level, note.on, note.for_unit) == (
        str(house.leader), "district", timezone.localdate(), True,
    )  # fmt: skip
    outbox.run_pending()
    told = Notice.objects.filter(title__contains="领导批示")
    assert {row.recipient_id for row in told} == {house.editor.pk, house.signer.pk}
    assert not told.filter(body__contains="拿出办法").exists()


@pytest.mark.parametrize("who", ["editor", "checker", "author", "operator"])
def test_nobody_else_writes_in_a_leaders_name(client, house, who):
    report = house.forwarded().report
    client.force_login(getattr(house, who))
    client.post(act(report, "write_note"), {"text": "冒名批示"})
    assert not LeaderNote.objects.exists()


def test_leader_writes_nothing_on_what_was_not_issued(client, house):
    report = house.signed()
    client.force_login(house.leader)
    assert client.post(act(report, "write_note"), {"text": "批示"}).status_code == 404
    assert not LeaderNote.objects.exists()


def test_unit_gets_the_term_that_was_set(client, house):
    report = house.issued()
    client.force_login(house.editor)
    client.post(act(report, "forward"), {"units": [house.unit.pk], "request": "请尽快", "days": "5"})
    due = Deadline.objects.get(kind="answer").due
    assert due == workdays.add_working_days(timezone.localdate(), 5).due


def test_forms_term_begins_with_the_usual_one_and_refuses_nonsense(client, house):
    report = house.issued()
    client.force_login(house.editor)
    assert client.get(act(report, "forward")).context["form"]["days"].value() == 15
    client.post(act(report, "forward"), {"units": [house.unit.pk], "days": "0"})
    assert not Forward.objects.exists()


def test_units_page_says_what_to_do_and_takes_the_answer_with_its_files(client, house):
    row = house.forwarded()
    client.force_login(house.operator)
    page = client.get(row.get_absolute_url()).content.decode()
    for words in ("现在请您做：调查、答复", "有事找谁", "写答复", row.report.title):
        assert words in page
    said = {"text": "已调整路灯时间。", "files": [pdf("答复.pdf")]}
    asked = client.post(row.get_absolute_url(), said)
    assert "送出后不能修改" in asked.content.decode()
    file = attachments.files_of(row).get()
    client.force_login(house.author)
    assert not opens(client, file)  # not sent yet
    client.force_login(house.operator)
    client.post(row.get_absolute_url(), {"text": "已调整路灯时间。", "confirmed": "1"})
    row.refresh_from_db()
    assert row.answer == "已调整路灯时间。"
    client.force_login(house.author)
    assert opens(client, file)
    assert "答复.pdf" in client.get(row.report.get_absolute_url()).content.decode()
    client.force_login(UserFactory(roles=[Role.MEMBER]))
    assert not opens(client, file)


def test_file_of_an_answer_is_dropped_before_sending_and_kept_after(client, house):
    row = house.forwarded()
    client.force_login(house.operator)
    client.post(row.get_absolute_url(), {"text": "答复", "files": [pdf("甲.pdf")]})
    file = attachments.files_of(row).get()
    client.post(row.get_absolute_url(), {"text": "答复", "drop_file": file.pk})
    assert not attachments.files_of(row).exists()
    client.post(row.get_absolute_url(), {"text": "答复", "files": [pdf("乙.pdf")]})
    client.post(row.get_absolute_url(), {"text": "答复", "confirmed": "1"})
    client.post(row.get_absolute_url(), {"drop_file": attachments.files_of(row).get().pk})
    assert attachments.files_of(row).count() == 1


def test_author_finds_the_answer_in_todo_and_as_next_act(client, house):
    row = house.forwarded()
    aftermath.answer(row, actor=house.operator, text="已调整")
    client.force_login(house.author)
    judge = reverse("sentiment:forward_judge", args=[row.pk])
    assert judge in client.get("/home/").content.decode()
    page = client.get(row.report.get_absolute_url())
    assert [(button.url, button.strong) for button in page.context["buttons"]] == [(judge, True)]
    client.post(judge, {"enough": "1", "comment": ""})
    assert judge not in client.get("/home/").content.decode()


def test_answer_is_asked_again_with_a_term_of_its_own(client, house):
    row = house.forwarded()
    aftermath.answer(row, actor=house.operator, text="研究中")
    client.force_login(house.author)
    client.post(reverse("sentiment:forward_judge", args=[row.pk]), {"enough": "0", "comment": "没有说哪天改"})
    again = Forward.objects.get(round=2)
    client.force_login(house.operator)
    page = client.get(again.get_absolute_url()).content.decode()
    assert "第2轮" in page
    assert "没有说哪天改" in page
    assert "研究中" in page
    assert Deadline.objects.open().get(kind="answer").due > timezone.localdate() + timedelta(days=10)
