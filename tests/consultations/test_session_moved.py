"""A session that moves after the notice went out: one corrected notice each, answers asked again, calendars, terms."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from consultations import effects
from consultations.models import Consultation
from consultations.services import preparation, sessions, speaking
from consultations.services.preparation import must_confirm
from consultations.sessions import calendar as session_calendar
from core import calendar_feed, outbox, reminders, todos, workdays
from core.errors import Refusal
from core.models import Deadline, Notice
from core.seeds import calendar as seeds
from tests.races import at_once, split

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY, LATER = TODAY + timedelta(days=40), TODAY + timedelta(days=47)


@pytest.fixture
def told(house):
    """A session that lies ahead, of which both members and the unit were told."""
    row = sessions.notify(house.invited(on=DAY, starts_at=time(9), place="三楼会议室"), actor=house.staff)
    outbox.run_pending()
    return Consultation.objects.get(pk=row.pk)


def corrected(user) -> list[Notice]:
    """The corrected notices that a person has."""
    return list(Notice.objects.filter(recipient=user, title__contains="时间或地点改了"))


def test_everybody_invited_gets_one_corrected_notice_that_says_from_what_to_what(house, told):
    people = [house.members[0].user, house.members[1].user, house.operator]
    assert [Notice.objects.filter(recipient=user, title__contains="请").count() for user in people] == [1, 1, 1]
    sessions.change(told, actor=house.staff, on=LATER, starts_at=time(14, 30), place="二楼会议室")
    for _ in range(2):
        outbox.run_pending()
    for user in people:
        (notice,) = corrected(user)
        assert f"原来是{DAY.year}年{DAY.month}月{DAY.day}日 9:00，三楼会议室" in notice.body
        assert f"现在是{LATER.year}年{LATER.month}月{LATER.day}日 14:30，二楼会议室" in notice.body
        assert notice.url == told.get_absolute_url()
        assert notice.urgent


def test_same_change_once_more_and_changes_that_nobody_need_know_are_not_told(house, told):
    sessions.change(told, actor=house.staff, on=LATER)
    sessions.change(told, actor=house.staff, on=LATER)
    sessions.change(told, actor=house.staff, agenda="一、通报\n二、发言", title="高坪河治理", background="背景")
    outbox.run_pending()
    assert len(corrected(house.operator)) == len(corrected(house.members[0].user)) == 1
    told.refresh_from_db()
    assert told.sequence == 1


def test_nobody_is_told_of_a_move_before_the_notice(house):
    row = house.invited(on=DAY)
    sessions.change(row, actor=house.staff, on=LATER)
    outbox.run_pending()
    assert not Notice.objects.exists()


def test_unit_invited_after_the_notice_hears_of_it_and_the_others_not_again(house, told):
    from tests.factories import HandlingUnitFactory, UserFactory

    unit = HandlingUnitFactory()
    newcomer = UserFactory(roles=[("unit_operator", unit)])
    sessions.change(told, actor=house.staff, units=[house.unit, unit])
    outbox.run_pending()
    assert Notice.objects.filter(recipient=newcomer, title__contains="请参加").count() == 1
    assert Notice.objects.filter(recipient=house.operator, title__contains="请参加").count() == 1


def test_answers_stay_and_are_asked_to_be_confirmed_where_the_day_moved(house, told):
    member = house.members[0]
    preparation.answer(told, actor=member.user, comes=True)
    preparation.delegate(told, house.unit, actor=house.operator, comes=True, people="李明（副局长）")
    assert not todos.collect(member.user, TODAY)
    told = sessions.change(told, actor=house.staff, place="换了地方")
    assert not todos.collect(member.user, TODAY)  # another place asks for no second answer
    told = sessions.change(told, actor=house.staff, on=LATER)
    own = told.activity.attendances.get(member=member)
    assert own.state == "coming"
    assert must_confirm(told, own.changed_at)
    assert [todo.action for todo in todos.collect(member.user, TODAY)] == ["回复参加或请假"]
    assert [todo.action for todo in todos.collect(house.operator, TODAY)] == ["回复派谁参加"]
    preparation.answer(told, actor=member.user, comes=True)
    preparation.delegate(told, house.unit, actor=house.operator, comes=True, people="李明（副局长）")
    own.refresh_from_db()
    assert own.state == "coming"
    assert not must_confirm(told, own.changed_at)
    assert not todos.collect(member.user, TODAY)
    assert not todos.collect(house.operator, TODAY)


def test_member_on_leave_hears_of_another_day_and_may_come_after_all(house, told):
    member = house.members[0]
    preparation.answer(told, actor=member.user, comes=False, reason="出差")
    told.activity.attendances.update(state="on_leave")
    told = sessions.change(told, actor=house.staff, on=LATER)
    outbox.run_pending()
    assert len(corrected(member.user)) == 1
    assert preparation.answer(told, actor=member.user, comes=True).state == "coming"


def entry(content: bytes) -> dict:
    """The one entry of a calendar file, with its method."""
    book = Calendar.from_ical(content)
    (one,) = book.walk("VEVENT")
    return {"method": str(book["method"]), "uid": str(one["uid"]), "sequence": int(one["sequence"]),
            "starts": one.decoded("dtstart"), "status": str(one.get("status", ""))}  # fmt: skip


def test_calendar_entry_keeps_its_uid_while_its_sequence_rises(client, house, told):
    client.force_login(house.operator)
    url = f"/consultations/{told.pk}/calendar.ics"
    first = entry(client.get(url).content)
    told = sessions.change(told, actor=house.staff, on=LATER)
    second = entry(client.get(url).content)
    assert second["uid"] == first["uid"]
    assert (first["sequence"], second["sequence"]) == (0, 1)
    assert timezone.localtime(second["starts"]).date() == LATER
    sessions.cancel(told, actor=house.staff, reason="会期冲突")
    third = entry(client.get(url).content)
    assert (third["method"], third["status"], third["sequence"]) == ("CANCEL", "CANCELLED", 2)
    assert third["uid"] == first["uid"]


def test_personal_calendar_holds_the_same_entry_once(client, house, told):
    for user in (house.members[0].user, house.operator, house.staff):
        found = [one for one in calendar_feed.events_for(user, TODAY) if told.title in one.title]
        assert [one.uid for one in found] == [session_calendar.event(told).uid], user
    sessions.change(told, actor=house.staff, on=LATER)
    (one,) = [one for one in calendar_feed.events_for(house.members[0].user, TODAY) if told.title in one.title]
    assert (one.sequence, timezone.localtime(one.starts).date()) == (1, LATER)
    token = calendar_feed.make_link(house.members[0].user)
    content = client.get(f"/calendar/{token}.ics").content
    assert f"consultation:{told.pk}@".encode() in content


def test_terms_before_the_session_are_counted_from_its_day_and_follow_it(house):
    seeds.load()
    row = house.planned(on=DAY)
    terms = {one.kind: one for one in Deadline.objects.of(row).open()}
    assert {kind: one.due for kind, one in terms.items()} == {
        "notice": workdays.days_before(DAY, 15).due, "papers": workdays.days_before(DAY, 10).due,
    }  # fmt: skip
    row.refresh_from_db()
    assert row.next_due == terms["notice"].due
    sessions.change(row, actor=house.staff, on=LATER)
    moved = {one.kind: one.due for one in Deadline.objects.of(row).open()}
    assert moved == {
        "notice": workdays.days_before(LATER, 15).due, "papers": workdays.days_before(LATER, 10).due,
    }  # fmt: skip
    sessions.invite(row, [house.members[0].pk], actor=house.staff)
    row = sessions.notify(Consultation.objects.get(pk=row.pk), actor=house.staff)
    assert Deadline.objects.of(row).get(kind="notice", void=False).met_on == TODAY
    sessions.change(row, actor=house.staff, on=DAY)
    assert list(Deadline.objects.of(row).open().values_list("kind", flat=True)) == ["papers"]  # notice stays given


def test_term_that_would_be_over_already_and_a_light_form_begin_none(house):
    soon = house.planned(on=TODAY + timedelta(days=3))
    light = house.planned(form="frontline", on=DAY)
    assert not Deadline.objects.of(soon).exists()
    assert not Deadline.objects.of(light).exists()
    assert (
        not Deadline.objects.of(sessions.change(house.planned(on=DAY), actor=house.staff, form="micro")).open().exists()
    )


def test_day_of_a_held_session_corrected_moves_the_term_of_its_outcome(house):
    row = house.held(on=TODAY)
    earlier = TODAY - timedelta(days=7)
    sessions.amend(row, actor=house.staff, on=earlier)
    assert Deadline.objects.of(row).open().get(kind="report").starts == earlier


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_notify_pressed_twice_at_once_tells_everybody_once(house):
    row = house.invited(on=DAY)
    done, refused = split(at_once(*[lambda: sessions.notify(row, actor=house.staff)] * 2))
    assert (len(done), len(refused)) == (1, 1)
    assert "已通知" in str(refused[0])
    outbox.run_pending()
    people = [house.members[0].user, house.members[1].user, house.operator]
    assert [Notice.objects.filter(recipient=user).count() for user in people] == [1, 1, 1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_change_one_session_at_once_do_not_write_over_each_other(house):
    row = house.planned(on=DAY)
    done, refused = split(
        at_once(
            lambda: sessions.change(row, actor=house.staff, version=0, place="甲处"),
            lambda: sessions.change(row, actor=house.liaison, version=0, place="乙处"),
        )
    )
    assert (len(done), len(refused)) == (1, 1)
    assert refused[0].field == "version"
    row = Consultation.objects.get(pk=row.pk)
    assert (row.version, row.place) == (1, done[0].place)


def test_second_of_two_officers_is_told_sees_what_is_stored_and_keeps_what_he_wrote(client, house):
    row = house.planned(on=DAY, place="三楼")
    client.force_login(house.staff)
    url = f"/consultations/{row.pk}/edit/"
    form = client.get(url).context["form"]
    data = {bound.name: "" if bound.value() is None else bound.value() for bound in form}
    data |= {"on": DAY.isoformat(), "units": [house.unit.pk]}
    sessions.change(row, actor=house.liaison, place="四楼大会议室")
    answer = client.post(url, {**data, "place": "二楼", "agenda": "写了很久的议程"})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert str(house.liaison) in body
    assert "四楼大会议室" in body
    assert "写了很久的议程" in body
    assert Consultation.objects.get(pk=row.pk).place == "四楼大会议室"
    again = client.post(url, {**data, "place": "二楼", "version": str(answer.context["form"]["version"].value())})
    assert again.status_code == 302
    assert Consultation.objects.get(pk=row.pk).place == "二楼"


def test_record_of_a_session_is_guarded_the_same_way(client, house):
    row = house.held()
    client.force_login(house.staff)
    url = f"/consultations/{row.pk}/record/"
    version = client.get(url).context["form"]["version"].value()
    sessions.amend(row, actor=house.liaison, minutes="先写的记录")
    answer = client.post(url, {"minutes": "后写的记录", "version": version})
    assert answer.status_code == 422
    assert "先写的记录" in answer.content.decode()
    assert Consultation.objects.get(pk=row.pk).minutes == "先写的记录"


def test_cancelled_before_the_notice_nobody_hears(house):
    row = house.invited(on=DAY)
    sessions.cancel(row, actor=house.staff, reason="不开了")
    outbox.run_pending()
    assert not Notice.objects.exists()


def test_answer_for_another_session_or_unit_is_refused(house, told):
    with pytest.raises(Refusal, match="没有请您的单位"):
        preparation.delegate(told, house.unit, actor=house.members[0].user, comes=True, people="某人")
    with pytest.raises(Refusal, match="派谁参加"):
        preparation.delegate(told, house.unit, actor=house.operator, comes=True, people=" ")
    with pytest.raises(Refusal, match="名单里"):
        preparation.answer(house.planned(on=date(2030, 1, 4)), actor=house.members[0].user, comes=True)


def test_worker_killed_after_the_messages_and_started_again_tells_nobody_twice(house, told):
    from core.models import AuditEntry
    from members.activities import effects as activity_effects

    sessions.change(told, actor=house.staff, on=LATER)
    moved, activity = (
        AuditEntry.objects.filter(verb=verb).latest("seq") for verb in ("consultation.change", "activity.change")
    )
    for _ in range(3):
        effects.moved({"model": "consultations.consultation", "id": told.pk, "verb": "change", "entry": moved.seq})
        effects.notified({"model": "consultations.consultation", "id": told.pk, "verb": "notify", "entry": 0})
        activity_effects.changed({"id": told.activity_id, "entry": activity.seq})
    assert len(corrected(house.operator)) == len(corrected(house.members[0].user)) == 1
    assert Notice.objects.filter(recipient=house.operator, title__contains="请参加").count() == 1


def test_terms_before_the_session_are_brought_to_mind_of_staff_and_of_speakers_without_a_text(house, told):
    first, second = house.members
    speaking.add_speech(told, first, actor=house.staff, way="spoken")
    speaking.add_speech(told, second, actor=house.staff, way="spoken", text="稿子在这里")
    due = Deadline.objects.of(told).open().get(kind="papers").due
    Notice.objects.all().delete()
    reminders.sweep(due)
    for chunk in reminders.undelivered_chunks():
        reminders.deliver(chunk)
    reminded = set(Notice.objects.filter(title__contains="交齐发言材料").values_list("recipient_id", flat=True))
    assert reminded == {house.staff.pk, first.user_id}
    assert todos.collect(first.user, TODAY)[0].action in ("回复参加或请假", "交发言材料")
