"""Who may read what belongs to a session: page, files, speeches, papers, calendar, search, list and export."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from consultations.models import Consultation
from consultations.services import preparation, sessions, speaking
from core import attachments, finding
from members.models import Role
from tests.consultations.test_session_moved import DAY
from tests.factories import HandlingUnitFactory, MemberFactory, SpecialCommitteeFactory, StudioFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = ("机密背景", "机密议程", "机密记录", "机密发言", "机密书面", "机密材料.pdf", "机密照片.pdf", "机密附件.pdf")


def pdf(name: str) -> SimpleUploadedFile:
    """A small file."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n" + name.encode() + b"\n%%EOF\n")


@pytest.fixture
def full(house):
    """A session held, with everything that a session can have."""
    row = house.invited(background="机密背景", agenda="机密议程")
    row = Consultation.objects.get(pk=sessions.notify(row, actor=house.staff).pk)
    attachments.add(row, pdf("机密材料.pdf"), actor=house.staff, kind="material")
    attachments.add(row, pdf("机密照片.pdf"), actor=house.staff, kind="photo")
    member = house.members[0]
    speaking.add_speech(row, member, actor=house.staff, way="spoken", title="机密发言")
    speaking.hand_in(row, actor=member.user, title="机密发言", text="正文", files=[pdf("机密附件.pdf")])
    speaking.hand_in(row, actor=house.members[1].user, title="机密书面", text="正文")
    return sessions.hold(row, actor=house.staff, minutes="机密记录", consensus="公开的共识")


@pytest.fixture
def strangers(house):
    """Everybody who does not take part, by role: accounts of every role, other committees, studios and units."""
    found = {}
    for role in Role:
        if role in (Role.LIAISON, Role.LEADER, Role.DISTRICT_LEADER):
            continue
        if role in (Role.UNIT_OPERATOR, Role.UNIT_LEADER):
            found[role.value] = UserFactory(roles=[(role, HandlingUnitFactory())])
        elif role == Role.COMMITTEE:
            found[role.value] = UserFactory(roles=[(role, SpecialCommitteeFactory())])
        elif role == Role.CONVENER:
            found[role.value] = UserFactory(roles=[(role, StudioFactory())])
        else:
            found[role.value] = UserFactory(roles=[role])
    MemberFactory(user=found["member"], committee=house.committee)  # of the same committee, but not invited
    return found


def addresses(row) -> list[str]:
    """Every address that gives something of the session's materials."""
    speeches = [reverse("consultations:speech", args=[row.pk, one.pk]) for one in row.speeches.all()]
    files = [reverse("core:file", args=[one.uuid]) for one in attachments.files_of(row)]
    for speech in row.speeches.all():
        files += [reverse("core:file", args=[one.uuid]) for one in attachments.files_of(speech)]
    assert len(files) == 3
    names = ("print", "agenda_docx", "minutes_docx", "calendar")
    return [*speeches, *files, *(reverse(f"consultations:{name}", args=[row.pk]) for name in names)]


def status(client, url: str) -> int:
    """How a page answers; a file that it opened is closed again, without ending the test's connection."""
    response = client.get(url)
    for close in response._resource_closers:
        close()
    return response.status_code


def test_those_who_take_part_read_everything(client, house, full):
    for user in (
        house.members[0].user,
        house.members[1].user,
        house.operator,
        house.staff,
        house.liaison,
        house.leader,
    ):
        client.force_login(user)
        body = client.get(full.get_absolute_url()).content.decode()
        missing = [words for words in SECRET if words not in body and words != "机密附件.pdf"]
        assert not missing, user
        for url in addresses(full):
            assert status(client, url) == 200, (user, url)


def test_no_other_role_reads_anything_of_it_anywhere(client, strangers, full):
    for role, user in strangers.items():
        client.force_login(user)
        page = client.get(full.get_absolute_url())
        if page.status_code == 200:
            body = page.content.decode()
            assert "公开的共识" in body, role
            assert not [words for words in SECRET if words in body], role
        for url in addresses(full):
            assert client.get(url).status_code == 404, (role, url)
        listed = client.get(reverse("consultations:list")).content.decode()
        assert not [words for words in SECRET if words in listed], role
        for word in ("机密背景", "机密记录", "机密发言"):
            assert client.get(reverse("consultations:list"), {"q": word}).context["page"].total == 0, role
            assert not finding.everywhere(user, word), role
        answer = client.get(reverse("consultations:list"), {"format": "xlsx"})
        sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        words = "".join(str(cell.value) for line in sheet.iter_rows() for cell in line)
        assert not [secret for secret in SECRET if secret in words], role


