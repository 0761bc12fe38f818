"""Rota rules read by meaning, and their days moved off holidays; against the 26 texts of the 2022 papers."""

from datetime import date, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.seeds import calendar as seeds
from core.workdays import Calendar, Entry
from members.studios import rota
from members.studios.rota import EXAMPLES, plan, read

PAPER = Path(__file__).resolve().parents[2] / "data/hanbin-2022/studios.xlsx"
CALENDAR = Calendar(
    {row["date"]: Entry(row["kind"] == "workday", row["name"], row["provisional"]) for row in seeds.days()}
)
FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
ALL = [
    *("每月15日", "每周三下午", "每月第二个周五", "每月5日、20日", "每月最后一个周四上午", "每月8日、18日、28日"),
    *("双周周二", "单周周五", "隔周周一", "每季度第一个周五", "每季度末月最后一个工作日", "每月第一个工作日"),
    *("每周一至周五上午", "每月31日", "每周六上午", "每年3月5日、12月4日", "每月1日；每周三下午；每月最后一个周五"),
]


def papers() -> list[str]:
    """The column 接待日 of the studios' paper."""
    rows = list(openpyxl.load_workbook(PAPER).active.iter_rows(values_only=True))
    place = rows[0].index("接待日")
    return [row[place] for row in rows[1:] if row[0]]


def dates(text: str, first: date, last: date) -> list[date]:
    """When a rule's days take place."""
    return [row.on for row in plan(read(text), first, last, calendar=CALENDAR)]


def test_all_26_texts_of_the_papers_are_read():
    texts = papers()
    assert len(texts) == 26
    for text in texts:
        assert dates(text, date(2022, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每月15日", ["06-15"]),
        ("每月１５日", ["06-15"]),
        ("每月十五号", ["06-15"]),
        ("每个月的第二个星期五", ["06-10"]),
        ("每月最后一个周四上午", ["06-30"]),
        ("每月倒数第二个周四", ["06-23"]),
        ("每月第二、第四个星期四上午", ["06-09", "06-23"]),
        ("每月第一个和最后一个周三", ["06-01", "06-29"]),
        ("每月8日、18日、28日", ["06-08", "06-20", "06-28"]),
        ("每月8、28日", ["06-08", "06-28"]),
        ("每周三下午", ["06-01", "06-08", "06-15", "06-22", "06-29"]),
        ("每周一、三下午", ["06-01", "06-06", "06-08", "06-13", "06-15", "06-20", "06-22", "06-27", "06-29"]),
        ("双周周二", ["06-14", "06-28"]),
        ("单周二", ["06-07", "06-21"]),
        ("隔周周三", ["06-01", "06-15", "06-29"]),
        ("每季度末月20日", ["06-20"]),
        ("每季度第一个周五", []),
        ("每季度最后一个周四", ["06-30"]),
        ("双月第一个工作日", ["06-01"]),
        ("单月第一个工作日", []),
        ("每月15日；每周三下午", ["06-01", "06-08", "06-15", "06-22", "06-29"]),
        ("每年6月24日", ["06-24"]),
        ("接待日：每月10日。", ["06-10"]),
    ],
)
def test_a_text_gives_the_days_that_it_means(text, expected):
    assert [f"{day:%m-%d}" for day in dates(text, date(2022, 6, 1), date(2022, 6, 30))] == expected


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("每月15日", time(9), time(11, 40)),
        ("每周三下午", time(14, 30), time(17, 10)),
        ("每周六上午9:00-11:30", time(9), time(11, 30)),
        ("每周三下午2点半至5点", time(14, 30), time(17)),
    ],
)
def test_hours_follow_the_words(text, opens, closes):
    assert read(text).hours() == (opens, closes)


def test_each_part_keeps_its_own_half():
    assert [part.half for part in read("每周一上午、周四下午").parts] == ["上午", "下午"]
    assert [part.half for part in read("每周一、周四下午").parts] == ["下午", "下午"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有填"),
        ("看情况", "“看情况”没有读懂"),
        ("每月15", "“15”没有读懂"),
        ("每月周三", "每月第几个周三"),
        ("每月第六个周五", "没有这一天"),
        ("每月32日", "没有32日"),
        ("每季度15日", "请写明是第几个月"),
        ("每年2月30日", "没有“2月30日”这一天"),
        ("每周15日", "没有读懂"),
        ("每月双周周三", "连在一起"),
        ("每周", "没有说是哪一天"),
        ("每周三下午5点至2点", "不是一段时间"),
        ("每周三25:00-26:00", "不是一段时间"),
    ],
)
def test_what_cannot_be_read_is_refused_with_examples(text, said):
    with pytest.raises(Refusal) as refused:
        read(text)
    assert said in str(refused.value)
    assert EXAMPLES in str(refused.value)
    assert refused.value.field == "text"


