"""The speaking list, what members hand in, and what the ledger says of it after corrections."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consultations.models import Consultation, Speech
from consultations.services import preparation, sessions, speaking
from core import attachments, outbox
from core.errors import Refusal
from core.models import Deadline
from members.models import DutyEntry
from tests.consultations.test_session_moved import DAY, TODAY

pytestmark = pytest.mark.django_db


def order(row) -> list[str]:
    """Who speaks, in order."""
    return [one.speaker for one in row.speeches.on_the_list().select_related("member")]


def balance(member, act: str) -> tuple[int, int]:
    """How many rows the ledger has of an act, and what they come to."""
    rows = DutyEntry.objects.filter(member=member, act=act)
    return rows.count(), int(sum(row.quantity for row in rows))


@pytest.fixture
def row(house):
    """A session ahead, with both members told."""
    return Consultation.objects.get(pk=sessions.notify(house.invited(on=DAY), actor=house.staff).pk)


def test_list_is_ordered_moved_and_arranged(house, row):
    first, second = house.members
    entries = [
        speaking.add_speech(row, first, actor=house.staff, way="spoken", title="源头", minutes=8),
        speaking.add_speech(row, second, actor=house.staff, way="spoken", minutes=6),
        speaking.add_speech(row, None, actor=house.staff, way="spoken", guest="区水利局王局长"),
    ]
    assert order(row) == [first.name, second.name, "区水利局王局长"]
    assert speaking.move(entries[2], actor=house.staff, by=-1)
    assert order(row) == [first.name, "区水利局王局长", second.name]
    assert not speaking.move(entries[0], actor=house.staff, by=-1)
    speaking.arrange(row, [entries[1].pk, 10**9], actor=house.staff)
    assert order(row) == [second.name, first.name, "区水利局王局长"]
    with pytest.raises(Refusal, match="权限"):
        speaking.move(entries[0], actor=first.user, by=1)


def test_member_hands_in_asks_to_speak_and_is_put_on_the_list(house, row):
    member = house.members[0]
    pdf = SimpleUploadedFile("材料.pdf", b"%PDF-1.4\n%%EOF\n")
    speech = speaking.hand_in(row, actor=member.user, title="治河先治源", text="", files=[pdf], asks_to_speak=True)
    assert (speech.way, speech.asks_to_speak) == ("written", True)
    assert attachments.files_of(speech).count() == 1
    speech = speaking.put_on_list(speech, actor=house.staff)
    assert order(row) == [member.name]
    again = speaking.hand_in(row, actor=member.user, title="治河先治源头", text="改过的稿子")
    assert (again.pk, again.way, again.title) == (speech.pk, "spoken", "治河先治源头")
    with pytest.raises(Refusal, match="改为书面意见"):
        speaking.remove(again, actor=house.staff)
    assert speaking.make_written(again, actor=house.staff).way == "written"


def test_nothing_empty_and_nothing_from_strangers_is_handed_in(house, row):
    with pytest.raises(Refusal, match="写上内容"):
        speaking.hand_in(row, actor=house.members[0].user, title="空的")
    with pytest.raises(Refusal, match="不在这场协商的名单里"):
        speaking.hand_in(row, actor=house.operator, title="外人", text="x")


def test_refused_file_leaves_nothing_half_handed_in(house, row):
    bad = SimpleUploadedFile("材料.pdf", b"not a pdf")
    with pytest.raises(Refusal):
        speaking.hand_in(row, actor=house.members[0].user, title="题目", text="内容", files=[bad])
    assert not Speech.objects.exists()


def test_term_for_papers_is_met_when_the_last_text_is_in(house, row):
    for member in house.members:
        speaking.add_speech(row, member, actor=house.staff, way="spoken")
    speaking.hand_in(row, actor=house.members[0].user, title="一", text="一")
    assert Deadline.objects.of(row).open().filter(kind="papers").exists()
    speaking.hand_in(row, actor=house.members[1].user, title="二", text="二")
    assert Deadline.objects.of(row).get(kind="papers", void=False).met_on == TODAY


@pytest.fixture
def held(house):
    """A session held today; one spoke, one was on the list and did not."""
    row = Consultation.objects.get(pk=sessions.notify(house.invited(), actor=house.staff).pk)
    spoke = speaking.add_speech(row, house.members[0], actor=house.staff, way="spoken")
    speaking.add_speech(row, house.members[1], actor=house.staff, way="spoken")
    row = sessions.hold(row, actor=house.staff, spoke=[spoke.pk])
    outbox.run_pending()
    return row


def test_only_who_really_spoke_counts_and_corrections_reverse(house, held):
    one, other = house.members
    assert balance(one, "consultation.spoken") == (1, 1)
    assert balance(other, "consultation.spoken") == (0, 0)
    speech = held.speeches.get(member=one)
    for spoke, rows, total in ((False, 2, 0), (True, 3, 1), (True, 3, 1)):
        speaking.heard(speech, actor=house.staff, spoke=spoke, reason="核对录音")
        for _ in range(2):
            outbox.run_pending()
        assert balance(one, "consultation.spoken") == (rows, total)


def test_speech_taken_away_after_the_session_needs_a_reason_and_is_reversed(house, held):
    speech = held.speeches.get(member=house.members[0])
    with pytest.raises(Refusal, match="理由"):
        speaking.remove(speech, actor=house.staff)
    speaking.remove(speech, actor=house.staff, reason="记错了人")
    outbox.run_pending()
    assert balance(house.members[0], "consultation.spoken") == (2, 0)


def test_written_opinion_after_the_session_counts_once(house, held):
    member = house.members[1]
    for text in ("第一稿", "第二稿"):
        speaking.hand_in(held, actor=member.user, title="补充意见", text=text)
        outbox.run_pending()
    assert balance(member, "consultation.written") == (1, 1)
    assert held.speeches.get(member=member, way="written").text == "第二稿"


def test_attendance_of_a_session_counts_once(house):
    row = Consultation.objects.get(pk=sessions.notify(house.invited(), actor=house.staff).pk)
    row.activity.attendances.update(state="present")
    sessions.hold(row, actor=house.staff)
    outbox.run_pending()
    assert balance(house.members[0], "activity.meeting") == (1, 1)


def test_day_corrected_after_the_session_moves_the_rows_of_the_ledger(house, held):
    sessions.amend(held, actor=house.staff, on=TODAY.replace(year=TODAY.year - 1))
    outbox.run_pending()
    member = house.members[0]
    assert balance(member, "consultation.spoken") == (3, 1)
    standing = DutyEntry.objects.get(member=member, act="consultation.spoken", reverses=None, reversed_by=None)
    assert standing.year == TODAY.year - 1


def test_team_has_one_leader_and_sees_the_session_while_it_is_prepared(house):
    row = house.planned(on=DAY)
    first, second = house.members
    preparation.set_team(row, [second.pk], actor=house.staff, leader_id=first.pk)
    assert [(one.member, one.leads) for one in row.team.all()] == [(first, True), (second, False)]
    assert Consultation.objects.visible_to(second.user).filter(pk=row.pk).exists()
    preparation.set_team(row, [first.pk], actor=house.staff, leader_id=second.pk)
    assert [(one.member, one.leads) for one in row.team.all()] == [(second, True), (first, False)]
    with pytest.raises(Refusal, match="权限"):
        preparation.set_team(row, [], actor=first.user)


def test_things_to_do_stand_once_and_say_who_did_them(house):
    row = house.planned(on=DAY)
    task = preparation.add_task(row, actor=house.staff, text="订会议室")
    assert preparation.add_task(row, actor=house.staff, text="订会议室").pk == task.pk
    assert preparation.tick(task, actor=house.staff, done=True).done_by == house.staff
    preparation.remove_task(task, actor=house.staff)
    with pytest.raises(Refusal, match="刚被去掉"):
        preparation.tick(task, actor=house.staff, done=False)
