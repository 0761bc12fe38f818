"""What people might try who know the addresses: fields that no form shows, markup, other people's records, guessing."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import attachments
from core.models import AuditEntry
from members.models import HandlingUnit, Member, RoleGrant
from proposals.models import Category, Feedback, Proposal, Reply, UnitTask
from proposals.services import drafting
from tests import handled

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def world() -> handled.World:
    """People of every role."""
    return handled.build()


def draft(world, **values) -> Proposal:
    """A complete draft of ``member``."""
    text = {
        "title": "关于供水的建议", "situation": "情况。", "analysis": "分析。", "suggestions": ["建立管护责任清单。"],
        "category": Category.objects.get(code="society"), "kind": "individual",
    }  # fmt: skip
    return drafting.create_draft(actor=world["member"], **(text | values))


def first_screen(**changes) -> dict:
    """What screen one posts."""
    category = Category.objects.get(code="society")
    return {
        "kind": "individual", "title": "关于供水的建议", "category": str(category.pk), "situation": "情况。", "analysis": "分析。",
        "ask": ["建立管护责任清单。"], "page_token": "t", "next": "1",
    } | changes  # fmt: skip


# --- Fields that no form shows -----------------------------------------------------------------

SMUGGLED = {
    "status": "filed", "number": "1", "intake_no": "2026-0001", "filed_on": "2026-01-01", "is_key": "on", "excellent_on": "2026-01-01",
    "published_on": "2026-01-01", "rating": "satisfied", "attitude": "satisfied", "closed_on": "2026-01-01", "result_class": "1",
    "first_reviewer": "1", "second_reviewer": "1", "lead_unit": "1", "assigned_on": "2026-01-01", "year": "2001", "session": "1",
    "round": "9", "created_by": "1", "entered_by": "1", "merged_into": "1", "version": "1",
}  # fmt: skip
KEPT = ("status", "number", "intake_no", "filed_on", "is_key", "excellent_on", "published_on", "rating", "closed_on", "lead_unit_id",
        "first_reviewer_id", "second_reviewer_id", "year", "session_id", "round", "created_by_id", "merged_into_id")  # fmt: skip


@pytest.mark.parametrize("page", ["edit", "autosave", "finish", "autosave_finish"])
def test_draft_takes_no_field_that_its_form_does_not_show(client, world, page):
    case = draft(world)
    before = Proposal.objects.filter(pk=case.pk).values(*KEPT).get()
    client.force_login(world["member"])
    client.post(
        reverse(f"proposals:{page}", args=[case.pk]), SMUGGLED | {"title": "关于别的建议", "kind": "individual"}
    )
    assert Proposal.objects.filter(pk=case.pk).values(*KEPT).get() == before


def test_unit_cannot_issue_its_own_reply_by_more_fields(client, world):
    reply = world.drafted()
    client.force_login(world["unit"])
    extra = {
        "status": "issued",
        "issued_on": "2026-01-01",
        "signed_by": str(world["unit"].pk),
        "round": "2",
        "task": "1",
    }
    client.post(reverse("proposals:reply_save", args=[reply.pk]), extra)
    for verb in ("issue", "approve", "office_return", "__class__", "status", ""):
        client.post(reverse("proposals:reply_act", args=[reply.pk]), {"verb": verb, "confirmed": "1"})
    row = Reply.objects.get(pk=reply.pk)
    assert (row.status, row.issued_on, row.signed_by_id, row.round) == ("draft", None, None, reply.round)


@pytest.mark.parametrize(
    "verb", ["mark_replied", "close", "rehandle", "start_handling", "follow_up", "no-such-verb", "assign"]
)
def test_verbs_of_the_system_are_not_for_people(client, world, verb):
    case = world.issued().task.proposal
    status = Proposal.objects.get(pk=case.pk).status
    for name in ("member", "proposal-chief", "inspection", "unit-head"):
        client.force_login(world[name])
        client.post(reverse("proposals:act", args=[case.pk, verb]), {"confirmed": "1", "reason": "理由"})
    assert Proposal.objects.get(pk=case.pk).status == status


# --- Other people's records --------------------------------------------------------------------


def test_forged_member_as_proposer_or_cosigner_speaks_for_nobody(client, world):
    other = Member.objects.get(user=world["member2"])
    client.force_login(world["member"])
    for name, value in (("pk", str(other.pk)), ("name", other.name), ("code", other.code)):
        forged = dict.fromkeys(("member", "proposer", "on_behalf", "cosigners", "body"), value)
        client.post(reverse("proposals:new"), first_screen(page_token=name) | forged)
    assert Proposal.objects.count() == 3
    for case in Proposal.objects.all():
        assert [row.member_id for row in case.proposers.all()] == [world["member"].member_id]
        assert not case.is_entered


def test_feedback_of_another_is_neither_read_nor_given(client, world):
    form = Feedback.objects.get(proposal=world.issued().task.proposal)
    client.force_login(world["member2"])
    url = reverse("proposals:feedback", args=[form.pk])
    good = {
        "contact_way": "meeting",
        "targeting": "on_point",
        "attitude": "satisfied",
        "result": "satisfied",
        "confirmed": "1",
    }
    assert client.get(url).status_code == client.post(url, good).status_code == 404
    assert Feedback.objects.get(pk=form.pk).state == "waiting"


def test_batches_take_no_record_that_the_person_may_not_touch(client, world):
    task = world.assigned()
    client.force_login(world["unit2"])
    client.post(reverse("proposals:task_sign_many"), {"pick": [str(task.pk), "-1", "9" * 30, "x"]})
    assert UnitTask.objects.get(pk=task.pk).signed_on is None
    client.force_login(world["member"])
    for verb in ("recommend", "decide", "assign", "archive", "excellent"):
        response = client.post(
            reverse("proposals:batch"), {"pick": [str(task.proposal_id)], "verb": verb, "confirmed": "1"}, follow=True
        )
        assert response.status_code in (200, 404)
    assert Proposal.objects.get(pk=task.proposal_id).status == "assigned"


@pytest.mark.parametrize("name", ["member2", "unit2", "sysadmin"])
def test_forbidden_and_unknown_look_the_same(client, world, name):
    case = draft(world)
    file = attachments.add(case, SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n"), actor=world["member"])
    client.force_login(world[name])

    def answer(url: str) -> tuple[int, str]:
        page = client.get(url)
        return page.status_code, re.sub(r"[0-9a-f-]{36}|nonce-\S+|\d+", "#", page.content.decode())

    assert answer(reverse("proposals:item", args=[case.pk])) == answer(
        reverse("proposals:item", args=[case.pk + 999_999])
    )
    assert answer(reverse("core:file", args=[file.uuid]))[0] == 404
    assert answer(reverse("proposals:edit", args=[case.pk])) == answer(
        reverse("proposals:edit", args=[case.pk + 999_999])
    )


def test_unit_that_lost_its_role_loses_its_cases_at_once(client, world):
    reply = world.drafted()
    client.force_login(world["unit"])
    assert client.get(reverse("proposals:reply", args=[reply.pk])).status_code == 200
    RoleGrant.objects.filter(user=world["unit"]).delete()
    assert client.get(reverse("proposals:reply", args=[reply.pk])).status_code == 404


# --- Markup and files --------------------------------------------------------------------------


def test_markup_in_a_text_is_text_on_every_page(client, world):
    unit = HandlingUnit.objects.first()
    case = draft(world, title=EVIL[:50], situation=EVIL, analysis=EVIL, suggestions=[EVIL])
    case.suggested_units.add(unit)
    case = drafting.submit(case, actor=world["member"])
    client.force_login(world["proposal-clerk"])
    for url in (
        reverse("proposals:item", args=[case.pk]), reverse("proposals:print", args=[case.pk]), reverse("proposals:list"),
        reverse("proposals:review_item", args=[case.pk]), reverse("home:index"), reverse("frame:notices"),
        reverse("proposals:list") + "?q=" + EVIL, reverse("frame:find") + "?q=" + EVIL,
    ):  # fmt: skip
        page = client.get(url, follow=True).content.decode()
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
    assert (
        "script-src" in client.get("/home/")["Content-Security-Policy"]
        or "default-src 'self'" in client.get("/home/")["Content-Security-Policy"]
    )


def bomb(megabytes: int) -> bytes:
    """A Word file of a few kilobytes whose text unpacks to many megabytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("word/document.xml", b"0" * megabytes * 1024 * 1024)
    return buffer.getvalue()


