"""A deadline as people see it: words first, then the date, then day by day why."""

import datetime as dt

import pytest
from django.template.loader import render_to_string

from core import deadlines, options
from core.models import Deadline
from core.seeds import calendar as seeds
from core.templatetags.deadlines import deadline_card, deadline_explained, due, words
from core.workdays import Pause

D = dt.date


@pytest.fixture(autouse=True)
def _calendar(db):
    seeds.load()


def a_deadline(**values) -> Deadline:
    facts = {
        "subject_type": "members.user",
        "subject_id": 1,
        "root_type": "members.user",
        "root_id": 1,
        "kind": "feedback",
        "label": "反馈",
        "starts": D(2026, 4, 27),
        "due": D(2026, 5, 20),
        "unit": Deadline.Unit.WORKING_DAYS,
        "amount": 15,
        "rule": "答复送达次日起15个工作日",
    }
    return Deadline(**facts | values)


@pytest.mark.parametrize(
    ("today", "met_on", "shown"),
    [
        (D(2026, 5, 11), None, ("", "还有7个工作日")),
        (D(2026, 5, 15), None, ("soon", "还有3个工作日")),
        (D(2026, 5, 14), None, ("", "还有4个工作日")),
        (D(2026, 5, 20), None, ("soon", "今天到期")),
        (D(2026, 5, 22), None, ("over", "已超期2天")),
        (D(2026, 6, 1), D(2026, 5, 18), ("done", "提前2天完成")),
        (D(2026, 6, 1), D(2026, 5, 20), ("done", "按时完成")),
        (D(2026, 6, 1), D(2026, 5, 25), ("over", "超期5天完成")),
    ],
)
def test_words_say_how_long_is_left(today, met_on, shown):
    assert words(D(2026, 5, 20), today=today, met_on=met_on) == shown


def test_words_never_call_a_named_sunday_due_on_friday():
    assert words(D(2026, 5, 17), today=D(2026, 5, 15)) == ("soon", "还有2天")


def test_soon_threshold_is_an_option():
    options.set_value("deadlines.soon_days", 5, actor=None)
    assert words(D(2026, 5, 20), today=D(2026, 5, 14))[0] == "soon"
    assert deadlines.soon_until(D(2026, 5, 14)) == D(2026, 5, 21)
    options.set_value("deadlines.soon_days", 0, actor=None)
    assert deadlines.soon_until(D(2026, 5, 14)) == D(2026, 5, 14)


def test_due_pill_has_words_then_date():
    html = due(D(2026, 5, 20), today=D(2026, 5, 15))
    assert html == (
        '<span class="due due-soon"><b>还有3个工作日</b><time datetime="2026-05-20">2026年5月20日</time></span>'
    )
    assert due(None) == ""


def test_table_of_working_days_has_whole_weeks_from_start_to_due():
    explained = deadline_explained(a_deadline())
    assert [len(week) for week in explained.weeks] == [7, 7, 7, 7]
    assert not explained.cut
    first, second = explained.weeks[0], explained.weeks[1]
    assert [(cell.label, cell.note) for cell in first[:5]] == [
        ("4/27", "起算"),
        ("28", "第1日"),
        ("29", "第2日"),
        ("30", "第3日"),
        ("5/1", "休"),
    ]
    assert (second[5].label, second[5].note, second[5].look) == ("9班", "第7日", "work")
    assert (second[6].label, second[6].note) == ("10", "周末")
    assert explained.weeks[3][2].look == "end"
    assert explained.weeks[3][3].look == "none"


def test_table_shows_the_days_on_which_the_clock_stood_still():
    row = a_deadline(due=D(2026, 5, 22), pauses=[["2026-05-12", "2026-05-14"]])
    assert deadlines.pauses_of(row) == [Pause(D(2026, 5, 12), D(2026, 5, 14))]
    notes = {cell.label: cell.note for week in deadline_explained(row).weeks for cell in week}
    assert (notes["13"], notes["14"], notes["15"]) == ("暂停", "暂停", "第10日")


def test_limit_in_months_shows_its_last_weeks_and_why_it_moved():
    row = a_deadline(
        unit=Deadline.Unit.MONTHS,
        amount=3,
        starts=D(2025, 7, 1),
        due=D(2025, 10, 9),
        rule="交办起3个月",
    )
    explained = deadline_explained(row)
    assert explained.cut
    assert len(explained.weeks) == 3
    assert explained.weeks[0][0].label == "9/22"
    assert explained.moves[0] == "2025年10月1日：满3个月，逢国庆节放假，顺延"
    assert explained.moves[-1] == "2025年10月9日：顺延至此到期"
    cells = {cell.label: (cell.note, cell.look) for week in explained.weeks for cell in week}
    assert cells["10/1"] == ("满3个月", "yes")
    assert cells["8"] == ("休", "")
    assert cells["9"] == ("到期", "end")


def test_nothing_is_explained_that_the_calendar_no_longer_gives():
    assert deadline_explained(a_deadline(due=D(2026, 5, 19))) is None
    named = a_deadline(unit=Deadline.Unit.DATE, amount=0, rule="通知指定")
    assert deadline_explained(named) is None


def test_deadline_part_renders_with_rule_table_and_provisional_note():
    html = render_to_string("components/_deadline.html", {"deadline": a_deadline()})
    assert "答复送达次日起15个工作日" in html
    assert html.count("<tr>") == 5
    assert "暂定" not in html
    later = a_deadline(starts=D(2028, 3, 1), due=D(2028, 3, 22), provisional=True)
    assert "（暂定）" in render_to_string("components/_deadline.html", {"deadline": later})


def test_a_card_is_drawn_anew_for_another_day_calendar_or_option(monkeypatch):
    from core.models import CalendarDay

    row = a_deadline()
    first = deadline_card(row)
    assert deadline_card(a_deadline()) == first
    assert "15个工作日" in first
    assert deadline_card(a_deadline(label="别的")) != first
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: D(2026, 5, 20))
    assert "今天到期" in deadline_card(row)
    CalendarDay.objects.create(date=D(2026, 5, 8), kind="holiday", name="临时放假", source="测试")
    assert "<table" not in deadline_card(row)  # today's calendar gives another day: nothing is explained
