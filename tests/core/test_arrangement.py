"""The yearly notice, as pasted."""

import datetime as dt

import pytest

from core import arrangement
from core.models import CalendarDay
from core.seeds import calendar as seeds

D = dt.date

NOTICES = {
    2023: """国办发明电〔2022〕16号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2023年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2022年12月8日""",
    2025: """经党中央、国务院批准，自2025年1月1日起，全体公民放假的假日增加2天。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
}


def seeded(year: int) -> set[tuple[dt.date, str]]:
    """The days of the year's own paper, as seeded."""
    paper = next(row["source"] for row in seeds.days() if row["date"] == D(year, 10, 1))
    return {(row["date"], row["kind"]) for row in seeds.days() if row["source"] == paper}


@pytest.mark.parametrize("year", NOTICES)
def test_published_notice_reads_as_the_seeded_year(year):
    reading = arrangement.read(NOTICES[year], year)
    assert reading.problems == []
    assert {(day.date, day.kind) for day in reading.days} == seeded(year)


def test_reading_can_be_read_again_from_its_lines():
    reading = arrangement.read(NOTICES[2023], 2023)
    assert arrangement.read(reading.text(), 2023) == reading
    assert reading.text().startswith("2022-12-31 放假 元旦\n2023-01-01 放假 元旦")


def test_lines_and_spreadsheet_rows_are_read():
    rows = [
        ["日期", "种类", "节日"],
        [dt.datetime(2027, 10, 1), "放假", "国庆节"],
        ["2027/10/9", "调休上班", "国庆节", None],
        ["2027年10月2日", "休", "国庆节"],
    ]
    reading = arrangement.read(arrangement.lines_of(rows), 2027)
    assert reading.problems == []
    assert [(day.date, day.kind) for day in reading.days] == [
        (D(2027, 10, 1), CalendarDay.Kind.HOLIDAY),
        (D(2027, 10, 2), CalendarDay.Kind.HOLIDAY),
        (D(2027, 10, 9), CalendarDay.Kind.WORKDAY),
    ]
    assert (reading.holidays, reading.workdays) == (2, 1)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2027-10-08 调休上班 国庆节", "2027年10月8日是周五，本来就上班"),
        ("2027-02-30 放假 春节", "有日历上没有的日期"),
        ("2026-05-01 放假 劳动节", "2026年5月1日不在2027年"),
        ("2027-05-01 出差 劳动节", "“出差”要写成“放假”或“调休上班”"),
        ("5月1日放假", "要写成"),
        ("四、劳动节：5月5日至1日放假", "不像一个假期"),
        ("四、劳动节：5月1日放假。5月1日上班。", "既列为放假又列为上班"),
    ],
)
def test_wrong_line_is_named_with_what_is_wrong(line, told):
    reading = arrangement.read(f"2027-10-01 放假 国庆节\n{line}", 2027)
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith("第2行“")
    assert told in reading.problems[0]


def test_incomplete_or_empty_paste_is_refused():
    assert arrangement.read("", 2027).problems == ["没有读到2027年的放假或调休日期。"]
    only_may = arrangement.read("四、劳动节：5月1日至5日放假", 2027)
    assert only_may.problems == ["没有读到2027年10月1日放假，像是没有贴全。"]
