"""What goes wrong: two editors on one report, a pasted book, script in the text, the same person twice."""

import io
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils.html import escape

from core.errors import Refusal
from sentiment import issue_paper
from sentiment.models import OpinionReport, ReportStatus
from sentiment.services import aftermath, bulletins, editing, writing
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert('路灯')</script><img src=x onerror=alert(1)>"


def typed(report, **values) -> dict[str, str]:
    """What the editor's page sends."""
    names = ("title", "category", "situation", "analysis", "suggestions")
    return {**{name: getattr(report, name) for name in names}, "version": str(report.version), **values}


def test_second_editor_is_told_and_sees_both_wordings(client, house):
    report = house.editing()
    other = UserFactory(roles=["info_editor"])
    url = reverse("sentiment:work", args=[report.pk])
    seen = typed(report)
    client.force_login(house.editor)
    client.post(url, {**seen, "title": "甲写的标题"})
    client.force_login(other)
    page = client.post(url, {**seen, "title": "乙写的标题", "suggestions": "乙写的建议。"}).content.decode()
    assert str(house.editor) in page
    assert "现在存着的和您写的" in page
    assert re.search(r"<del>.*甲", page), "the other's wording stands beside"
    assert 'value="乙写的标题"' in page, "what the second typed stays in the form"
    assert "乙写的建议。" in page
    assert OpinionReport.objects.get(pk=report.pk).title == "甲写的标题"

    version = OpinionReport.objects.get(pk=report.pk).version
    client.post(url, {**seen, "title": "乙写的标题", "version": str(version)})
    assert OpinionReport.objects.get(pk=report.pk).title == "乙写的标题"
    assert list(report.versions.values_list("title", flat=True))[-2:] == ["甲写的标题", "乙写的标题"], "both are kept"


def test_editor_who_saves_late_is_told_where_the_report_has_gone(client, house):
    report = house.editing()
    seen = typed(report, title="晚到的标题")
    editing.finish_edit(report, actor=house.editor)
    client.force_login(UserFactory(roles=["info_checker"]))
    editing.check(OpinionReport.objects.get(pk=report.pk), actor=house.checker)
    client.force_login(house.editor)
    page = client.post(reverse("sentiment:work", args=[report.pk]), seen, follow=True).content.decode()
    assert "待签发" in page
    assert OpinionReport.objects.get(pk=report.pk).title == report.title


def test_pasted_book_stays_on_the_authors_page(client, house):
    client.force_login(house.author)
    book = "长" * 60_000
    text = {"title": "路灯", "situation": book, "suggestions": "修", "submit": "1"}
    page = client.post(reverse("sentiment:new"), text).content.decode()
    assert "正文合计60001字，最多1500字" in page
    assert book in page
    assert not OpinionReport.objects.exclude(status=ReportStatus.DRAFT).exists()
    answer = client.post(reverse("sentiment:autosave_new"), text)
    assert answer.status_code == 409
    assert "60000字" in answer.json()["error"]


def test_pasted_book_stays_on_the_editors_page(client, house):
    report = house.editing()
    client.force_login(house.editor)
    book = "长" * 60_000
    page = client.post(reverse("sentiment:work", args=[report.pk]), typed(report, situation=book)).content.decode()
    assert book in page
    assert "20000" in page
    assert OpinionReport.objects.get(pk=report.pk).situation == report.situation


def test_pasted_book_stays_on_the_units_and_the_residents_page(client, house):
    row = house.forwarded()
    client.force_login(house.operator)
    book = "长" * 60_000
    page = client.post(row.get_absolute_url(), {"text": book, "confirmed": "1"}).content.decode()
    assert book in page
    row.refresh_from_db()
    assert row.answer == ""
    client.logout()
    page = client.post(reverse("portal:voice"), {"title": "路灯", "text": book}).content.decode()
    assert book in page
    assert not OpinionReport.objects.filter(source="public").exists()


