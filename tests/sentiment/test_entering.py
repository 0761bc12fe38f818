"""The office enters reports from paper; who reports besides; files of a draft; more into an open composite; closing several."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import attachments
from members.models import Role
from sentiment.models import OpinionReport
from sentiment.services import aftermath, editing, writing
from tests.factories import BodyFactory, MemberFactory, UserFactory
from tests.sentiment.world import TEXT

pytestmark = pytest.mark.django_db
NEW = "/sentiment/new/"


def enter(client, house, **said):
    """Hand a report in by the editor's form; the answer and the report."""
    client.force_login(house.editor)
    answer = client.post(NEW, {**TEXT, "submit": "1", "confirmed": "1", "page_token": "t", **said})
    return answer, OpinionReport.objects.order_by("-pk").first()


def reporters(report):
    """Who reports, in order: name, identity, post."""
    return [(row.name, row.identity, row.post) for row in report.reporters.all()]


def test_editor_enters_a_members_letter_which_is_the_members_own(client, house):
    answer, report = enter(client, house, reporter=house.member.name)
    assert answer.status_code == 302
    assert report.source == "member"
    assert [row.member_id for row in report.reporters.all()] == [house.member.pk]
    assert OpinionReport.objects.visible_to(house.author).filter(pk=report.pk).exists()
    assert house.author.has_perm("sentiment.write", report)


def test_editor_enters_for_somebody_from_outside(client, house):
    _, report = enter(
        client, house, reporter="周外来", identity="city", reporter_post="某公司经理", reporter_phone="13800001234",
        people="李四（省政协委员、某大学教授）、王五（民盟区总支）",
    )  # fmt: skip
    assert reporters(report) == [
        ("周外来", "city", "某公司经理"), ("李四", "province", "省政协委员、某大学教授"), ("王五", "other", "民盟区总支"),
    ]  # fmt: skip
    assert report.reporters.first().phone == "13800001234"
    assert report.reporter_name == "周外来"


def test_editor_enters_for_a_body(client, house):
    body = BodyFactory(kind="committee", name="社会法制委员会")
    _, report = enter(client, house, body=body.pk)
    assert (report.source, report.body, report.reporter_name) == ("committee", body, "社会法制委员会")


def test_editors_own_name_never_stands_for_the_reporter(client, house):
    answer, report = enter(client, house)
    assert answer.status_code == 200
    assert "请写反映人" in answer.content.decode()
    client.post("/sentiment/new/autosave/", {**TEXT, "page_token": "u"})
    saved = OpinionReport.objects.order_by("-pk").first()
    assert not saved.reporters.exists()


def test_reporter_is_changed_until_it_is_handed_in(client, house):
    other = MemberFactory()
    client.force_login(house.editor)
    client.post(NEW, {**TEXT, "later": "1", "page_token": "t", "reporter": house.member.name})
    report = OpinionReport.objects.get()
    form = client.get(reverse("sentiment:edit", args=[report.pk])).context["form"]
    assert form["reporter"].value() == house.member.name
    said = {**TEXT, "submit": "1", "confirmed": "1", "version": report.version, "reporter": other.code}
    client.post(reverse("sentiment:edit", args=[report.pk]), said)
    assert [row.member_id for row in report.reporters.all()] == [other.pk]


@pytest.mark.parametrize(("people", "words"), [("查无此人", "不在委员名录里"), ("重名", "有几位")])
def test_name_that_is_nobody_or_several_is_said_and_nothing_is_lost(client, house, people, words):
    for _ in range(2):
        MemberFactory(name="重名")
    client.force_login(house.author)
    page = client.post(NEW, {**TEXT, "people": people, "submit": "1", "page_token": "t"}).content.decode()
    assert words in page
    assert TEXT["situation"] in page


def test_member_cannot_enter_in_another_name(client, house):
    client.force_login(house.author)
    said = {**TEXT, "reporter": "别人", "submit": "1", "confirmed": "1", "page_token": "t"}
    client.post(NEW, said)
    assert OpinionReport.objects.get().reporter_name == house.member.name
    with pytest.raises(Exception, match="只有信息编辑"):
        writing.enter_for(house.draft(), actor=house.author, body=None, people=[])


def test_file_of_a_draft_is_taken_off_and_what_was_typed_stays(client, house):
    report = house.draft()
    file = attachments.add(report, SimpleUploadedFile("图.pdf", b"%PDF-1.4 x"), actor=house.author)
    client.force_login(house.author)
    address = reverse("sentiment:edit", args=[report.pk])
    said = {**TEXT, "situation": "改写的情况", "version": report.version, "drop_file": file.pk}
    assert client.post(address, said).status_code == 302
    report.refresh_from_db()
    assert report.situation == "改写的情况"
    assert not attachments.files_of(report).exists()
    other = house.draft(title="别的")
    kept = attachments.add(other, SimpleUploadedFile("图.pdf", b"%PDF-1.4 y"), actor=house.author)
    client.post(address, {**TEXT, "drop_file": kept.pk})
    assert attachments.files_of(other).exists()


def test_more_reports_go_into_an_open_composite_with_their_words_and_credit(client, house):
    whole = editing.make_composite(
        [house.submitted(), house.submitted(title="第二篇")], actor=house.editor, title="路灯综合"
    )
    third = house.submitted(title="第三篇", situation="第三处也早关。")
    client.force_login(house.editor)
    address = f"{reverse('sentiment:composite')}?ids={third.pk}"
    assert "编到哪里" in client.get(address).content.decode()
    client.post(address, {"whole": whole.pk, "title": ""})
    third.refresh_from_db()
    whole.refresh_from_db()
    assert (third.status, third.combined_into_id) == ("combined", whole.pk)
    assert "第三处也早关。" in whole.situation
    assert whole.versions.count() == 2


def test_composite_that_is_no_longer_open_takes_nothing(client, house):
    whole = editing.make_composite([house.submitted(), house.submitted()], actor=house.editor, title="综合")
    editing.finish_edit(whole, actor=house.editor)
    third = house.submitted(title="第三篇")
    client.force_login(house.editor)
    client.post(f"{reverse('sentiment:composite')}?ids={third.pk}", {"whole": whole.pk, "title": ""})
    third.refresh_from_db()
    assert third.status == "submitted"


def test_several_are_closed_after_asking_once_and_the_others_are_named(client, house):
    row = house.forwarded()
    aftermath.answer(row, actor=house.operator, text="已办")
    waiting, ready = house.forwarded(title="还没答复").report, row.report
    client.force_login(house.editor)
    picked = {"verb": "close", "pick": [ready.pk, waiting.pk]}
    assert "办结这2篇" in client.post(reverse("sentiment:batch"), picked).content.decode()
    page = client.post(reverse("sentiment:batch"), {**picked, "confirmed": "1"}, follow=True).content.decode()
    assert "已办结1篇" in page
    assert "《还没答复》没有办结" in page
    ready.refresh_from_db()
    assert ready.status == "closed"


@pytest.mark.parametrize("role", [Role.INFO_CHECKER, Role.INFO_SIGNER, Role.MEMBER])
def test_only_the_editor_closes_several(client, house, role):
    row = house.forwarded()
    client.force_login(UserFactory(roles=[role]))
    client.post(reverse("sentiment:batch"), {"verb": "close", "pick": [row.report_id], "confirmed": "1"})
    assert OpinionReport.objects.get(pk=row.report_id).status == "forwarded"
