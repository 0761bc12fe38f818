"""Attachments: what a file says of itself is not believed, and who may not read the record gets nothing."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from core import attachments, options
from core.errors import Refusal
from core.models import Attachment, AuditEntry
from members.models import Term
from tests.factories import MemberFactory, ProposalFactory, UserFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 32
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512


def package(*names):
    """A zip file with parts of these names."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


WORD = package("[Content_Types].xml", "word/document.xml")
SHEET = package("[Content_Types].xml", "xl/workbook.xml")


def upload(name, content):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def member():
    return MemberFactory(user=UserFactory(roles=["member"]))


@pytest.fixture
def proposal(member):
    return ProposalFactory(member=member)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", PDF), ("a.PNG", PNG), ("a.jpg", JPEG), ("a.jpeg", JPEG), ("a.doc", OLE), ("a.xls", OLE),
     ("a.wps", OLE), ("a.docx", WORD), ("a.xlsx", SHEET)],
)  # fmt: skip
def test_add_takes_files_that_are_what_they_say(proposal, member, name, content):
    row = attachments.add(proposal, upload(name, content), actor=member.user)
    with row.file.open("rb") as stored:
        assert stored.read() == content
    assert (row.name, row.size) == (name, len(content))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("假.pdf", b"MZ\x90\x00 this program", "内容却不是"),
        ("假.docx", PDF, "内容却不是"),
        ("假.docx", SHEET, "内容却不是"),
        ("假.xlsx", package("a.txt"), "内容却不是"),
        ("坏.docx", b"PK\x03\x04 broken", "内容却不是"),
        ("宏.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "有宏"),
        ("网页.html", b"<script>alert(1)</script>", "只收"),
        ("图.svg", b"<svg onload='x()'/>", "只收"),
        ("走访视频.mp4", b"\x00\x00\x00\x18ftyp", "只收"),
        ("pdf", PDF, "只收"),
        ("a.pdf.exe", PDF, "只收"),
        ("空.pdf", b"", "空的"),
    ],
)
def test_add_refuses_what_lies_and_says_what_to_do(proposal, member, name, content, words):
    with pytest.raises(Refusal, match=words) as problem:
        attachments.add(proposal, upload(name, content), actor=member.user)
    assert problem.value.field == "files"
    assert not Attachment.objects.exists()


def test_add_refuses_too_large_a_file(proposal, member):
    options.set_value("files.max_megabytes", 1, actor=member.user)
    with pytest.raises(Refusal, match="不超过1 MB"):
        attachments.add(proposal, upload("大.pdf", PDF + b"0" * (1024 * 1024)), actor=member.user)


def test_add_refuses_one_more_than_allowed(proposal, member):
    for number in range(5):
        attachments.add(proposal, upload(f"{number}.pdf", PDF + bytes([number])), actor=member.user, most=5)
    with pytest.raises(Refusal, match="最多5个"):
        attachments.add(proposal, upload("6.pdf", PDF + b"x"), actor=member.user, most=5)


def test_add_same_file_again_is_the_one_there(proposal, member):
    one = attachments.add(proposal, upload("甲.pdf", PDF), actor=member.user, most=1)
    assert attachments.add(proposal, upload("乙.pdf", PDF), actor=member.user, most=1) == one


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\照片.png", "照片.png"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ("长" * 300 + ".pdf", "长" * 150 + ".pdf"),
    ],
)
def test_clean_name_is_a_name_and_no_path(given, kept):
    assert attachments.clean_name(given) == kept


def test_stored_path_tells_nothing_of_the_name_and_stays_in_the_media_folder(proposal, member):
    row = attachments.add(proposal, upload("机密照片.pdf", PDF), actor=member.user)
    path = Path(row.file.path).resolve()
    assert path.is_relative_to(Path(settings.MEDIA_ROOT).resolve())
    assert path.name == row.uuid.hex


def test_file_is_sent_to_whoever_reads_the_record_and_to_nobody_else(client, proposal, member):
    row = attachments.add(proposal, upload("说明.docx", WORD), actor=member.user)
    url = f"/files/{row.uuid}/"
    assert client.get(url).status_code == 302
    client.force_login(UserFactory(roles=["member"]))
    assert client.get(url).status_code == 404
    client.force_login(UserFactory(roles=["sysadmin"]))
    assert client.get(url).status_code == 404
    client.force_login(member.user)
    response = client.get(url)
    assert b"".join(response.streaming_content) == WORD
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]


def test_file_that_was_removed_or_is_unknown_is_not_found(client, proposal, member):
    row = attachments.add(proposal, upload("a.pdf", PDF), actor=member.user)
    client.force_login(member.user)
    attachments.remove(row, actor=member.user)
    assert client.get(f"/files/{row.uuid}/").status_code == 404
    assert client.get("/files/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert client.get("/files/../../etc/passwd/").status_code == 404
    assert not attachments.files_of(proposal).exists()


def test_file_of_a_record_without_a_rule_is_read_by_nobody(client, member):
    term = Term.objects.create(number=99, name="某届", starts="2020-01-01")
    row = attachments.add(term, upload("a.pdf", PDF), actor=member.user)
    client.force_login(member.user)
    assert client.get(f"/files/{row.uuid}/").status_code == 404


def test_add_and_remove_are_logged_with_the_case(proposal, member):
    row = attachments.add(proposal, upload("a.pdf", PDF), actor=member.user)
    attachments.remove(row, actor=member.user)
    logged = AuditEntry.objects.filter(root_type="proposals.proposal", root_id=proposal.pk)
    verbs = list(logged.values_list("verb", flat=True))
    assert verbs == ["attachment.add", "attachment.remove"]
    assert logged[0].detail["sha256"] == row.sha256