def test_word_file_that_unpacks_to_much_is_stored_as_it_is_and_never_unpacked(client, world, monkeypatch):
    case, packed = draft(world), bomb(64)
    assert len(packed) < 200_000
    monkeypatch.setattr(ZipFile, "read", lambda *a, **k: pytest.fail("unpacked"))
    monkeypatch.setattr(ZipFile, "open", lambda *a, **k: pytest.fail("unpacked"))
    row = attachments.add(case, SimpleUploadedFile("大.docx", packed), actor=world["member"])
    assert row.size == len(packed)


def test_file_is_sent_as_a_file_and_never_shown_as_a_page(client, world):
    case = draft(world)
    row = attachments.add(
        case, SimpleUploadedFile("a.pdf", b"%PDF-1.4\n<script>alert(1)</script>"), actor=world["member"]
    )
    client.force_login(world["member"])
    answer = client.get(reverse("core:file", args=[row.uuid]))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    for close in answer._resource_closers:
        close()


# --- Too much ----------------------------------------------------------------------------------


def test_text_of_sixty_thousand_characters_is_refused_in_words_and_kept_on_the_page(client, world):
    client.force_login(world["member"])
    long = "长" * 60_000
    page = client.post(reverse("proposals:new"), first_screen(situation=long)).content.decode()
    assert long in page  # nothing typed is lost
    assert "不超过" in page or "最多" in page
    saved = client.post(reverse("proposals:autosave_new"), first_screen(situation=long, page_token="v")).json()
    assert set(saved) & {"error", "saved_at"}
    for case in Proposal.objects.all():
        assert case.situation in ("", long)
    title = client.post(reverse("proposals:new"), first_screen(title="题" * 60_000, page_token="u"))
    assert title.status_code == 200
    assert "50" in title.content.decode()
    assert not Proposal.objects.filter(title__startswith="题").exists()


def test_pressing_twice_gives_one_intake_number(client, world):
    case = draft(world)
    client.force_login(world["member"])
    url = reverse("proposals:finish", args=[case.pk])
    form = {
        "submit": "1",
        "confirmed": "1",
        "publish_consent": "1",
        "contact_name": "刘玥",
        "contact_phone": "19900000000",
    }
    for _ in range(2):
        client.post(url, form)
    numbers = list(Proposal.objects.exclude(intake_no=None).values_list("intake_no", flat=True))
    assert len(numbers) == 1
    assert AuditEntry.objects.filter(verb="proposal.submit").count() == 1
