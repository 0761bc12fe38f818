"""Matters 民情事项 through the services: kept once, sent, answered, told, closed; deadlines, messages, the ledger."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from core import handover, options, outbox, reminders, todos
from core.errors import Refusal
from core.models import AuditEntry, Deadline, Notice
from members.matters import onward as matter_onward
from members.matters import reminding as matter_reminding
from members.matters import todos as matter_todos
from members.models import DutyEntry, Matter, MatterStatus, Role
from members.services import duty, matters
from members.services.matters import Visit
from tests import factories as make
from tests.factories_matters import BookingFactory, MatterFactory, ReceptionDayFactory, fresh, host

pytestmark = pytest.mark.django_db
TEXT = "村口三盏路灯坏了半个月。"


def visit(member, **values) -> Visit:
    """A visit with a name and a village, whose way on is still open."""
    given = {
        "key": uuid.uuid4(), "studio": member.studio, "received_on": timezone.localdate(), "text": TEXT, "host": member,
        "category": "市政设施", "visitor_name": "欧阳小曼", "village": "恒口镇", "consent": True, **values,
    }  # fmt: skip
    return Visit(**given)


@pytest.fixture
def member():
    """A member with an account and a studio."""
    return host()


@pytest.fixture
def unit():
    """A unit with an operator and a leader."""
    unit = make.HandlingUnitFactory()
    unit.operator = make.UserFactory(roles=[(Role.UNIT_OPERATOR, unit)], name="田禾")
    unit.leader = make.UserFactory(roles=[(Role.UNIT_LEADER, unit)])
    return unit


def sent(member, unit) -> Matter:
    """A matter sent to the unit."""
    return matters.record(visit(member, route="to_unit", unit=unit), actor=member.user).matter


def open_kinds(matter) -> set[str]:
    return set(Deadline.objects.of(matter).open().values_list("kind", flat=True))


# --- Recording ---------------------------------------------------------------------------------


def test_answer_on_spot_closes_the_matter_on_the_day_of_the_visit(member):
    day = timezone.localdate() - dt.timedelta(days=1)
    found = matters.record(
        visit(
            member, route="on_spot", answer="明天就去修。", visitor_name="", village="", consent=False, received_on=day
        ),
        actor=member.user,
    )
    matter = found.matter
    assert (matter.status, matter.closed_on, matter.informed_how, matter.result) == (
        "closed",
        day,
        "当场",
        "明天就去修。",
    )
    assert open_kinds(matter) == set()
    assert len(matter.receipt_code) == 10


def test_same_key_sent_again_is_the_same_matter(member):
    entry = visit(member)
    first, again = (matters.record(entry, actor=fresh(member.user)) for _ in range(2))
    assert (first.created, again.created, first.matter) == (True, False, again.matter)
    assert Matter.objects.count() == 1
    stranger = host(studio=member.studio)
    with pytest.raises(Refusal, match="别人存过"):
        matters.record(entry, actor=stranger.user)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_same_key_ten_times_at_once_is_one_matter(member):
    entry = visit(member)

    def send(_):
        try:
            return matters.record(entry, actor=fresh(member.user)).matter.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as phones:
        found = set(phones.map(send, range(10)))
    assert len(found) == 1
    assert Matter.objects.count() == 1


def test_booking_is_taken_up_once(member):
    booking = BookingFactory(slot__day__studio=member.studio)
    matters.record(visit(member, booking=booking), actor=member.user)
    with pytest.raises(Refusal, match="已经登记过"):
        matters.record(visit(member, booking=booking), actor=member.user)


def test_visit_on_a_reception_day_belongs_to_it_and_to_its_booking(member):
    day = ReceptionDayFactory(studio=member.studio)
    booking = BookingFactory(slot__day=day)
    matter = matters.record(visit(member, booking=booking), actor=member.user).matter
    assert (matter.day, booking.visit) == (day, matter)
    assert matter.receipt_code != booking.receipt_code


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " "}, "text"),
        ({"consent": False}, "consent"),
        ({"visitor_name": ""}, "visitor_name"),
        ({"village": ""}, "visitor_phone"),
        ({"route": "on_spot"}, "answer"),
        ({"received_on": dt.date(2199, 1, 1)}, "received_on"),
        ({"received_on": dt.date(2001, 1, 1)}, "received_on"),
        ({"text": "字" * 5001}, "text"),
    ],
)
def test_incomplete_visit_is_refused_at_its_field(member, values, field):
    with pytest.raises(Refusal) as problem:
        matters.record(visit(member, **values), actor=member.user)
    assert problem.value.field == field
    assert not Matter.objects.exists()


def test_nobody_records_for_a_studio_that_is_not_his(member):
    with pytest.raises(Refusal, match="不能替这个工作室"):
        matters.record(visit(member, studio=make.StudioFactory()), actor=member.user)
    clerk = make.UserFactory(roles=[Role.PROPOSAL_CLERK])
    with pytest.raises(Refusal):
        matters.record(visit(member), actor=clerk)


def test_way_that_cannot_be_taken_loses_no_matter(member, unit):
    found = matters.record(visit(member, text="法院判决两年没有执行", route="to_unit", unit=unit), actor=member.user)
    assert found.matter.status == MatterStatus.RECORDED
    assert "去向还要再定" in found.note
    assert open_kinds(found.matter) == {"triage"}


# --- On its way --------------------------------------------------------------------------------


def test_court_cases_are_led_elsewhere_unless_somebody_looked(member, unit):
    matter = matters.record(visit(member, text="正在仲裁，想请委员说句话"), actor=member.user).matter
    with pytest.raises(Refusal, match="信访或法律途径") as problem:
        matters.triage(matter, actor=member.user, route="to_unit", unit=unit)
    assert problem.value.field == "sure"
    matters.triage(matter, actor=member.user, route="referred")
    matter = matters.reroute(matter, actor=member.user, route="to_unit", unit=unit, reason="已经撤了仲裁", sure=True)
    assert matter.unit == unit


def test_matter_goes_to_the_unit_and_comes_back_to_the_visitor(member, unit):
    matter = sent(member, unit)
    assert open_kinds(matter) == {"answer"}
    matter = matters.start(matter, actor=unit.operator)
    matter = matters.answer(matter, actor=unit.operator, answer="已派人更换三盏灯头。", result="三盏路灯已修好。")
    assert open_kinds(matter) == {"inform"}
    assert Matter.objects.get().next_due == Deadline.objects.of(matter).open().get().due
    matter = matters.inform(matter, actor=member.user, result=matter.result, how="电话", rating="satisfied")
    assert (matter.status, matter.rating, matter.informed_how) == ("closed", "satisfied", "电话")
    assert open_kinds(matter) == set()
    assert Matter.objects.get().next_due is None


def test_deadlines_follow_the_options(member, unit):
    options.set_value("matters.answer_days", 3, actor=None)
    row = Deadline.objects.of(sent(member, unit)).open().get()
    assert (row.amount, row.rule) == (3, "转办次日起3个工作日")


def test_unit_sends_back_and_the_studio_sends_again(member, unit):
    matter = matters.send_back(sent(member, unit), actor=unit.operator, reason="路灯归城管局")
    assert (matter.status, matter.unit, matter.route) == ("recorded", None, "")
    assert open_kinds(matter) == {"triage"}
    outbox.run_pending()
    assert Notice.objects.filter(recipient=member.user, title__startswith="退回").exists()


@pytest.mark.parametrize(
    ("result", "what"),
    [
        ("欧阳小曼家门口的灯已修好。", "来访人的姓名"),
        ("已修好，有事打13912345678。", "电话号码"),
        ("已修好，有事打0915-3212345。", "电话号码"),
        ("田禾已经去修好了。", "单位工作人员的姓名"),
    ],
)
def test_public_result_names_nobody(member, unit, result, what):
    matter = sent(member, unit)
    with pytest.raises(Refusal, match=what) as problem:
        matters.answer(matter, actor=unit.operator, answer="已修", result=result)
    assert problem.value.field == "result"
    assert "欧阳" not in str(problem.value)


def test_liaison_enters_a_units_answer_and_the_studio_does_not(member, unit):
    matter = sent(member, unit)
    with pytest.raises(Refusal, match="委员联络室代录"):
        matters.record_outcome(matter, actor=member.user, answer="已修", result="已修好。")
    office = make.UserFactory(roles=[Role.LIAISON])
    matter = matters.record_outcome(matter, actor=office, answer="来函答复：已修", result="已修好。")
    assert matter.status == "answered"


def test_reopened_matter_begins_anew_and_keeps_its_history(member, unit):
    matter = matters.answer(sent(member, unit), actor=unit.leader, answer="已修", result="已修好。")
    matter = matters.inform(matter, actor=member.user, result="已修好。", how="电话")
    matter = matters.reopen(matter, actor=member.user, reason="来访人说灯还是不亮")
    assert (matter.status, matter.result, matter.closed_on) == ("recorded", "", None)
    entry = AuditEntry.objects.get(verb="matter.reopen")
    assert entry.detail["changes"]["answer"] == ["已修", ""]


# --- People ------------------------------------------------------------------------------------


def test_unit_is_told_and_reminders_climb(member, unit):
    matter = sent(member, unit)
    outbox.run_pending()
    assert Notice.objects.filter(recipient=unit.operator, title__startswith="转来民情事项").exists()
    row = Deadline.objects.of(matter).open().get()
    office = make.UserFactory(roles=[Role.LIAISON])
    line = matter_reminding.lines([row])[row.pk]
    assert line.people == {1: [unit.operator.pk], 2: [unit.leader.pk], 3: [office.pk]}
    assert "欧阳" not in line.title
    assert "路灯" not in line.title
    reminders.sweep(row.due)
    for ids in reminders.undelivered_chunks():
        reminders.deliver(ids)
    assert Notice.objects.filter(recipient=unit.operator, key__startswith="reminder").exists()


def test_messages_say_nothing_of_the_visitor(member, unit):
    matters.answer(sent(member, unit), actor=unit.operator, answer="已修", result="已修好。")
    outbox.run_pending()
    told = " ".join(f"{row.title}{row.body}" for row in Notice.objects.all())
    assert "有结果了" in told
    for secret in ("欧阳", "路灯", "恒口镇", "已修"):
        assert secret not in told


def test_work_waits_for_the_right_person(member, unit, django_assert_max_num_queries):
    today = timezone.localdate()
    matter = matters.record(visit(member), actor=member.user).matter

    def waiting(user):
        return [(row.kind, row.action) for row in todos.collect(fresh(user), today) if row.kind.startswith("matter")]

    assert waiting(member.user) == [("matter", "分流")]
    matters.triage(matter, actor=member.user, route="to_unit", unit=unit)
    assert (waiting(member.user), waiting(unit.operator)) == ([], [("matter_unit", "答复民情事项")])
    matters.answer(matter, actor=unit.operator, answer="已修", result="已修好。")
    assert (waiting(member.user), waiting(unit.operator)) == ([("matter", "告知来访人")], [])
    user = fresh(member.user)
    assert user.member_id == member.pk
    assert user.has_role(Role.MEMBER)
    with django_assert_max_num_queries(1):
        todos.settle(matter_todos.todos(user, today))


def test_convener_sees_to_the_matters_of_a_host_who_does_not_sign_in(member):
    today = timezone.localdate()
    studio = member.studio
    by_post = make.MemberFactory(user=make.UserFactory(roles=[Role.MEMBER]), studio=studio)
    studio.convener = by_post
    studio.save()
    by_role = make.UserFactory(roles=[(Role.CONVENER, studio)])
    own = MatterFactory(studio=studio, host=member)
    others = {
        MatterFactory(studio=studio, host=make.MemberFactory(studio=studio)).get_absolute_url(),
        MatterFactory(studio=studio, host=None).get_absolute_url(),
    }
    MatterFactory(host=make.MemberFactory())  # of another studio
    for user in (by_post.user, by_role):
        assert {row.url for row in todos.settle(matter_todos.todos(fresh(user), today))} == others
    member.user.is_active = False
    member.user.save()
    found = {row.url for row in todos.settle(matter_todos.todos(fresh(by_post.user), today))}
    assert found == others | {own.get_absolute_url()}


def test_office_is_asked_for_what_is_late_and_what_no_app_takes_over(member, monkeypatch):
    monkeypatch.setattr(matter_onward, "_ways", {})
    office = make.UserFactory(roles=[Role.LIAISON])
    today = timezone.localdate()
    matter = matters.record(visit(member, route="to_opinion"), actor=member.user).matter
    late = MatterFactory(next_due=today - dt.timedelta(days=1))
    MatterFactory(next_due=today)
    found = {row.url for row in todos.settle(matter_todos.todos(office, today))}
    assert found == {matter.get_absolute_url(), late.get_absolute_url()}


def test_host_is_asked_to_write_what_another_app_takes_over(member):
    today = timezone.localdate()
    matter = matters.record(visit(member, route="to_proposal"), actor=member.user).matter
    found = [(row.url, row.action) for row in todos.settle(matter_todos.todos(fresh(member.user), today))]
    assert found == [(matter.get_absolute_url(), "转为提案")]
    matters.handed_over(matter, route="to_proposal", summary="转出")
    assert not todos.settle(matter_todos.todos(fresh(member.user), today))


def test_looking_at_a_telephone_number_is_recorded(member, unit):
    matter = matters.record(visit(member, visitor_phone="13987654321"), actor=member.user).matter
    assert matters.see_phone(matter, actor=member.user) == "13987654321"
    assert AuditEntry.objects.filter(verb="matter.phone", actor=member.user, subject_id=matter.pk).count() == 1
    with pytest.raises(Refusal):
        matters.see_phone(matter, actor=unit.operator)


def test_correction_says_which_part_and_not_what(member):
    matter = matters.record(visit(member, visitor_phone="13987654321"), actor=member.user).matter
    matters.correct(matter, actor=member.user, visitor_phone="13900000000", village="恒口镇", text=TEXT)
    matter.refresh_from_db()
    assert matter.visitor_phone == "13900000000"
    entry = AuditEntry.objects.get(verb="matter.correct")
    assert entry.summary == "更正登记：来访人电话"
    assert "139" not in str(entry.detail)
    with pytest.raises(Refusal):
        matters.correct(matter, actor=host().user, village="别处")
    matters.answer_on_spot(matter, actor=member.user, answer="说清楚了。")
    with pytest.raises(Refusal, match="已办结"):
        matters.correct(matter, actor=member.user, village="别处")


def test_nothing_of_the_visitor_is_readable_in_the_database(member):
    matter = matters.record(visit(member, visitor_phone="13987654321"), actor=member.user).matter
    with connection.cursor() as cursor:
        cursor.execute("SELECT visitor_phone FROM members_matter WHERE id = %s", [matter.pk])
        assert "13987654321" not in cursor.fetchone()[0]


def test_personal_data_are_cleared_a_year_after_closing():
    today = timezone.localdate()
    old = MatterFactory(status="closed", closed_on=today - dt.timedelta(days=366))
    young = MatterFactory(status="closed", closed_on=today - dt.timedelta(days=364))
    running = MatterFactory(received_on=today - dt.timedelta(days=600))
    assert matter_reminding.clear_personal_data(today) == 1
    assert matter_reminding.clear_personal_data(today) == 0
    for row in (old, young, running):
        row.refresh_from_db()
    assert (old.visitor_name, old.visitor_phone, old.text) == ("", "", running.text)
    assert (young.visitor_name, running.visitor_phone) == ("欧阳小曼", "13987654321")


# --- The ledger --------------------------------------------------------------------------------


def test_host_has_received_and_solved_in_the_ledger(member, unit):
    matter = matters.record(visit(member, route="on_spot", answer="已答复。"), actor=member.user).matter
    acts = list(DutyEntry.objects.order_by("id").values_list("act", "member_id", "key"))
    assert acts == [
        ("matter.received", member.pk, f"matter.received:{matter.pk}:m{member.pk}"),
        ("matter.solved", member.pk, f"matter.solved:{matter.pk}:m{member.pk}"),
    ]
    assert not DutyEntry.objects.filter(summary__contains="欧阳").exists()
    duty.catch_up()
    assert DutyEntry.objects.count() == 2


def test_reopening_takes_the_solving_back_and_solving_again_counts_once(member, unit):
    matter = matters.record(visit(member, route="on_spot", answer="已答复。"), actor=member.user).matter
    matters.reopen(matter, actor=member.user, reason="没有说清楚")
    solved = DutyEntry.objects.filter(act="matter.solved")
    assert [int(row.quantity) for row in solved.order_by("id")] == [1, -1]
    duty.catch_up()
    assert solved.count() == 2
    matters.answer_on_spot(matter, actor=member.user, answer="说清楚了。")
    duty.catch_up()
    assert sum(row.quantity for row in solved.all()) == 1


def test_studio_is_credited_for_what_became_an_opinion_report(member):
    matter = matters.record(visit(member, route="to_opinion"), actor=member.user).matter
    matters.record_outcome(matter, actor=member.user, answer="写成一篇社情民意", result="已写成社情民意信息上报。")
    row = DutyEntry.objects.get(act="studio.converted")
    assert (row.studio_id, row.key) == (member.studio_id, f"studio.converted:{matter.pk}:s{member.studio_id}")
    duty.catch_up()
    assert DutyEntry.objects.filter(act="studio.converted").count() == 1


# --- Handover ----------------------------------------------------------------------------------


def test_matter_is_offered_to_those_who_handle_it_until_it_went_on(member, unit):
    matter = matters.record(visit(member, route="to_proposal"), actor=member.user).matter
    text = f"members.matter:{matter.pk}"
    _, data = handover.read(member.user, text)
    assert data.values == {"title": "关于解决恒口镇市政设施问题的建议", "situation": TEXT}
    assert handover.read(unit.operator, text) is None
    matters.handed_over(matter, route="to_proposal", summary="转出")
    assert Matter.objects.get().status == "in_progress"
    assert handover.read(member.user, text) is None


def test_what_it_became_answers_or_gives_it_back(member):
    matter = matters.record(visit(member, route="to_proposal"), actor=member.user).matter
    matters.handed_over(matter, route="to_proposal", summary="转出")
    matters.onward_ended(matter, reason="提案没有立案")
    assert (Matter.objects.get().status, Matter.objects.get().route) == ("recorded", "")
    matters.handed_over(matter, route="to_proposal", summary="转出")
    matters.onward_answered(matter, answer="提案已答复", result="已列入今年计划。", on=timezone.localdate())
    matters.onward_answered(matter, answer="提案又答复", result="又答复。", on=timezone.localdate())
    assert (Matter.objects.get().status, Matter.objects.get().result) == ("answered", "已列入今年计划。")
