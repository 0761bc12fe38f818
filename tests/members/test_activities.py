"""Activities 履职活动: plan, invite, answer, hold, correct, report, verify, and what the ledger says of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import outbox
from core.errors import Refusal
from core.models import AuditEntry, Notice
from members.activities import acts as activity_acts
from members.activities import effects as activity_effects
from members.models import DutyEntry
from members.models.activities import Activity, Attendance
from members.services import activities, attendance, duty
from tests.factories import MemberFactory, SpecialCommitteeFactory, StudioFactory, UserFactory
from tests.factories_activities import ActivityFactory, AttendanceFactory

pytestmark = pytest.mark.django_db
State = Attendance.State


@pytest.fixture
def office():
    """A person of the members' liaison office."""
    return UserFactory(roles=["liaison"])


def standing(activity) -> set[tuple[str, int | None, Decimal]]:
    """The ledger's rows of an activity that were not taken back: act, member, quantity."""
    rows = DutyEntry.objects.filter(subject_type="members.activity", subject_id=activity.pk)
    rows = rows.filter(reverses=None, reversed_by=None)
    return set(rows.values_list("act", "member_id", "quantity"))


def test_committee_plans_only_its_own(office):
    body, other = SpecialCommitteeFactory(), SpecialCommitteeFactory()
    staff = UserFactory(roles=[("committee", body)])
    values = {"kind": "study", "title": "学习", "on": timezone.localdate()}
    assert activities.plan(actor=staff, organizer=body, **values).status == "planned"
    with pytest.raises(Refusal):
        activities.plan(actor=staff, organizer=other, **values)
    with pytest.raises(Refusal):
        activities.plan(actor=staff, **values)
    assert activities.plan(actor=office, **values).organizer is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, "ends_on"),
        ({"must_attend": True, "places": 3}, "places"),
        ({"quantity": Decimal(-1)}, "quantity"),
        ({"kind": "donation", "amount": None}, "amount"),
        ({"sign_up_until": timezone.localdate() + timedelta(days=9)}, "sign_up_until"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(office, values, field):
    plain = {"kind": "meeting", "title": "座谈会", "on": timezone.localdate()}
    with pytest.raises(Refusal) as problem:
        activities.plan(actor=office, **(plain | values))
    assert problem.value.field == field


def test_everybody_invited_is_told_once(office):
    activity = ActivityFactory()
    people = [MemberFactory(user=UserFactory(roles=["member"])) for _ in range(3)]
    activities.invite(activity, [row.pk for row in people[:2]], actor=office)
    outbox.run_pending()
    assert not Notice.objects.exists()
    activities.notify(activity, actor=office)
    outbox.run_pending()
    assert activities.invite(activity, [row.pk for row in people], actor=office) == 1
    outbox.run_pending()
    assert sorted(Notice.objects.values_list("recipient_id", flat=True)) == [row.user_id for row in people]


def test_nobody_is_told_of_an_activity_without_people(office):
    with pytest.raises(Refusal, match="还没有请人"):
        activities.notify(ActivityFactory(), actor=office)


def test_another_place_is_told_and_another_note_is_not(office):
    row = AttendanceFactory(activity__status="notified")
    activities.change(row.activity, actor=office, note="备茶水")
    outbox.run_pending()
    assert not Notice.objects.exists()
    activities.change(row.activity, actor=office, place="区委二楼")
    outbox.run_pending()
    assert Notice.objects.get().recipient_id == row.member.user_id
    assert "区委二楼" in Notice.objects.get().body


def test_tomorrows_activity_is_brought_to_mind_once():
    today = timezone.localdate()
    activity = ActivityFactory(status="notified", on=today + timedelta(days=1))
    coming = AttendanceFactory(activity=activity, state=State.COMING)
    AttendanceFactory(activity=activity, state=State.ON_LEAVE)
    for _ in range(2):
        activity_effects.tomorrow(today)
    assert Notice.objects.get().recipient_id == coming.member.user_id


def test_cancelled_activity_is_told_with_its_reason(office):
    row = AttendanceFactory(activity__status="notified")
    activities.cancel(row.activity, actor=office, reason="大雪封路")
    outbox.run_pending()
    assert "大雪封路" in Notice.objects.get(recipient=row.member.user).body


def test_leave_is_decided_where_attendance_is_a_duty(office):
    row = AttendanceFactory(activity__status="notified", activity__must_attend=True)
    asked = attendance.ask_leave(row.activity, actor=row.member.user, reason="因公外出")
    assert asked.state == State.LEAVE_ASKED
    outbox.run_pending()
    assert Notice.objects.filter(recipient=office).count() == 1
    with pytest.raises(Refusal, match="还有1人的请假没有批"):
        activities.hold(row.activity, actor=office)
    with pytest.raises(Refusal, match="为什么不准假"):
        attendance.decide_leave(asked, actor=office, grant=False)
    attendance.decide_leave(asked, actor=office, grant=True)
    outbox.run_pending()
    assert Notice.objects.filter(recipient=row.member.user, title__startswith="已准假").exists()
    with pytest.raises(Refusal):
        attendance.decide_leave(asked, actor=office, grant=True)
    activities.hold(row.activity, actor=office)
    assert standing(row.activity) == {("activity.leave", row.member_id, Decimal(1))}


def test_leave_from_what_is_no_duty_needs_nobody():
    row = AttendanceFactory(activity__status="notified")
    assert attendance.ask_leave(row.activity, actor=row.member.user, reason="有事").state == State.ON_LEAVE


def test_leave_from_a_plenary_meeting_is_the_liaison_offices(office):
    body = SpecialCommitteeFactory()
    staff = UserFactory(roles=[("committee", body)])
    row = AttendanceFactory(
        activity__status="notified", activity__must_attend=True, activity__organizer=body,
        activity__title="十六届四次常委会会议",
    )  # fmt: skip
    asked = attendance.ask_leave(row.activity, actor=row.member.user, reason="因公外出")
    with pytest.raises(Refusal, match="委员联络室"):
        attendance.decide_leave(asked, actor=staff, grant=True)
    assert attendance.decide_leave(asked, actor=office, grant=True).state == State.ON_LEAVE


def test_sign_up_ends_with_the_places(office):
    activity = ActivityFactory(status="notified", places=1, sign_up_until=timezone.localdate())
    first, second = (MemberFactory(user=UserFactory(roles=["member"])) for _ in range(2))
    assert attendance.come(activity, actor=first.user).state == State.COMING
    with pytest.raises(Refusal, match="已经满了"):
        attendance.come(activity, actor=second.user)
    attendance.ask_leave(activity, actor=first.user, reason="有事")
    assert attendance.come(activity, actor=second.user).state == State.COMING


def test_sign_up_is_closed_after_its_day_and_to_those_not_asked():
    activity = ActivityFactory(
        status="notified", on=timezone.localdate() + timedelta(days=5),
        sign_up_until=timezone.localdate() - timedelta(days=1),
    )  # fmt: skip
    member = MemberFactory(user=UserFactory(roles=["member"]))
    with pytest.raises(Refusal, match="截止"):
        attendance.come(activity, actor=member.user)
    closed = ActivityFactory(status="notified")
    with pytest.raises(Refusal, match="不在这次活动的名单里"):
        attendance.come(closed, actor=member.user)


def test_who_neither_came_nor_asked_is_absent_where_it_is_a_duty(office):
    duty_, plain = ActivityFactory(status="notified", must_attend=True), ActivityFactory(status="notified")
    for activity in (duty_, plain):
        for state in (State.INVITED, State.COMING, State.PRESENT, State.ON_LEAVE):
            AttendanceFactory(activity=activity, state=state)
        activities.hold(activity, actor=office)
    assert sorted(duty_.attendances.values_list("state", flat=True)) == ["absent", "absent", "on_leave", "present"]
    assert sorted(plain.attendances.values_list("state", flat=True)) == ["absent", "invited", "on_leave", "present"]
    assert sorted(act for act, _, _ in standing(duty_)) == [
        "activity.absent", "activity.absent", "activity.leave", "activity.meeting",
    ]  # fmt: skip
    assert [act for act, _, _ in standing(plain)] == ["activity.meeting"]


def test_what_is_to_come_cannot_have_been_held(office):
    activity = ActivityFactory(on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refusal, match="还没有到"):
        activities.hold(activity, actor=office)


def test_closing_takes_the_same_queries_however_many_came(office):
    def closed(count):
        activity = ActivityFactory(status="notified", must_attend=True)
        for place in range(count):
            AttendanceFactory(activity=activity, member=MemberFactory(), state="present" if place % 2 else "coming")
        with CaptureQueriesContext(connection) as captured:
            activities.hold(activity, actor=office)
        return len(captured)

    closed(1)  # what a process remembers is remembered now
    assert closed(2) == closed(30)


def test_correction_reverses_and_can_itself_be_corrected(office):
    row = AttendanceFactory(activity__status="notified", activity__must_attend=True)
    activity, who = activities.hold(row.activity, actor=office), row.member_id
    assert standing(activity) == {("activity.absent", who, Decimal(1))}
    with pytest.raises(Refusal, match="理由"):
        attendance.correct(activity, [who], actor=office, state=State.PRESENT, reason=" ")
    attendance.correct(activity, [who], actor=office, state=State.PRESENT, reason="签了到，漏录", part=Decimal("0.5"))
    assert standing(activity) == {("activity.meeting", who, Decimal("0.5"))}
    attendance.correct(activity, [who], actor=office, state=State.ABSENT, reason="看错人")
    attendance.correct(activity, [who], actor=office, state=State.PRESENT, reason="又核实")
    assert standing(activity) == {("activity.meeting", who, Decimal(1))}
    assert AuditEntry.objects.filter(verb="activity.correct").count() == 3
    assert duty.catch_up() == 0


def test_correction_adds_who_was_forgotten(office):
    activity = ActivityFactory(status="held")
    member = MemberFactory()
    assert attendance.correct(activity, [member.pk], actor=office, state=State.PRESENT, reason="漏记") == 1
    assert standing(activity) == {("activity.meeting", member.pk, Decimal(1))}


def test_what_an_appeal_took_back_does_not_return_by_anothers_correction(office):
    activity = ActivityFactory(status="notified")
    one, two = (AttendanceFactory(activity=activity, state=State.PRESENT) for _ in range(2))
    activities.hold(activity, actor=office)
    duty.take_back(f"activity.meeting:{activity.pk}:m{one.member_id}", actor=office, reason="复核")
    attendance.correct(activity, [two.member_id], actor=office, state=State.ABSENT, reason="没有来")
    assert standing(activity) == set()


def test_annulled_activity_leaves_nothing_in_the_ledger(office):
    studio = StudioFactory()
    row = AttendanceFactory(activity__status="notified", activity__organizer=studio, state=State.PRESENT)
    activity = activities.hold(row.activity, actor=office)
    assert {act for act, _, _ in standing(activity)} == {"activity.meeting", "studio.activity"}
    activities.annul(activity, actor=office, reason="登记错了")
    assert standing(activity) == set()
    assert duty.catch_up() == 0


def test_activity_held_before_is_recorded_with_its_people_and_tells_nobody(office):
    people = [MemberFactory(user=UserFactory()) for _ in range(2)]
    on = timezone.localdate() - timedelta(days=9)
    activity = activities.record_held([row.pk for row in people], actor=office, kind="study", title="学习", on=on)
    outbox.run_pending()
    assert activity.status == "held"
    assert standing(activity) == {("activity.study", row.pk, Decimal(1)) for row in people}
    assert not Notice.objects.exists()


def test_another_day_of_a_held_activity_moves_its_rows(office):
    row = AttendanceFactory(activity__status="notified", state=State.PRESENT)
    activity = activities.hold(row.activity, actor=office)
    with pytest.raises(Refusal, match="理由"):
        activities.change(activity, actor=office, kind="study")
    activities.change(activity, actor=office, kind="study", reason="类别填错")
    assert standing(activity) == {("activity.study", row.member_id, Decimal(1))}


@pytest.fixture
def reporter():
    """A member with an account."""
    return MemberFactory(user=UserFactory(roles=["member"]))


def reported(member, **values):
    """A donation that a member reports."""
    plain = {"kind": "donation", "title": "捐书", "on": timezone.localdate(), "amount": Decimal(5000)}
    return activities.report(actor=member.user, **(plain | values))


def test_report_counts_from_its_verification_and_no_longer_when_taken_back(office, reporter):
    activity = reported(reporter)
    assert standing(activity) == set()
    activities.verify(activity, actor=office)
    row = DutyEntry.objects.get()
    assert (row.act, row.quantity, row.detail) == ("activity.donation", Decimal(1), {"amount": "5000.00"})
    activities.unverify(activity, actor=office, reason="票据不清")
    assert standing(activity) == set()
    activities.report_again(
        activity, actor=reporter.user, kind="donation", title="捐书", on=activity.on, amount=Decimal(4000)
    )
    activities.verify(activity, actor=office)
    assert standing(activity) == {("activity.donation", reporter.pk, Decimal(1))}


def test_pieces_count_where_several_may_be_delivered(office, reporter):
    activity = reported(reporter, kind="short_video", title="短视频", quantity=Decimal(3), unit_word="条", amount=None)
    activities.verify(activity, actor=office)
    assert standing(activity) == {("activity.short_video", reporter.pk, Decimal(3))}


def test_members_report_is_no_activity_of_the_studio_it_names(office, reporter):
    activity = reported(reporter, organizer=StudioFactory())
    activities.verify(activity, actor=office)
    assert {act for act, _, _ in standing(activity)} == {"activity.donation"}


def test_same_thing_is_reported_once_and_only_when_it_took_place(reporter):
    reported(reporter)
    with pytest.raises(Refusal, match="已经有您的记录"):
        reported(reporter)
    with pytest.raises(Refusal, match="日期不能在以后"):
        reported(reporter, title="明天的", on=timezone.localdate() + timedelta(days=1))


def test_nobody_verifies_his_own_report(reporter):
    body = SpecialCommitteeFactory()
    both = MemberFactory(user=UserFactory(roles=["member", ("committee", body)]))
    activity = reported(both, organizer=body)
    with pytest.raises(Refusal, match="另一位同事"):
        activities.verify(activity, actor=both.user)


def test_committee_verifies_only_its_own(reporter):
    body = SpecialCommitteeFactory()
    staff = UserFactory(roles=[("committee", body)])
    own, other = reported(reporter, organizer=body), reported(reporter, title="别处的")
    result = activities.verify_many([own, other], actor=staff)
    assert [row.pk for row in result.done] == [own.pk]
    assert "权限" in result.refused[0][1]


def test_returned_report_is_told_with_its_reason(office, reporter):
    activity = reported(reporter)
    activities.send_back(activity, actor=office, reason="请传捐赠票据")
    outbox.run_pending()
    assert "请传捐赠票据" in Notice.objects.get(recipient=reporter.user).body
    activities.withdraw(activity, actor=reporter.user)
    assert Activity.objects.get(pk=activity.pk).status == "cancelled"


def test_catch_up_finds_what_an_import_brought():
    row = AttendanceFactory(activity__status="held", state=State.PRESENT)
    AttendanceFactory(activity__status="planned", state=State.PRESENT)
    assert duty.catch_up() == 1
    assert standing(row.activity) == {("activity.meeting", row.member_id, Decimal(1))}
    assert duty.catch_up() == 0


def test_every_kind_has_an_act():
    assert set(activity_acts.WORDS) == set(Activity.Kind)
