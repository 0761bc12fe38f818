"""Outcomes in full: passed, noted, answered item by item, converted with evidence, fed back, looked back at, handed over."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from consultations.models import FollowUp, Outcome, Uptake, UptakeItem
from consultations.outcomes import paper as outcome_paper
from consultations.services import conversions, outcomes, speaking
from consultations.services import uptake as uptakes
from consultations.services.uptake import Said
from core import attachments, handover, outbox, reminders, todos
from core.errors import Refusal
from core.models import AuditEntry, Deadline, Handover, Notice
from members.models import Attendance, Role
from proposals.models import Proposal
from tests import races
from tests.consultations import world as worlds
from tests.factories import HandlingUnitFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db
ASKS = ("河道清淤一次", "设管护员", "建污水管网")
PDF = b"%PDF-1.4\n%%EOF\n"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def draft(house, **values) -> Outcome:
    defaults = {
        "kind": "brief",
        "title": "关于高坪河治理的协商专报",
        "text": "河道淤积。\n群众意见大。",
        "suggestions": ASKS,
    }
    return outcomes.write(house.held(), actor=house.staff, **{**defaults, **values})


def sent(house, **values) -> Outcome:
    return outcomes.send(draft(house, **values), actor=house.staff, sent_to="区委、区政府")


def given(house, **values) -> Uptake:
    (row,) = outcomes.assign(sent(house, **values), [house.unit], actor=house.staff)
    return Uptake.objects.get(pk=row.pk)


def said(uptake: Uptake, *results: str, text: str = "列入计划") -> dict[int, Said]:
    rows = uptake.outcome.suggestions.order_by("order")
    return {row.pk: Said(result, text) for row, result in zip(rows, results, strict=True)}


# --- Passed and sent ----------------------------------------------------------------------------


def test_a_formal_paper_goes_up_after_a_meeting_passed_it_and_a_changed_one_is_passed_again(house):
    row = draft(house, kind="formal_recommendation")
    with pytest.raises(Refusal, match="先经常委会会议或主席会议通过"):
        outcomes.send(row, actor=house.staff, sent_to="区委")
    with pytest.raises(Refusal, match="第几次会议"):
        outcomes.approve(row, actor=house.staff, approved_by="standing", approved_at=" ")
    row = outcomes.approve(row, actor=house.staff, approved_by="standing", approved_at="十六届常委会第五次会议")
    assert row.approval.endswith("十六届常委会第五次会议通过")
    row = outcomes.change(row, actor=house.staff, sent_to="区委、区政府")
    assert row.approved_on
    row = outcomes.change(row, actor=house.staff, suggestions=["只留一条"])
    assert (row.approved_on, row.approved_by) == (None, "")
    with pytest.raises(Refusal, match="先经"):
        outcomes.send(row, actor=house.staff, sent_to="区委")


def test_the_term_of_seven_working_days_is_shown_on_the_draft_and_met_by_sending(house):
    row = draft(house)
    page = signed_in(house.staff).get(row.get_absolute_url()).content.decode()
    assert "报送成果" in page
    assert any(one.kind == "consultations.send" and one.due for one in todos.collect(house.staff, timezone.localdate()))
    with pytest.raises(Refusal, match="早于协商日期"):
        outcomes.send(row, actor=house.staff, sent_to="区委", on=timezone.localdate() - timedelta(days=3))
    outcomes.send(row, actor=house.staff, sent_to="区委")
    assert not Deadline.objects.open().filter(kind="report").exists()


# --- Notes ---------------------------------------------------------------------------------------


def test_notes_are_several_and_read_only_by_those_entitled(house):
    uptake = given(house)
    row = uptake.outcome
    outcomes.note(row, actor=house.staff, leader="区长", text="请水利局牵头")
    outcomes.note(row, actor=house.staff, leader="区委书记", text="只供内部参阅", for_unit=False)
    reads = {
        who: signed_in(user).get(row.get_absolute_url()).content.decode()
        for who, user in {
            "staff": house.staff, "leader": house.leader, "unit": house.operator, "member": house.members[0].user,
        }.items()
    }  # fmt: skip
    assert ("请水利局牵头" in reads["staff"], "只供内部参阅" in reads["leader"]) == (True, True)
    assert ("请水利局牵头" in reads["unit"], "只供内部参阅" in reads["unit"]) == (True, False)
    for words in ("请水利局牵头", "只供内部参阅", "区委书记"):
        assert words not in reads["member"]
        assert words not in "".join(AuditEntry.objects.values_list("summary", flat=True))
    session = signed_in(house.members[0].user).get(row.consultation.get_absolute_url()).content.decode()
    assert "请水利局牵头" not in session


def test_a_wrong_note_is_taken_off_with_a_reason_once(house):
    note = outcomes.note(sent(house), actor=house.staff, leader="区长", text="错登")
    with pytest.raises(Refusal, match="理由"):
        outcomes.remove_note(note, actor=house.staff, reason=" ")
    outcomes.remove_note(note, actor=house.staff, reason="登错了")
    with pytest.raises(Refusal, match="已经删去"):
        outcomes.remove_note(note, actor=house.staff, reason="再删")


# --- Uptake --------------------------------------------------------------------------------------


def test_a_unit_answers_each_suggestion_and_the_whole_follows_from_them(house):
    uptake = given(house)
    with pytest.raises(Refusal, match="第3条建议还没有选"):
        uptakes.answer(uptake, actor=house.operator, said=said(uptake, "adopted", "partly", ""))
    assert not UptakeItem.objects.exists()
    row = uptakes.answer(uptake, actor=house.operator, said=said(uptake, "adopted", "partly", "not"))
    assert (row.result, row.adopted_count, row.outcome.status) == ("partly", 2, "taken_up")
    outbox.run_pending()
    assert Notice.objects.filter(recipient=house.staff, title__contains="答复了：部分采纳").exists()


@pytest.mark.parametrize(
    ("results", "whole"), [(("adopted",) * 3, "adopted"), (("not",) * 3, "not"), (("not", "not", "adopted"), "partly")]
)
def test_all_taken_up_is_taken_up_and_none_is_none(house, results, whole):
    uptake = given(house)
    assert uptakes.answer(uptake, actor=house.operator, said=said(uptake, *results)).result == whole


def test_each_item_needs_its_words(house):
    uptake = given(house)
    answers = said(uptake, "adopted", "adopted", "not")
    last = max(answers)
    with pytest.raises(Refusal, match="不采纳的理由"):
        uptakes.answer(uptake, actor=house.operator, said={**answers, last: Said("not", "  ")})
    with pytest.raises(Refusal, match="不在这份成果里"):
        uptakes.answer(uptake, actor=house.operator, said={**answers, 999_999: Said("adopted", "别家的")})
    with pytest.raises(Refusal, match="权限"):
        uptakes.answer(uptake, actor=UserFactory(roles=[(Role.UNIT_OPERATOR, HandlingUnitFactory())]), said=answers)


def test_what_is_only_saved_stays_with_the_unit_and_comes_back(house):
    uptake = given(house)
    operator, url = signed_in(house.operator), uptake.get_absolute_url()
    first = uptake.outcome.suggestions.get(order=1)
    answer = operator.post(
        url, {f"result_{first.pk}": "adopted", f"text_{first.pk}": "三月清淤", "later": "1"}, follow=True
    )
    page = answer.content.decode()
    assert "还没有送出" in page
    assert "三月清淤" in page
    assert "还差4处" in page
    for reader in (house.staff, house.leader):
        assert "三月清淤" not in signed_in(reader).get(url).content.decode()
        assert "三月清淤" not in signed_in(reader).get(uptake.outcome.get_absolute_url()).content.decode()
    uptake.refresh_from_db()
    assert uptake.is_waiting


def test_sending_half_an_answer_says_what_is_lacking_and_keeps_it(house):
    uptake = given(house)
    first = uptake.outcome.suggestions.get(order=1)
    page = signed_in(house.operator).post(
        uptake.get_absolute_url(), {f"result_{first.pk}": "adopted", f"text_{first.pk}": "三月清淤"}
    )
    text = page.content.decode()
    assert text.count("请选采纳、部分采纳或未采纳。") >= 2
    assert "三月清淤" in text
    assert UptakeItem.objects.get(suggestion=first).text == "三月清淤"


def test_an_answer_is_sent_from_the_page_after_asking(house):
    uptake = given(house)
    operator, data = signed_in(house.operator), {}
    for row in uptake.outcome.suggestions.all():
        data |= {f"result_{row.pk}": "adopted", f"text_{row.pk}": "办", f"until_{row.pk}": "2030-01-01"}
    assert "送出答复？" in operator.post(uptake.get_absolute_url(), data).content.decode()
    operator.post(uptake.get_absolute_url(), {**data, "confirmed": "1"})
    uptake.refresh_from_db()
    assert (uptake.result, uptake.answered_by) == ("adopted", house.operator)
    assert "登记转化" in operator.get(uptake.get_absolute_url()).content.decode()


def test_an_answer_is_sent_back_with_a_reason_and_a_new_term(house):
    uptake = given(house)
    row = uptakes.answer(uptake, actor=house.operator, said=said(uptake, "adopted", "adopted", "not"))
    with pytest.raises(Refusal, match="退回的理由"):
        uptakes.send_back(row, actor=house.staff, reason="")
    row = uptakes.send_back(row, actor=house.staff, reason="第3条没有说依据")
    row.outcome.refresh_from_db()
    assert (row.result, row.outcome.status) == ("waiting", "assigned")
    assert Deadline.objects.open().filter(kind="uptake").count() == 1
    outbox.run_pending()
    assert Notice.objects.filter(recipient=house.operator, title__contains="请补充答复").exists()
    assert "第3条没有说依据" in signed_in(house.operator).get(uptake.get_absolute_url()).content.decode()
    uptakes.answer(row, actor=house.operator, said=said(uptake, "adopted", "adopted", "not", text="依据是……"))
    assert Outcome.objects.get(pk=row.outcome_id).status == "taken_up"


def test_overdue_uptake_is_told_to_operator_then_leader_then_inspection_and_shown(house):
    head = UserFactory(roles=[(Role.UNIT_LEADER, house.unit)])
    inspection = UserFactory(roles=[Role.INSPECTION])
    uptake = given(house)
    told = {}
    for offset in (0, 1, 5):
        reminders.sweep(uptake.due_on + timedelta(days=offset))
        for chunk in reminders.undelivered_chunks():
            reminders.deliver(chunk)
        told[offset] = set(
            Notice.objects.filter(key__startswith="reminder:", url=uptake.get_absolute_url()).values_list(
                "recipient", flat=True
            )
        )
    assert told == {
        0: {house.operator.pk}, 1: {house.operator.pk, head.pk}, 5: {house.operator.pk, head.pk, inspection.pk},
    }  # fmt: skip
    Uptake.objects.update(due_on=timezone.localdate() - timedelta(days=6))
    url = reverse("consultations:uptakes")
    assert uptake.outcome.title in signed_in(inspection).get(url, {"state": "overdue"}).content.decode()
    late = [one for one in todos.collect(inspection, timezone.localdate()) if one.kind == "consultations.late"]
    assert [one.title for one in late] == [uptake.outcome.title]
    answer = signed_in(house.liaison).get(reverse("consultations:outcomes"), {"came": "overdue"})
    assert uptake.outcome.title in answer.content.decode()


# --- Conversion, feedback, looking back ----------------------------------------------------------


def test_a_conversion_has_a_name_and_evidence_read_by_those_who_see_the_outcome(house):
    uptake = given(house)
    file = SimpleUploadedFile("办法.pdf", PDF)
    row = conversions.convert(
        uptake.outcome, actor=house.operator, uptake=uptake, kind="policy", name="河道管护办法", number="汉政办发〔2026〕8号",
        files=[file],
    )  # fmt: skip
    assert (row.unit, attachments.files_of(row).count()) == (house.unit, 1)
    with pytest.raises(Refusal, match="已经登记过"):
        conversions.convert(uptake.outcome, actor=house.staff, kind="policy", name="河道管护办法")
    assert attachments.may_read(house.members[0].user, attachments.files_of(row).get())
    stranger = UserFactory(roles=[(Role.UNIT_OPERATOR, HandlingUnitFactory())])
    with pytest.raises(Refusal, match="权限"):
        conversions.convert(uptake.outcome, actor=stranger, uptake=uptake, kind="policy", name="别的")
    with pytest.raises(Refusal, match="权限"):
        conversions.remove(row, actor=stranger, reason="不是我的")
    conversions.remove(row, actor=house.operator, reason="登错了")
    assert not Outcome.objects.converted().exists()


def test_a_conversion_may_still_be_recorded_after_closing(house):
    uptake = given(house)
    uptakes.answer(uptake, actor=house.operator, said=said(uptake, "adopted", "adopted", "not"))
    outcome = outcomes.close(Outcome.objects.get(pk=uptake.outcome_id), actor=house.staff, feedback="采纳两条。")
    conversions.convert(outcome, actor=house.staff, kind="budget", name="河道管护经费", amount=50)
    assert Outcome.objects.converted().get() == outcome


def test_feedback_goes_to_whoever_came_spoke_or_put_an_opinion(house):
    from consultations.services import sessions

    row = sessions.notify(house.invited(), actor=house.staff)
    came, spoke = house.members
    Attendance.objects.filter(member=came).update(state="present")
    speaking.add_speech(row, spoke, actor=house.staff, way="written", text="意见")
    row = sessions.hold(row, actor=house.staff)
    outcome = outcomes.write(row, actor=house.staff, kind="brief", title="专报")
    outcome = outcomes.send(outcome, actor=house.staff, sent_to="区委")
    outcome = outcomes.close(outcome, actor=house.staff, feedback="意见都转给水利局了。")
    outbox.run_pending()
    told = Notice.objects.filter(title__contains="有了结果")
    assert set(told.values_list("recipient", flat=True)) == {came.user_id, spoke.user_id}
    assert outcome.fed_back_to == 2
    assert "意见都转给水利局了" in told.first().body


def test_looking_back_has_a_day_is_reminded_recorded_and_set_again(house):
    outcome = sent(house)
    today = timezone.localdate()
    with pytest.raises(Refusal, match="以后的日期"):
        conversions.plan_follow_up(outcome, actor=house.staff, due_on=today)
    conversions.plan_follow_up(outcome, actor=house.staff, due_on=today + timedelta(days=60))
    row = conversions.plan_follow_up(outcome, actor=house.staff, due_on=today + timedelta(days=10))
    assert FollowUp.objects.count() == 1
    assert [one.due for one in todos.collect(house.staff, today) if one.kind == "consultations.look_back"] == [
        row.due_on
    ]
    reminders.sweep(row.due_on)
    for chunk in reminders.undelivered_chunks():
        reminders.deliver(chunk)
    assert Notice.objects.filter(recipient=house.staff, title__contains="回头看今天到期").exists()
    later = today + timedelta(days=90)
    done = conversions.look_back(outcome, actor=house.staff, text="清淤完成", percent=94, next_on=later)
    assert (done.pk, done.done_on, FollowUp.objects.get(done_on=None).due_on) == (row.pk, today, later)
    assert Deadline.objects.open().get(kind="follow_up").due == later
    assert "落实94%" in signed_in(house.leader).get(outcome.get_absolute_url()).content.decode()


def test_closing_the_session_does_not_forget_the_day_of_looking_back(house):
    from consultations.services import sessions

    outcome = sent(house)
    conversions.plan_follow_up(outcome, actor=house.staff, due_on=timezone.localdate() + timedelta(days=60))
    outcomes.close(outcome, actor=house.staff, feedback="转有关部门参考。")
    sessions.close(outcome.consultation, actor=house.staff)
    assert Deadline.objects.open().filter(kind="follow_up").exists()


# --- Handed over ---------------------------------------------------------------------------------


def begin_proposal(client: Client, outcome: Outcome, title: str = "关于高坪河治理的建议"):
    data = {
        "from": f"consultations.outcome:{outcome.pk}", "title": title, "kind": "individual", "situation": "淤积",
        "ask": ["清淤"], "later": "1",
    }  # fmt: skip
    return client.post(reverse("proposals:new"), data)


def test_an_outcome_goes_on_as_a_proposal_once_with_links_both_ways(house):
    SessionFactory()
    outcome = sent(house)
    came = house.members[0].user
    Attendance.objects.filter(member=house.members[0]).update(state="present")
    client = signed_in(came)
    assert "转为提案" in client.get(outcome.get_absolute_url()).content.decode()
    form = client.get(reverse("proposals:new"), {"from": f"consultations.outcome:{outcome.pk}"}).content.decode()
    assert "河道清淤一次" in form
    assert begin_proposal(client, outcome).status_code == 302
    assert begin_proposal(client, outcome, "又一份").status_code == 200
    assert (Proposal.objects.count(), Handover.objects.count()) == (1, 1)
    page = client.get(outcome.get_absolute_url()).content.decode()
    assert "已转为" in page
    assert "转为提案</a>" not in page
    assert handover.sources_of(Proposal.objects.get()) == [outcome]


def test_a_draft_that_is_handed_over_counts_as_sent_by_it(house):
    from sentiment.models import OpinionReport
    from sentiment.services import writing

    outcome = draft(house)
    assert handover.read(house.members[0].user, f"consultations.outcome:{outcome.pk}") is None
    report = writing.create_draft(actor=house.members[0].user, title="高坪河淤积")
    handover.link(outcome, report, actor=house.staff)
    outcome.refresh_from_db()
    assert (outcome.status, outcome.sent_to, outcome.consultation.status) == ("sent", "转为社情民意", "reported")
    assert not Deadline.objects.open().filter(kind="report").exists()
    second = OpinionReport.objects.get(pk=writing.create_draft(actor=house.members[0].user, title="又一篇").pk)
    with pytest.raises(Refusal, match="已经转过一次"):
        handover.link(outcome, second, actor=house.staff)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_colleagues_answering_at_once_leave_one_answer():
    house = worlds.build()
    uptake = given(house)
    other = UserFactory(roles=[(Role.UNIT_OPERATOR, house.unit)])
    won, lost = races.split(
        races.at_once(
            lambda: uptakes.answer(uptake, actor=house.operator, said=said(uptake, "adopted", "adopted", "not")),
            lambda: uptakes.answer(uptake, actor=other, said=said(uptake, "not", "not", "not")),
        )
    )
    assert (len(won), len(lost)) == (1, 1)
    assert "已经答复过" in str(lost[0])


# --- Pages and the paper -------------------------------------------------------------------------


def test_drafts_are_read_by_those_who_write_them_only(house):
    row = draft(house)
    for user, status in ((house.staff, 200), (house.liaison, 200), (house.leader, 404), (house.operator, 404)):
        assert signed_in(user).get(row.get_absolute_url()).status_code == status
    assert row.title not in signed_in(house.leader).get(reverse("consultations:outcomes")).content.decode()


def test_each_act_has_its_page(house):
    client, ready = signed_in(house.staff), sent(house)
    first = draft(house, kind="formal_recommendation")
    pages = [(first, verb) for verb in ("write", "approve")]
    pages += [(ready, verb) for verb in ("note", "assign", "convert", "close", "follow_up", "look_back")]
    for row, verb in [*pages, (draft(house), "send")]:
        answer = client.get(reverse("consultations:outcome_act", args=[row.pk, verb]))
        assert answer.status_code == 200, verb


def test_lists_and_pages_keep_to_their_budgets(house, django_assert_max_num_queries):
    for number in range(4):
        uptake = given(house, title=f"第{number}份")
        uptakes.answer(uptake, actor=house.operator, said=said(uptake, "adopted", "partly", "not"))
    outcomes.note(uptake.outcome, actor=house.staff, leader="区长", text="请办")
    conversions.convert(uptake.outcome, actor=house.staff, kind="policy", name="办法")
    for user, url, most in (
        (house.liaison, reverse("consultations:outcomes"), 10),
        (house.liaison, reverse("consultations:uptakes"), 10),
        (house.operator, reverse("consultations:uptakes"), 10),
        (house.operator, uptake.get_absolute_url(), 14),
        (house.liaison, uptake.outcome.get_absolute_url(), 18),
    ):
        client = signed_in(user)
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_lists_filter_and_export_exactly_what_is_filtered(house):
    import openpyxl

    one, other = sent(house, title="治河专报"), sent(house, title="治水纪要", kind="minutes")
    client = signed_in(house.leader)
    page = client.get(reverse("consultations:outcomes"), {"kind": "minutes"}).content.decode()
    assert (other.title in page, one.title in page) == (True, False)
    assert one.title not in client.get(reverse("consultations:outcomes"), {"year": "x"}).content.decode()
    answer = client.get(reverse("consultations:outcomes"), {"kind": "brief", "format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    values = [cell for line in book.active.iter_rows(values_only=True) for cell in line]
    assert (one.title in values, other.title in values) == (True, False)


def words_of(outcome: Outcome) -> list[str]:
    return [line.text for line in Document(io.BytesIO(outcome_paper.as_document(outcome))).paragraphs]


def test_the_paper_bears_head_number_meeting_addressee_suggestions_and_imprint(house):
    row = draft(house, kind="formal_recommendation", title="关于治理高坪河的建议案")
    row = outcomes.approve(row, actor=house.staff, approved_by="standing", approved_at="十六届常委会第五次会议")
    row = outcomes.send(
        row, actor=house.staff, sent_to="中共汉滨区委", document_no="汉政协发〔2026〕12号", copies_to="区政府办公室"
    )
    lines = words_of(row)
    assert lines[0] == "政协安康市汉滨区委员会文件"
    for words in (
        "汉政协发〔2026〕12号", "关于治理高坪河的建议案", f"（{row.approval}）", "中共汉滨区委：", "一、河道清淤一次", "三、建污水管网",
        "抄送：区政府办公室",
    ):  # fmt: skip
        assert words in lines
    assert lines[-1].endswith("日印发")


def test_minutes_name_who_was_there_and_a_draft_says_that_it_is_one(house):
    Attendance.objects.all().delete()
    row = draft(house, kind="minutes", title="高坪河治理协商纪要")
    Attendance.objects.filter(activity=row.consultation.activity_id).update(state="present")
    document = Document(io.BytesIO(outcome_paper.as_document(row)))
    lines = [line.text for line in document.paragraphs]
    assert lines[0] == "协商纪要"
    assert any(line.startswith("出席：") and house.members[0].name in line for line in lines)
    assert document.sections[0].first_page_header.paragraphs[0].text.startswith("草稿")


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")])
def test_numbers_stand_as_headings_count(number, words):
    assert outcome_paper.chinese(number) == words
