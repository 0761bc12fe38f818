"""Cells are cleaned whatever the hand that typed them, and refused with words that help."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.papers import cells
from core.papers.words import EMPTY_WORDS, Read, Unreadable, chinese_number

DAY = dt.date(2022, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        dt.datetime(2022, 3, 5),
        dt.datetime(2022, 3, 5, 16, 30),
        DAY,
        44625,
        44625.75,
        20220305,
        "44625",
        "20220305",
        "2022-03-05",
        "2022.3.5",
        "2022/3/5",
        "2022年3月5日",
        "２０２２年３月５日",
        " 2022 年 3 月 5 日 ",
        "2022-03-05 00:00:00",
        "2022年3月5日（星期六）",
        "2022-3-5 星期六",
        "二〇二二年三月五日",
        "2022年3月5日前",
        "\u30002022.03.05\u00a0",
        "2022-03-05T08:00",
    ],
)
def test_date_reads_every_usual_way_of_writing_one_day(written):
    assert cells.date(written) == Read(DAY)


@pytest.mark.parametrize("written", ["3月5日", "３月５日", "三月五日", "03月05日"])
def test_date_without_a_year_takes_the_hint_and_says_so(written):
    read = cells.date(written, year=2022)
    assert read.value == DAY
    assert "2022" in read.note
    with pytest.raises(Unreadable, match="没有写年份"):
        cells.date(written)


def test_date_with_a_year_of_two_digits_says_which_century_it_took():
    read = cells.date("22.3.5")
    assert read.value == DAY
    assert "2022年" in read.note


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022年12月底前", dt.date(2022, 12, 31)),
        ("2022-12", dt.date(2022, 12, 31)),
        ("2023年6月底前", dt.date(2023, 6, 30)),
        ("2023-02", dt.date(2023, 2, 28)),
        ("2024年2月底", dt.date(2024, 2, 29)),
        ("2022年底前", dt.date(2022, 12, 31)),
        ("2022年年底", dt.date(2022, 12, 31)),
        ("2023年上半年", dt.date(2023, 6, 30)),
        ("2022年第三季度", dt.date(2022, 9, 30)),
        (202210, dt.date(2022, 10, 31)),
        (2022.12, dt.date(2022, 12, 31)),
        (dt.datetime(2022, 10, 31), dt.date(2022, 10, 31)),
        ("2022年10月中旬", dt.date(2022, 10, 20)),
        ("2022年12月31日前完成", dt.date(2022, 12, 31)),
    ],
)
def test_deadline_takes_a_month_as_its_last_day(written, day):
    assert cells.deadline(written).value == day


def test_date_that_is_only_a_month_is_flagged():
    read = cells.date("2022-12")
    assert read.value == dt.date(2022, 12, 31)
    assert "只写到月" in read.note


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("1975年3月", dt.date(1975, 3, 1)),
        ("1975.03", dt.date(1975, 3, 1)),
        ("1975-3", dt.date(1975, 3, 1)),
        (dt.datetime(1975, 3, 1), dt.date(1975, 3, 1)),
        (1975.11, dt.date(1975, 11, 1)),
    ],
)
def test_month_reads_year_and_month(written, first):
    assert cells.month(written).value == first


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2022-02-30", "没有“2022-02-30”这一天"),
        ("2022年13月1日", "这一天"),
        ("2022.0.5", "这一天"),
        ("2022-13", "这个月"),
        (20220230, "这一天"),
        ("2022", "只写了年份"),
        (2022, "只写了年份"),
        ("下周三", "看不出是哪一天"),
        ("春节前", "看不出是哪一天"),
        ("2202-03-05", "不在"),
        ("0022-03-05", "不在|这一天"),
        (dt.datetime(1022, 3, 5), "不在"),
        ("#REF!", "公式出错"),
        (3, "看不出是哪一天"),
    ],
)
def test_date_that_cannot_be_is_refused_with_a_reason(written, why):
    with pytest.raises(Unreadable, match=why):
        cells.date(written)


def test_date_outside_the_given_bounds_is_refused():
    with pytest.raises(Unreadable, match="不在2021-01-01到2024-12-31之间"):
        cells.date("2012-03-05", earliest=dt.date(2021, 1, 1), latest=dt.date(2024, 12, 31))


@pytest.mark.parametrize("written", [None, "", "  ", "\u3000", "-", "—", "/", "无", "待定"])
def test_empty_cells_are_nothing(written):
    for clean in (
        cells.date,
        cells.deadline,
        cells.month,
        cells.phone,
        cells.number,
        cells.names,
        cells.items,
        cells.codes,
        cells.case_no,
    ):
        assert clean(written).value is None


@pytest.mark.parametrize(
    "written",
    [
        19900001234,
        19900001234.0,
        "19900001234",
        "199-0000-1234",
        "199 0000 1234",
        "１９９００００１２３４",
        "+86 199-0000-1234",
        "8619900001234",
    ],
)
def test_phone_reads_a_mobile_however_it_is_typed(written):
    assert cells.phone(written) == Read("19900001234")


def test_phone_reads_land_lines_and_the_first_of_two():
    assert cells.phone("0915-0000101").value == "0915-0000101"
    assert cells.phone("(0915)0000101").value == "0915-0000101"
    assert cells.phone("02900001234").value == "029-00001234"
    read = cells.phone("19900001234、0915-0000101")
    assert read.value == "19900001234"
    assert read.note


@pytest.mark.parametrize("written", ["1990000123", "199000012345", "见名册", "12"])
def test_phone_that_is_none_is_refused(written):
    with pytest.raises(Unreadable):
        cells.phone(written)


@pytest.mark.parametrize(
    ("written", "serial"),
    [
        ("第０１０号", 10),
        ("第010号", 10),
        ("10", 10),
        (10, 10),
        (10.0, 10),
        ("10号", 10),
        ("十六届一次会议第123号", 123),
        ("第十二号", 12),
        ("第 7 号", 7),
    ],
)
def test_case_no_reads_the_serial(written, serial):
    assert cells.case_no(written).value == serial


@pytest.mark.parametrize("written", ["未立案", "0", "第号"])
def test_case_no_that_is_none_is_refused(written):
    with pytest.raises(Unreadable):
        cells.case_no(written)


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("陶锦琴、詹义田", ["陶锦琴", "詹义田"]),
        ("陈苒，阎屹", ["陈苒", "阎屹"]),
        ("薛紫霞 雷静珍", ["薛紫霞", "雷静珍"]),
        ("陈婧；朱良禾;王五", ["陈婧", "朱良禾", "王五"]),
        ("温耀平,巴图·孟和,李秋菊", ["温耀平", "巴图·孟和", "李秋菊"]),
        ("木合塔尔•艾山\n冯景原", ["木合塔尔·艾山", "冯景原"]),
        ("张　三、李四", ["张三", "李四"]),
        ("张 三 李四", ["张三", "李四"]),
        ("周青林（农业农村）/刘玥", ["周青林（农业农村）", "刘玥"]),
        ("王书菊", ["王书菊"]),
    ],
)
def test_names_parts_people_and_keeps_names_whole(written, people):
    assert cells.names(written).value == people


def test_names_notes_repeats_and_people_not_listed():
    assert cells.names("李四、李四、王五") == Read(["李四", "王五"], "“李四”写了不止一次，只计一次。")
    read = cells.names("李四、王五等5人")
    assert read.value == ["李四", "王五"]
    assert "没有列出" in read.note


def test_codes_are_upper_case_half_width_and_parted():
    assert cells.codes("hb16001;ＨＢ１６００２ HB16003、HB16004").value == [
        "HB16001",
        "HB16002",
        "HB16003",
        "HB16004",
    ]
    assert cells.code("HB１６０６５").value == "HB16065"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("3,000元", 3000),
        ("２００００", 20000),
        ("1.5万元", 15000),
        (1200, 1200),
        ("￥300", 300),
        (12.5, Decimal("12.5")),
        ("-3", -3),
        ("15次", 15),
    ],
)
def test_number_reads_amounts_written_as_text(written, amount):
    assert cells.number(written).value == amount


def test_count_refuses_halves_and_negatives():
    assert cells.count("12人").value == 12
    for written in ("1.5", "-3", "多", True):
        with pytest.raises(Unreadable):
            cells.count(written)


@pytest.mark.parametrize(
    ("written", "truth"),
    [
        ("是", True),
        ("√", True),
        ("有", True),
        (1, True),
        (True, True),
        ("否", False),
        ("×", False),
        ("无", False),
        (False, False),
        ("", None),
        (None, None),
    ],
)
def test_yes_no_reads_marks(written, truth):
    assert cells.yes_no(written).value is truth


def test_yes_no_refuses_anything_else():
    with pytest.raises(Unreadable, match="“是”或“否”"):
        cells.yes_no("也许")


def test_text_trims_and_narrows_but_keeps_chinese_punctuation():
    assert cells.text("\u3000 第１２号（Ａ）\u00a0，甲\u200b乙 ").value == "第12号（A） ，甲乙"
    assert cells.text(12.0).value == "12"
    assert cells.long_text("一、情况 \r\n\n\u3000\u3000正文\n").value == "一、情况\n正文"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("十", 10),
        ("十六", 16),
        ("二十三", 23),
        ("一百零五", 105),
        ("二〇二二", 2022),
        ("甲", None),
        ("", None),
    ],
)
def test_chinese_number_reads_both_ways(written, number):
    assert chinese_number(written) == number


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_date_reads_back_every_day_in_every_writing(day):
    full_width = str.maketrans("0123456789", "０１２３４５６７８９")
    for form in (
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        day.isoformat(),
        day.strftime("%Y%m%d").zfill(8),
    ):
        assert cells.date(form).value == day
        assert cells.date(form.translate(full_width)).value == day


@given(
    st.one_of(
        st.none(),
        st.text(max_size=60),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.datetimes(),
        st.dates(),
    ),
    st.sampled_from(sorted(set(cells.CLEANERS) - {"choice"})),
)
def test_cleaners_read_or_refuse_but_never_break(value, kind):
    try:
        outcome = cells.CLEANERS[kind](value)
    except Unreadable as refusal:
        outcome = refusal
    assert isinstance(outcome, Read) or str(outcome).endswith("。")


@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA0), min_size=2, max_size=4),
        min_size=1,
        max_size=8,
        unique=True,
    ),
    st.sampled_from("、，,；;/ \n"),
)
def test_items_parts_what_was_joined(parts, separator):
    kept = [p for p in parts if p not in EMPTY_WORDS]
    assert (cells.items(separator.join(parts)).value or []) == kept


@given(st.text(max_size=300))
def test_text_is_stable_once_cleaned(written):
    for clean in (cells.text, cells.long_text):
        try:
            once = clean(written).value
        except Unreadable:
            continue
        assert once is None or clean(once).value == once