@given(st.text(alphabet="每月周双单季度第最后一个二三四五六日天工作、和至；上下午0123456789 15的", max_size=14))
def test_any_text_is_read_or_refused(text):
    try:
        parts = read(text).parts
    except Refusal:
        return
    assert parts


def test_a_holiday_moves_the_day_and_says_why():
    (row,) = plan(read("每月1日"), date(2026, 5, 1), date(2026, 5, 31), calendar=CALENDAR)
    assert (row.planned_on, row.on) == (date(2026, 5, 1), date(2026, 5, 6))
    assert row.moved_because == "5月1日是劳动节假期，改到5月6日"


def test_a_weekend_moves_the_day_unless_the_rule_asks_for_it():
    (row,) = plan(read("每月15日"), date(2026, 8, 1), date(2026, 8, 31), calendar=CALENDAR)
    assert (row.on, row.moved_because) == (date(2026, 8, 17), "8月15日是星期六，改到8月17日")
    assert date(2026, 8, 15) in dates("每周六上午", date(2026, 8, 1), date(2026, 8, 31))
    assert date(2026, 10, 3) not in dates("每周六上午", date(2026, 10, 1), date(2026, 10, 31))


def test_a_month_without_the_day_uses_its_last():
    rows = plan(read("每月31日"), date(2026, 4, 1), date(2026, 4, 30), calendar=CALENDAR)
    assert [(row.on, row.moved_because) for row in rows] == [(date(2026, 4, 30), "4月没有31日，用4月30日")]


def test_a_moved_day_goes_past_another():
    rows = plan(read("每月1日、6日"), date(2026, 5, 1), date(2026, 5, 31), calendar=CALENDAR)
    assert [row.on for row in rows] == [date(2026, 5, 7), date(2026, 5, 6)]
    assert rows[0].moved_because == "5月1日是劳动节假期，5月6日已有接待，改到5月7日"
    again = plan(read("每月1日"), date(2026, 5, 1), date(2026, 5, 9), calendar=CALENDAR, taken={date(2026, 5, 6)})
    assert again[0].on == date(2026, 5, 7)


def test_a_year_without_its_arrangement_is_provisional():
    (row,) = plan(read("每月1日"), date(2027, 5, 1), date(2027, 5, 31), calendar=Calendar({}))
    assert row.moved_because == "5月1日是劳动节假期（暂定），改到5月3日"


@pytest.mark.parametrize("text", sorted({*papers(), *ALL}))
def test_over_seven_years_no_two_days_meet_and_every_day_is_worked(text):
    rule = read(text)
    rows = plan(rule, FIRST, LAST, calendar=CALENDAR)
    held = [row for row in rows if row.on]
    assert len({row.on for row in held}) == len(held)
    for row in rows:
        if row.on is None:
            assert "这一次不接待" in row.moved_because
            continue
        assert timedelta(0) <= row.on - row.planned_on <= timedelta(rota.FURTHEST)
        assert CALENDAR.day(row.on).works or row.part.on_weekend
        assert row.on == row.planned_on or row.moved_because
        assert len(row.moved_because) <= 120
    if "至" not in text:
        assert len(held) == len(rows)


@given(st.sampled_from([*sorted(set(papers())), *ALL]), st.dates(FIRST, LAST), st.integers(5, 400), st.integers(0, 400))
def test_a_stretch_in_pieces_gives_the_same_days(text, first, length, cut):
    last, middle = first + timedelta(length), first + timedelta(min(cut, length))
    rule, anchor = read(text), FIRST
    whole = plan(rule, first, last, calendar=CALENDAR, anchor=anchor)
    pieces = [
        *plan(rule, first, middle, calendar=CALENDAR, anchor=anchor),
        *plan(rule, middle + timedelta(1), last, calendar=CALENDAR, anchor=anchor),
    ]
    if "至" in text:  # where every working day is taken, a long holiday pushes day after day
        whole, pieces = ([row for row in rows if row.on == row.planned_on] for rows in (whole, pieces))
    assert pieces == whole
