"""Reception days laid out from rules, hosts in rotation, what people do to a day, and what it brings to the ledger."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from core import options
from core.errors import Refusal
from core.models import AuditEntry, CalendarDay, Notice
from core.todos import settle
from members.models import DutyEntry, ReceptionDay, StudioRequisite
from members.services import duty, reception, rota_days, studio_duty, studios
from members.studios.daily import announce, lay_out, remind_hosts
from members.studios.todos import waiting
from tests.factories import MemberFactory, StudioFactory, UserFactory
from tests.factories_studios import BookingFactory, ReceptionDayFactory, staffed_studio

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)


@pytest.fixture
def office():
    return UserFactory(roles=["liaison"])


@pytest.fixture
def studio():
    return staffed_studio(members=5, reception_rule="每月1日、15日")


def days_of(studio) -> list[date]:
    return list(studio.reception_days.order_by("on").values_list("on", flat=True))


def test_days_are_laid_out_ahead_and_moved_off_holidays(studio):
    laid = rota_days.lay_out(studio, today=TODAY)
    assert laid.made == 7
    assert days_of(studio) == [
        date(2026, 4, 15), date(2026, 5, 6), date(2026, 5, 15), date(2026, 6, 1), date(2026, 6, 15),
        date(2026, 7, 1), date(2026, 7, 15),
    ]  # fmt: skip
    moved = studio.reception_days.get(on=date(2026, 5, 6))
    assert moved.planned_on == date(2026, 5, 1)
    assert moved.moved_because == "5月1日是劳动节假期，改到5月6日"
    assert moved.slots.count() == 8
    assert not moved.announced_at


def test_laying_out_again_changes_nothing(studio):
    rota_days.lay_out(studio, today=TODAY)
    before = list(studio.reception_days.order_by("pk").values_list("pk", "on"))
    hosts = {day.pk: list(day.hosts.values_list("pk", flat=True)) for day in studio.reception_days.all()}
    studio.reception_days.filter(on=date(2026, 5, 6)).update(announced_at=timezone.now())
    laid = rota_days.lay_out(studio, today=TODAY)
    assert (laid.made, laid.moved, laid.dropped) == (0, 0, 0)
    assert list(studio.reception_days.order_by("pk").values_list("pk", "on")) == before
    assert hosts == {day.pk: list(day.hosts.values_list("pk", flat=True)) for day in studio.reception_days.all()}


def test_every_member_gets_the_same_number_of_turns(studio):
    options.set_value("reception.months_ahead", 10, actor=None)
    rota_days.lay_out(studio, today=TODAY)
    seats = Counter(studio.reception_days.values_list("hosts", flat=True))
    assert len(seats) == 5
    assert max(seats.values()) - min(seats.values()) <= 1


def test_a_changed_calendar_moves_days_that_nobody_was_told_of(studio):
    rota_days.lay_out(studio, today=TODAY)
    known, free = (studio.reception_days.get(on=day) for day in (date(2026, 4, 15), date(2026, 7, 15)))
    reception.announce_day(known, actor=UserFactory(roles=["liaison"]))
    hosts = list(free.hosts.all())
    for day in (known.on, free.on):
        CalendarDay.objects.create(date=day, kind="holiday", name="临时", source="通知")
    laid = rota_days.lay_out(studio, today=TODAY)
    assert (laid.made, laid.moved) == (0, 1)
    assert date(2026, 4, 15) in days_of(studio)
    moved = studio.reception_days.get(planned_on=date(2026, 7, 15))
    assert moved.on == date(2026, 7, 16)
    assert list(moved.hosts.all()) == hosts


def test_a_rule_that_cannot_be_read_stops_no_other_studio(studio):
    other = staffed_studio(reception_rule="有空就来")
    found = rota_days.lay_out_all(TODAY)
    assert found[studio.name].made == 7
    assert "没有读懂" in found[other.name].problems[0]
    lay_out(TODAY)
    assert not other.reception_days.exists()


def test_a_new_rule_takes_over_and_keeps_announced_days(studio, office):
    today = timezone.localdate()
    rota_days.lay_out(studio, today=today)
    kept = studio.reception_days.order_by("on").first()
    reception.announce_day(kept, actor=office)
    reception.set_rule(studio, actor=office, text="每周三下午", starts=today + timedelta(1))
    studio.refresh_from_db()
    assert studio.reception_rule == "每周三下午"
    days = list(studio.reception_days.exclude(pk=kept.pk))
    assert {day.opens for day in days} == {time(14, 30)}
    assert studio.reception_days.filter(pk=kept.pk).exists()
    assert len(set(days_of(studio))) == studio.reception_days.count() > 10
    with pytest.raises(Refusal, match="可以这样写"):
        reception.set_rule(studio, actor=office, text="随时", starts=today)
    with pytest.raises(Refusal, match="权限"):
        reception.set_rule(studio, actor=UserFactory(roles=["member"]), text="每月1日", starts=today)


def test_moving_a_day_keeps_its_bookings_and_says_so(office):
    day = ReceptionDayFactory()
    host = day.hosts.get()
    host.user = UserFactory(roles=["member"])
    host.save()
    row = BookingFactory(day=day, told_at=timezone.now())
    was, to = day.on, day.on + timedelta(2)
    other = ReceptionDayFactory(studio=day.studio, on=day.on + timedelta(1))
    with pytest.raises(Refusal, match="已经有一次接待"):
        reception.move_day(day, actor=office, on=other.on, reason="停电")
    moved = reception.move_day(day, actor=office, on=to, reason="停电")
    assert (moved.on, moved.planned_on, moved.rule) == (to, was, None)
    assert moved.moved_because.startswith("停电，由")
    row.refresh_from_db()
    assert row.told_at is None
    assert Notice.objects.filter(recipient=host.user, title__contains="停电").exists()
    titles = [todo.title for todo in settle(waiting(office, timezone.localdate()))]
    assert any("还有来访人没有告知" in title for title in titles)
    reception.told(row, actor=office)
    assert not settle(waiting(office, timezone.localdate()))


def test_a_cancelled_day_is_left_alone_by_the_rule(studio, office):
    today = timezone.localdate()
    rota_days.lay_out(studio, today=today)
    day = studio.reception_days.order_by("on").first()
    reception.cancel_day(day, actor=office, reason="下雪")
    laid = rota_days.lay_out(studio, today=today)
    assert (laid.made, laid.moved, laid.dropped) == (0, 0, 0)
    with pytest.raises(Refusal, match="已经取消"):
        reception.move_day(day, actor=office, on=today + timedelta(9), reason="x")


def test_hosts_come_from_the_studio_and_are_told(office):
    day = ReceptionDayFactory()
    newcomer = MemberFactory(studio=day.studio, user=UserFactory(roles=["member"]))
    with pytest.raises(Refusal, match="不在这个工作室"):
        reception.set_hosts(day, actor=office, hosts=[MemberFactory(studio=StudioFactory())])
    with pytest.raises(Refusal, match="至少要有一位"):
        reception.set_hosts(day, actor=office, hosts=[])
    reception.set_hosts(day, actor=office, hosts=[newcomer])
    assert list(day.hosts.all()) == [newcomer]
    assert Notice.objects.get(recipient=newcomer.user).title.startswith("请您")
    entry = AuditEntry.objects.get(verb="reception_day.hosts")
    assert entry.detail["changes"]["hosts"][1] == [newcomer.name]


def test_near_days_are_announced_and_hosts_reminded_once(studio):
    today = timezone.localdate()
    day = ReceptionDayFactory(studio=studio, on=today + timedelta(1), announced_at=None)
    far = ReceptionDayFactory(studio=studio, on=today + timedelta(100), announced_at=None)
    host = day.hosts.get()
    host.user = UserFactory(roles=["member"])
    host.save()
    assert announce(today) == 1
    far.refresh_from_db()
    assert far.announced_at is None
    remind_hosts(today)
    remind_hosts(today)
    assert Notice.objects.filter(recipient=host.user).count() == 1
    options.set_value("reception.announce_days", 0, actor=None)
    assert announce(today) == 0


def test_a_held_day_counts_for_studio_and_hosts_and_can_be_taken_back(office):
    day = ReceptionDayFactory(on=timezone.localdate(), hosts=None)
    reception.mark_held(day, actor=office)
    assert dict(DutyEntry.objects.values_list("act", "quantity")) == {studio_duty.DAY: 1, studio_duty.HOSTED: 1}
    assert duty.record_duties(list(studio_duty.acts())) == 0
    reception.mark_not_held(day, actor=office, reason="那天没开门")
    assert sum(DutyEntry.objects.values_list("quantity", flat=True)) == 0
    reception.mark_held(day, actor=office)
    assert sum(DutyEntry.objects.values_list("quantity", flat=True)) == 2
    assert duty.record_duties(list(studio_duty.acts())) == 0


def test_a_day_to_come_cannot_be_held(office):
    with pytest.raises(Refusal, match="还没有到"):
        reception.mark_held(ReceptionDayFactory(), actor=office)


def test_only_the_studio_and_the_office_touch_a_day():
    day = ReceptionDayFactory()
    stranger, convener = UserFactory(roles=["member"]), UserFactory(roles=[("convener", day.studio)])
    for act in (
        lambda actor: reception.announce_day(day, actor=actor),
        lambda actor: reception.set_hosts(day, actor=actor, hosts=list(day.hosts.all())),
    ):
        with pytest.raises(Refusal, match="权限"):
            act(stranger)
        act(convener)


def test_requisites_count_once_a_year_and_not_when_gone(office):
    studio = StudioFactory()
    items = StudioRequisite.Item.values
    studios.check_requisites(studio, actor=office, found={item: (item != "equipment", "") for item in items})
    studios.check_requisites(studio, actor=office, found={item: (item != "equipment", "") for item in items})
    assert DutyEntry.objects.count() == 4
    studios.check_requisites(studio, actor=office, found={"place": (False, "搬走了")})
    assert sum(DutyEntry.objects.values_list("quantity", flat=True)) == 3
    studios.check_requisites(studio, actor=office, found={"place": (True, "")})
    assert sum(DutyEntry.objects.values_list("quantity", flat=True)) == 4
    assert duty.record_duties(list(studio_duty.acts())) == 0


def test_a_ledger_entry_keeps_what_it_said_before(office):
    studio = StudioFactory()
    record = studios.add_record(studio, actor=office, ledger="activity", on=TODAY, title="走访", text="原来的话")
    studios.change_record(record, actor=office, text="改过的话")
    entry = AuditEntry.objects.get(verb="studio_record.change")
    assert entry.detail["changes"]["text"] == ["原来的话", "改过的话"]
    studios.remove_record(record, actor=office, reason="登重了")
    assert sum(DutyEntry.objects.values_list("quantity", flat=True)) == 0
    with pytest.raises(Refusal, match="已经删去"):
        studios.change_record(record, actor=office, text="再改")


def test_a_convener_changes_his_studio_but_not_its_name():
    studio = StudioFactory()
    convener = UserFactory(roles=[("convener", studio)])
    studios.change_facts(studio, actor=convener, motto="说得上话", liaison_phone="13812345678")
    studio.refresh_from_db()
    assert (studio.motto, studio.liaison_phone) == ("说得上话", "13812345678")
    assert "13812345678" not in str(AuditEntry.objects.get(verb="studio.change").detail)
    with pytest.raises(Refusal, match="由委员联络室改"):
        studios.change_facts(studio, actor=convener, name="别的名字")
    assert ReceptionDay.objects.count() == 0