def test_script_is_shown_as_text_everywhere(client, house):
    report = house.submitted(title=f"路灯{SCRIPT}"[:80], situation=f"情况{SCRIPT}", suggestions=f"建议{SCRIPT}")
    report = editing.accept(report, actor=house.editor)
    report = editing.edit_text(report, actor=house.editor, situation=f"改过的情况{SCRIPT}")
    report = editing.finish_edit(report, actor=house.editor)
    report = editing.sign(editing.check(report, actor=house.checker), actor=house.signer)
    bulletin = bulletins.publish(bulletins.create([report], actor=house.editor), actor=house.editor)
    report = OpinionReport.objects.get(pk=report.pk)
    aftermath.note(report, actor=house.editor, leader="区长", level="district", text=SCRIPT, on=None, for_unit=True)
    row = aftermath.forward(report, [house.unit], actor=house.editor, request=SCRIPT)[0]
    aftermath.answer(row, actor=house.operator, text=SCRIPT)
    aftermath.publish(OpinionReport.objects.get(pk=report.pk), actor=house.signer, title="路灯", abstract=SCRIPT)
    item, issue = report.get_absolute_url(), bulletin.get_absolute_url()
    pages = [
        (house.editor, item), (house.editor, reverse("sentiment:list")), (house.editor, issue), (house.author, item),
        (house.operator, row.get_absolute_url()), (house.leader, item), (None, reverse("portal:opinions")),
        (house.author, reverse("sentiment:forward_judge", args=[row.pk])),
    ]  # fmt: skip
    for person, url in pages:
        if person:
            client.force_login(person)
        else:
            client.logout()
        page = client.get(url).content.decode()
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
        assert "路灯" in page, url
        if url not in (issue, reverse("sentiment:list"), reverse("sentiment:forward_judge", args=[row.pk])):
            assert escape("<script>alert") in page, url


def test_script_is_plain_text_in_word_and_comparison(client, house):
    report = house.editing(situation=f"情况{SCRIPT}")
    report = editing.edit_text(report, actor=house.editor, situation=f"情况改了{SCRIPT}")
    client.force_login(house.author)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "<ins>改</ins>" in page or "<ins>改了</ins>" in page
    assert "<script>alert" not in page
    edited = editing.finish_edit(report, actor=house.editor)
    signed = editing.sign(editing.check(edited, actor=house.checker), actor=house.signer)
    bulletin = bulletins.publish(bulletins.create([signed], actor=house.editor), actor=house.editor)
    with zipfile.ZipFile(io.BytesIO(issue_paper.docx(issue_paper.compose(bulletin)))) as word:
        document = word.read("word/document.xml").decode()
    assert "&lt;script&gt;" in document
    assert "<script" not in document


def test_signer_who_also_edited_is_refused_on_the_page(client, house):
    both = UserFactory(roles=["info_editor", "info_signer"])
    report = editing.accept(house.submitted(), actor=both)
    report = editing.finish_edit(report, actor=both)
    client.force_login(both)
    item = client.get(report.get_absolute_url()).content.decode()
    assert reverse("sentiment:act", args=[report.pk, "check"]) not in item
    page = client.post(reverse("sentiment:act", args=[report.pk, "check"]), {"confirmed": "1"}, follow=True)
    assert "请另一位同事核稿" in page.content.decode()
    report = editing.check(report, actor=house.checker)
    page = client.post(reverse("sentiment:act", args=[report.pk, "sign"]), {"confirmed": "1"}, follow=True)
    assert "签发人不能同时是" in page.content.decode()
    assert OpinionReport.objects.get(pk=report.pk).status == ReportStatus.CHECKED


def test_double_click_on_publishing_gives_one_number(client, house):
    bulletin = house.bulletin()
    client.force_login(house.editor)
    url = reverse("sentiment:bulletin_publish", args=[bulletin.pk])
    first = client.post(url, {"confirmed": "1"}, follow=True).content.decode()
    assert "已刊发：" in first
    second = client.post(url, {"confirmed": "1"}, follow=True).content.decode()
    assert "已刊发" in second
    bulletin.refresh_from_db()
    assert (bulletin.issue_no, bulletin.total_no) == (1, 1)


def test_double_click_on_handing_in_makes_one_report(client, house):
    client.force_login(house.author)
    text = {
        "title": "路灯", "situation": "不亮", "suggestions": "修", "submit": "1", "confirmed": "1", "page_token": "abc",
    }  # fmt: skip
    client.post(reverse("sentiment:new"), text)
    client.post(reverse("sentiment:new"), text)
    assert OpinionReport.objects.count() == 1


def test_withdrawn_report_cannot_be_handed_in_by_an_old_page(house):
    report = house.submitted()
    writing.withdraw(report, actor=house.author, reason="不报了")
    with pytest.raises(Refusal, match="已撤回"):
        writing.submit(report, actor=house.author)