def test_nobody_outside_knows_of_a_session_ahead_and_its_files(client, house, strangers):
    row = house.invited(on=DAY, background="机密背景")
    file = attachments.add(row, pdf("机密材料.pdf"), actor=house.staff, kind="material")
    url = reverse("core:file", args=[file.uuid])
    for user in (*strangers.values(), house.operator, house.members[0].user):
        client.force_login(user)
        assert client.get(url).status_code == 404
    sessions.notify(row, actor=house.staff)
    for user in (house.operator, house.members[0].user):
        client.force_login(user)
        assert status(client, url) == 200
    for user in strangers.values():
        client.force_login(user)
        assert client.get(url).status_code == 404


def test_paper_handed_in_before_the_session_is_its_authors_and_the_offices(client, house):
    row = Consultation.objects.get(pk=sessions.notify(house.invited(on=DAY), actor=house.staff).pk)
    author, other = house.members[0].user, house.members[1].user
    speech = speaking.hand_in(row, actor=author, title="还没有排", text="正文")
    url = reverse("consultations:speech", args=[row.pk, speech.pk])
    for user, expected in ((author, 200), (house.staff, 200), (other, 404), (house.operator, 404), (house.leader, 404)):
        client.force_login(user)
        assert status(client, url) == expected, user
    speaking.put_on_list(speech, actor=house.staff)
    client.force_login(other)
    assert status(client, url) == 200


def test_only_who_runs_it_adds_files_of_known_kinds_and_takes_them_off(client, house, full):
    url = reverse("consultations:files", args=[full.pk])
    client.force_login(house.members[0].user)
    assert client.post(url, {"kind": "photo", "files": pdf("a.pdf")}).status_code == 404
    client.force_login(house.staff)
    assert client.post(url, {"kind": "nonsense", "files": pdf("a.pdf")}).status_code == 404
    client.post(url, {"kind": "speech", "files": [pdf("b.pdf"), SimpleUploadedFile("c.exe", b"MZ")]})
    assert [one.name for one in attachments.files_of(full).filter(kind="speech")] == ["b.pdf"]
    one = attachments.files_of(full).get(kind="speech")
    client.post(url, {"remove": one.pk})
    assert not attachments.files_of(full).filter(kind="speech").exists()


def words_of(content: bytes) -> str:
    """All the text of a Word file."""
    return "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)


def test_agenda_and_minutes_are_word_files_that_say_what_happened(client, house, full):
    full.activity.attendances.filter(member=house.members[0]).update(state="present")
    client.force_login(house.staff)
    preparation_words = words_of(client.get(reverse("consultations:agenda_docx", args=[full.pk])).content)
    assert "机密议程" in preparation_words
    assert house.members[0].name in preparation_words
    minutes = words_of(client.get(reverse("consultations:minutes_docx", args=[full.pk])).content)
    for words in (
        "会议纪要",
        "机密记录",
        "公开的共识",
        "《机密发言》",
        "书面意见",
        f"出席委员（1人）：{house.members[0].name}",
    ):
        assert words in minutes, words
    ahead = house.planned(on=DAY)
    assert client.get(reverse("consultations:minutes_docx", args=[ahead.pk])).status_code == 404


def test_unit_answers_on_the_page_and_a_refused_answer_keeps_what_was_typed(client, house):
    row = Consultation.objects.get(pk=sessions.notify(house.invited(on=DAY), actor=house.staff).pk)
    client.force_login(house.operator)
    url = reverse("consultations:delegate", args=[row.pk])
    answer = client.post(url, {"unit": house.unit.pk, "answer": "none", "people": "李明（副局长）"})
    assert answer.status_code == 422
    assert "李明（副局长）" in answer.content.decode()
    client.post(url, {"unit": house.unit.pk, "answer": "come", "people": "李明（副局长）"})
    assert row.delegations.get().people == "李明（副局长）"
    other = HandlingUnitFactory()
    assert client.post(url, {"unit": other.pk, "answer": "come", "people": "冒名"}).status_code == 422
    assert row.delegations.count() == 1


def test_forged_numbers_of_another_session_do_nothing(client, house):
    mine, other = house.planned(on=DAY, title="一"), house.planned(on=DAY, title="二")
    speech = speaking.add_speech(other, house.members[0], actor=house.staff, way="spoken")
    task = preparation.add_task(other, actor=house.staff, text="订车")
    client.force_login(house.staff)
    assert (
        client.post(reverse("consultations:speaking", args=[mine.pk]), {"op": f"remove:{speech.pk}"}).status_code == 404
    )
    assert client.post(reverse("consultations:prepare", args=[mine.pk]), {"op": f"done:{task.pk}"}).status_code == 404
    assert client.get(reverse("consultations:speech", args=[mine.pk, speech.pk])).status_code == 404
    assert other.speeches.exists()
