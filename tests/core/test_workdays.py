"""Working days against the published schedule, and the laws that counting must obey."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import revisions, workdays
from core.models import CalendarDay, Revision
from core.seeds import calendar as seeds
from core.workdays import Calendar, Entry, Pause

D = dt.date

SEEDED = Calendar(
    {day["date"]: Entry(day["kind"] == "workday", day["name"], day["provisional"]) for day in seeds.days()}
)
DATES = st.dates(D(2020, 1, 1), D(2033, 12, 31))
LIMITS = st.integers(1, 300)


def all_days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(i) for i in range((last - first).days + 1)]


# --- The published schedule -------------------------------------------------------------------


@pytest.mark.parametrize("year", range(2020, 2027))
def test_calendar_agrees_with_published_schedule_each_day(year):
    for day in all_days(D(year, 1, 1), D(year, 12, 31)):
        told = SEEDED.day(day)
        assert told.works == chinese_calendar.is_workday(day), day
        assert not told.provisional, day


def test_calendar_says_why_each_seeded_day_is_as_it_is():
    assert SEEDED.day(D(2026, 5, 9)) == (True, "调休上班", False)
    assert SEEDED.day(D(2025, 10, 2)) == (False, "国庆节放假", False)
    assert SEEDED.day(D(2025, 10, 6)) == (False, "中秋节放假", False)
    assert SEEDED.day(D(2026, 5, 10)) == (False, "周末", False)
    assert SEEDED.day(D(2026, 5, 11)) == (True, "工作日", False)


@pytest.mark.parametrize("year", range(2027, 2036))
def test_later_years_have_thirteen_legal_days_off_and_are_provisional(year):
    off = [day for day in all_days(D(year, 1, 1), D(year, 12, 31)) if day in SEEDED.entries]
    assert len(off) == (12 if year == 2031 else 13) - (year == 2028)  # 中秋 falls into 国庆
    assert all(not SEEDED.day(day).works and SEEDED.day(day).provisional for day in off)
    assert SEEDED.day(D(year, 3, 3)).provisional


def test_spring_festival_of_later_years_begins_on_the_eve():
    assert SEEDED.day(D(2027, 2, 5)) == (False, "春节放假（暂定）", True)
    assert SEEDED.day(D(2027, 2, 8)).reason == "春节放假（暂定）"
    assert SEEDED.day(D(2027, 2, 9)).works


def test_unknown_year_falls_back_to_weekends_and_fixed_days_off():
    empty = Calendar({})
    assert empty.day(D(2045, 10, 3)) == (False, "国庆节放假（暂定）", True)
    assert empty.day(D(2045, 10, 4)) == (True, "工作日", True)
    assert empty.day(D(2045, 10, 7)) == (False, "周末", True)


# --- Limits in working days -------------------------------------------------------------------


def test_fifteen_working_days_from_27_april_2026_end_on_20_may():
    due = SEEDED.add_working_days(D(2026, 4, 27), 15)
    assert due.due == D(2026, 5, 20)
    assert due.rule == "收到次日起15个工作日"
    reasons = {step.date: step.reason for step in due.steps}
    assert reasons[D(2026, 4, 27)] == "收到当日不计"
    assert reasons[D(2026, 4, 30)] == "第3日"
    assert reasons[D(2026, 5, 5)] == "劳动节放假"
    assert reasons[D(2026, 5, 9)] == "调休上班，第7日"
    assert reasons[D(2026, 5, 10)] == "周末"


def test_working_days_run_over_spring_festival():
    due = SEEDED.add_working_days(D(2026, 2, 13), 3)  # the 14th is worked, then nine days off
    assert due.due == D(2026, 2, 25)
    assert [step.date for step in due.steps if step.counted] == [
        D(2026, 2, 14),
        D(2026, 2, 24),
        D(2026, 2, 25),
    ]


def test_working_days_into_an_unpublished_year_are_provisional():
    assert not SEEDED.add_working_days(D(2026, 12, 30), 1).provisional
    assert SEEDED.add_working_days(D(2026, 12, 30), 2).provisional


def test_pause_stops_the_clock():
    pause = Pause(D(2026, 3, 3), D(2026, 3, 6))
    due = SEEDED.add_working_days(D(2026, 3, 2), 5, [pause])
    assert due.due == D(2026, 3, 12)  # 3, 9, 10, 11, 12 March count
    assert [s.date.day for s in due.steps if s.reason == "改办待定，暂停计算"] == [4, 5, 6]


@given(DATES, LIMITS)
def test_adding_working_days_and_counting_back_agree(start, n):
    due = SEEDED.add_working_days(start, n)
    assert SEEDED.count(start, due.due) == n
    assert SEEDED.nth(start, n) == due.due
    assert sum(step.counted for step in due.steps) == n
    assert SEEDED.working_days_between(start, due.due) == n


@given(DATES, LIMITS)
def test_due_day_is_a_working_day_and_steps_name_every_day(start, n):
    due = SEEDED.add_working_days(start, n)
    assert SEEDED.day(due.due).works
    assert [step.date for step in due.steps] == all_days(start, due.due)
    assert all(step.reason for step in due.steps)


@given(DATES, LIMITS)
def test_later_start_or_longer_limit_never_ends_earlier(start, n):
    due = SEEDED.add_working_days(start, n).due
    assert SEEDED.add_working_days(start, n + 1).due > due
    assert SEEDED.add_working_days(start + dt.timedelta(1), n).due >= due


@given(DATES, st.integers(0, 900))
def test_count_equals_looking_at_each_day(start, length):
    end = start + dt.timedelta(length)
    assert SEEDED.count(start, end) == sum(SEEDED.day(day).works for day in all_days(start, end)[1:])


@pytest.mark.parametrize(
    ("start", "n"),
    [(D(2026, 1, 1), 0), (D(2026, 1, 1), -3), (D(2026, 1, 1), 5000), (D(1, 1, 1), 3)],
)
def test_impossible_limits_are_refused_in_chinese(start, n):
    with pytest.raises(ValueError, match="应在"):
        SEEDED.add_working_days(start, n)
    with pytest.raises(ValueError, match="应在"):
        SEEDED.add_months(start, n)


# --- Limits in months -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (D(2026, 2, 26), 3, D(2026, 5, 26)),
        (D(2023, 1, 31), 1, D(2023, 2, 28)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),  # leap year
        (D(2023, 12, 30), 2, D(2024, 2, 29)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2025, 12, 31), 2, D(2026, 2, 28)),  # a Saturday, worked as 调休
        (D(2025, 7, 1), 3, D(2025, 10, 9)),  # 1 October, put off over 国庆
        (D(2026, 1, 15), 1, D(2026, 2, 24)),  # put off over 春节
        (D(2025, 10, 15), 4, D(2026, 2, 24)),
    ],
)
def test_months_run_to_same_day_or_month_end_then_to_a_working_day(start, n, due):
    assert SEEDED.add_months(start, n).due == due


def test_months_explain_month_end_and_rolling():
    steps = {step.date: step for step in SEEDED.add_months(D(2025, 8, 31), 13).steps}
    assert steps[D(2026, 9, 30)].reason == "满13个月（9月没有31日，以月末为准）"
    assert steps[D(2025, 9, 30)].reason == "第1个月"
    assert steps[D(2025, 10, 1)].reason == "第2个月"
    rolled = SEEDED.add_months(D(2025, 7, 1), 3)
    assert rolled.steps[0].reason == "收到当日不计"
    last = {step.date: (step.counted, step.reason) for step in rolled.steps[-9:]}
    assert last[D(2025, 10, 1)] == (True, "满3个月，逢国庆节放假，顺延")
    assert last[D(2025, 10, 8)] == (False, "国庆节放假，顺延")
    assert last[D(2025, 10, 9)] == (False, "顺延至此到期")


def test_months_are_provisional_only_where_the_end_hangs_on_an_unpublished_year():
    assert not SEEDED.add_months(D(2026, 11, 1), 1).provisional
    assert SEEDED.add_months(D(2026, 11, 20), 2).provisional


def test_pause_puts_a_limit_in_months_off_by_its_days():
    pause = Pause(D(2026, 3, 9), D(2026, 3, 12))
    due = SEEDED.add_months(D(2026, 3, 2), 1, [pause])
    assert due.due == D(2026, 4, 7)  # 2 April + 3 days falls on 清明
    assert sum(step.reason == "改办待定，暂停计算" for step in due.steps) == 3
    late = Pause(D(2026, 5, 1), D(2026, 5, 20))
    assert SEEDED.add_months(D(2026, 3, 2), 1, [late]).due == D(2026, 4, 2)


@given(DATES, st.integers(1, 24))
def test_months_end_on_a_working_day_and_grow(start, n):
    due = SEEDED.add_months(start, n)
    assert SEEDED.day(due.due).works
    assert SEEDED.add_months(start, n + 1).due > due.due
    assert [step.date for step in due.steps] == all_days(start, due.due)


# --- How far away -----------------------------------------------------------------------------


def test_working_days_between_counts_left_today_and_over():
    between = SEEDED.working_days_between
    assert between(D(2026, 5, 11), D(2026, 5, 20)) == 7
    assert between(D(2026, 5, 20), D(2026, 5, 20)) == 0
    assert between(D(2026, 5, 22), D(2026, 5, 20)) == -2
    assert between(D(2026, 5, 15), D(2026, 5, 17)) == 1  # a named Sunday is never due on Friday


def test_earliest_of_several_limits_wins():
    months = SEEDED.add_months(D(2026, 2, 26), 6)
    fixed = SEEDED.by_date(D(2026, 2, 26), D(2026, 6, 30))
    first = workdays.earliest(months, fixed)
    assert first.due == D(2026, 6, 30)
    assert first.rule == "指定截止日2026年6月30日（几项期限中先到的一项）"
    assert workdays.earliest(fixed).rule == "指定截止日2026年6月30日"


# --- The table --------------------------------------------------------------------------------


@pytest.fixture
def seeded(db):
    seeds.load()


def test_seed_load_is_idempotent(seeded):
    before = CalendarDay.objects.count()
    assert seeds.load() == 0
    assert CalendarDay.objects.count() == before


def test_seed_load_leaves_years_that_staff_entered(seeded):
    CalendarDay.objects.filter(date=D(2026, 1, 2)).delete()
    CalendarDay.objects.filter(date__year=2027).delete()
    CalendarDay.objects.create(date=D(2027, 10, 1), kind="holiday", name="国庆节", source="新")
    assert seeds.load() == 0


def test_changed_row_changes_the_answer_at_once(seeded):
    day = D(2026, 6, 1)
    assert workdays.is_workday(day)
    row = CalendarDay.objects.create(date=day, kind="holiday", name="临时放假", source="区政府通知")
    assert workdays.day_info(day) == (False, "临时放假", False)
    row.delete()
    assert workdays.is_workday(day)


def test_change_by_another_process_is_seen_by_the_next_request(seeded):
    day = D(2026, 6, 1)
    with revisions.scope():
        assert workdays.is_workday(day)
        # What another process leaves behind: a row and a new mark, no signal in this process.
        CalendarDay.objects.bulk_create([CalendarDay(date=day, kind="holiday", name="放假", source="测试")])
        Revision.objects.filter(name=workdays.TABLE).update(token="another")
        assert workdays.is_workday(day)
    with revisions.scope():
        assert not workdays.is_workday(day)


def test_one_request_asks_for_marks_once(seeded, django_assert_num_queries):
    workdays.is_workday(D(2026, 6, 1))
    with revisions.scope(), django_assert_num_queries(1):
        for day in all_days(D(2026, 1, 1), D(2026, 12, 31)):
            workdays.add_working_days(day, 15)


def test_calendar_for_knows_only_its_years(seeded):
    only = workdays.calendar_for([2025])
    assert only.published(2025)
    assert not only.published(2026)
