"""The life of an opinion report 社情民意信息 from the author's pen to the unit's answer and back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import outbox, similar
from core.errors import Refusal
from core.models import Deadline, Notice
from members.models import DutyEntry
from sentiment.models import Bulletin, OpinionReport, ReportStatus
from sentiment.services import aftermath, bulletins, editing, writing
from tests.factories import HandlingUnitFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db


def duty_of(member):
    """The acts of a member that stand, by code."""
    rows = DutyEntry.objects.filter(member=member, reverses__isnull=True, reversed_by__isnull=True)
    return sorted(rows.values_list("act", flat=True))


def test_report_goes_all_the_way_and_everyone_is_told(house):
    forward = house.forwarded()
    report = forward.report
    bulletin = report.bulletins.get()
    assert (bulletin.issue_no, bulletin.total_no, report.status) == (1, 1, ReportStatus.FORWARDED)
    assert bulletin.signer_name == str(house.signer)
    deadline = Deadline.objects.open().get(kind="answer")
    report.refresh_from_db()
    assert report.next_due == deadline.due
    aftermath.answer(forward, actor=house.operator, text="已安装光控开关。")
    report.refresh_from_db()
    assert (report.status, report.next_due) == (ReportStatus.ANSWERED, None)
    aftermath.judge(forward, actor=house.author, enough=True, comment="谢谢")
    closed = aftermath.close(report, actor=house.editor)
    assert closed.status == ReportStatus.CLOSED
    outbox.run_pending()
    titles = list(Notice.objects.filter(recipient=house.author).values_list("title", flat=True))
    assert any("已刊发" in title for title in titles)
    assert any("答复了" in title for title in titles)
    assert Notice.objects.filter(recipient=house.operator, title__contains="转办").exists()
    assert duty_of(house.member) == ["opinion.adopted.district", "opinion.submitted"]


def test_author_sees_every_wording_of_his_text(house):
    report = house.editing()
    report = editing.edit_text(report, actor=house.editor, situation="兴安西路早晨关灯过早。")
    editing.edit_text(report, actor=house.editor, situation="兴安西路早晨关灯过早。")
    wordings = list(report.versions.values_list("number", "stage", "situation"))
    assert [row[:2] for row in wordings] == [(1, "author"), (2, "edit")]
    assert wordings[0][2].startswith("兴安西路居民反映")


def test_author_sees_what_became_of_his_words_before_the_steps_between(client, house):
    report = house.editing()
    for words in ("第一次改。", "第二次改。"):
        report = editing.edit_text(report, actor=house.editor, situation=words)
    client.force_login(house.author)
    answer = client.get(report.get_absolute_url())
    (whole,) = answer.context["whole"]
    assert "学生上学摸黑" in whole.before
    assert "第二次" in whole.after
    assert "第一次" not in whole.after
    assert "从来稿到现在" in answer.content.decode()


def test_second_editor_is_told_and_loses_nothing(house):
    report = house.editing()
    other = UserFactory(roles=["info_editor"])
    seen = report.version
    editing.edit_text(report, actor=house.editor, version=seen, title="路灯早关")
    with pytest.raises(Refusal, match=str(house.editor)) as refused:
        editing.edit_text(report, actor=other, version=seen, title="另一个标题")
    assert refused.value.field == "version"
    report.refresh_from_db()
    assert report.title == "路灯早关"


def test_editor_checker_and_signer_are_three_persons(house):
    edited = house.edited()
    with pytest.raises(Refusal, match="不能是同一个人"):
        editing.check(edited, actor=house.editor)
    checked = editing.check(edited, actor=house.signer)
    with pytest.raises(Refusal, match="不能同时是"):
        editing.sign(checked, actor=house.signer)
    assert OpinionReport.objects.get(pk=edited.pk).status == ReportStatus.CHECKED


def test_sent_back_report_is_checked_and_signed_anew(house):
    report = editing.send_back(house.signed(), actor=house.signer, reason="数字要核实")
    assert (report.status, report.checker, report.signer) == (ReportStatus.EDITING, None, None)
    bulletin = house.bulletin(title="另一条路")
    with pytest.raises(Refusal, match="已编入"):
        editing.send_back(bulletin.entries.get().report, actor=house.signer, reason="再改")


def test_composite_keeps_the_credit_of_each_part(house):
    other = UserFactory(roles=["member"])
    friend = MemberFactory(user=other)
    first = house.submitted()
    second = writing.submit(
        writing.create_draft(actor=other, title="路灯隔盏亮", situation="老城街道", suggestions="全亮"), actor=other
    )
    whole = editing.make_composite([first, second], actor=house.editor, title="城区路灯问题亟待解决")
    assert first.title not in whole.title
    assert "兴安西路" in whole.situation
    assert "老城街道" in whole.situation
    whole = editing.finish_edit(whole, actor=house.editor)
    whole = editing.sign(editing.check(whole, actor=house.checker), actor=house.signer)
    bulletins.publish(bulletins.create([whole], actor=house.editor), actor=house.editor)
    outbox.run_pending()
    for member in (house.member, friend):
        assert duty_of(member) == ["opinion.adopted.district", "opinion.submitted"]
    assert OpinionReport.objects.visible_to(other).filter(pk=whole.pk).exists()
    with pytest.raises(Refusal, match="不能退出"):
        editing.take_out(OpinionReport.objects.get(pk=first.pk), actor=house.editor)


def test_withdrawn_issue_keeps_its_numbers(house):
    bulletin = bulletins.publish(house.bulletin(), actor=house.editor)
    bulletins.withdraw(bulletin, actor=house.editor, reason="数字有误")
    report = bulletin.entries.get().report
    assert (report.status, report.issued_on) == (ReportStatus.SIGNED, None)
    outbox.run_pending()
    assert duty_of(house.member) == ["opinion.submitted"]
    again = bulletins.publish(bulletins.create([report], actor=house.editor), actor=house.editor)
    assert (again.issue_no, again.total_no) == (2, 2)
    outbox.run_pending()
    assert duty_of(house.member) == ["opinion.adopted.district", "opinion.submitted"]


def test_issue_published_twice_has_one_number(house):
    bulletin = house.bulletin()
    bulletins.publish(bulletin, actor=house.editor)
    with pytest.raises(Refusal, match="已刊发"):
        bulletins.publish(bulletin, actor=house.editor)
    assert list(Bulletin.objects.values_list("issue_no", "total_no")) == [(1, 1)]


def test_best_level_only_stands_until_it_is_taken_off(house):
    report = house.issued()
    city = aftermath.adopt(report, actor=house.editor, level="city", body_name="市政协研究室", on=date(2026, 4, 1))
    outbox.run_pending()
    assert duty_of(house.member) == ["opinion.adopted.city", "opinion.submitted"]
    with pytest.raises(Refusal, match="已经登记过"):
        aftermath.adopt(report, actor=house.editor, level="city", body_name="市政协研究室", on=None)
    aftermath.remove_record(city, actor=house.editor, reason="登记错了")
    outbox.run_pending()
    assert duty_of(house.member) == ["opinion.adopted.district", "opinion.submitted"]


def test_unit_is_asked_again_with_a_new_term(house):
    forward = house.forwarded()
    aftermath.answer(forward, actor=house.operator, text="已转交。")
    aftermath.judge(forward, actor=house.author, enough=False, comment="没有说什么时候装")
    report = OpinionReport.objects.get(pk=forward.report_id)
    rounds = list(report.forwards.values_list("round", "status"))
    assert rounds == [(1, "asked_again"), (2, "sent")]
    assert report.status == ReportStatus.FORWARDED
    assert Deadline.objects.open().filter(kind="answer").count() == 1


def test_same_unit_is_not_asked_twice_at_once(house):
    forward = house.forwarded()
    with pytest.raises(Refusal, match="已经转办过"):
        aftermath.forward(forward.report, [house.unit, HandlingUnitFactory()], actor=house.editor)
    assert forward.report.forwards.count() == 1


def test_public_abstract_holds_no_reporter_name(house):
    report = house.issued()
    with pytest.raises(Refusal, match=house.member.name):
        aftermath.publish(report, actor=house.signer, title="路灯", abstract=f"{house.member.name}反映路灯不亮")
    aftermath.publish(report, actor=house.signer, title="路灯", abstract="居民反映路灯不亮")
    assert OpinionReport.objects.public().get().public_title == "路灯"


@pytest.mark.parametrize("missing", ["title", "situation", "suggestions"])
def test_incomplete_report_is_not_handed_in(house, missing):
    with pytest.raises(Refusal, match="还缺"):
        house.submitted(**{missing: ""})


def test_pasted_book_is_refused_and_the_draft_stays(house):
    report = house.draft()
    with pytest.raises(Refusal, match="60000字"):
        writing.save_draft(report, actor=house.author, situation="长" * 60000)
    report.refresh_from_db()
    assert report.situation.startswith("兴安西路")
    report = writing.save_draft(report, actor=house.author, situation="长" * 5000)
    with pytest.raises(Refusal, match="最多1500字"):
        writing.submit(report, actor=house.author)


def test_office_has_a_term_to_decide(house):
    report = house.submitted()
    assert Deadline.objects.open().filter(kind="accept", subject_id=report.pk).exists()
    editing.turn_down(report, "keep", actor=house.editor, reason="属个案")
    assert not Deadline.objects.open().filter(subject_id=report.pk).exists()


def test_similar_earlier_report_is_found(house):
    earlier = house.submitted()
    hits = similar.find("sentiment.opinionreport", "路灯关得太早", "学生上学摸黑，照明控制没有随季节调整")
    assert hits[0].id == earlier.pk


def test_day_to_come_is_refused(house):
    with pytest.raises(Refusal, match="还没有到"):
        bulletins.publish(house.bulletin(), actor=house.editor, on=timezone.localdate() + timedelta(1))
