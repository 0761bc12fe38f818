"""Tables are found by the meaning of their headings, wherever and in whatever order these stand."""

import datetime as dt

from core.papers.sheets import Column, find_table
from core.papers.workbooks import open_workbook
from tests.core.papers.books import book

COLUMNS = (
    Column("name", ("姓名", "委员姓名"), required=True),
    Column("unit", ("单位名称", "单位")),
    Column("day", ("日期", "活动日期"), "date", on_bad="error", span=(1, 1)),
    Column("phone", ("手机号", "联系电话"), "phone"),
    Column("sex", ("性别",), "choice", choices={"男": "m", "女": "f"}),
    Column("note", ("备注",)),
)


def table(rows, *, merge=()):
    grid = open_workbook(book(("表一", rows), merge=merge), "a.xlsx")[0]
    return find_table(grid, COLUMNS, {"name", "unit"}, file="a.xlsx")


def values(found, key, **options):
    return [record[key] for record in found.records(**options)]


def test_find_table_takes_any_order_and_other_wordings():
    found = table([["备注", "活动时间", " 单 位 ", "*委员姓名（必填）"], ["x", "2022-3-5", "一局", "甲"]])
    assert found.header_row == 1
    record = next(found.records())
    assert (record["name"], record["unit"], record["day"]) == ("甲", "一局", dt.date(2022, 3, 5))
    assert found.label("name") == "*委员姓名（必填）"


def test_find_table_looks_below_titles_and_joins_headings_of_two_rows():
    rows = [
        ["2022年名册", None, None, None],
        ["制表：办公室"],
        ["姓名", "单位", "联系", None],
        [None, None, "手机号", "日期"],
        ["甲", "一局", "19900001234", "2022-3-5"],
    ]
    found = table(rows, merge=["A1:D1", "A3:A4", "B3:B4", "C3:D3"])
    assert found.header_row == 4
    assert values(found, "phone") == ["19900001234"]
    assert "2022年名册" in found.title


def test_find_table_without_its_signature_is_none():
    assert table([["姓名", "备注"], ["甲", "x"]]) is None


def test_find_table_prefers_the_usual_heading_when_two_fit():
    found = table([["单位", "单位名称", "姓名"], ["甲组", "一局", "甲"]])
    assert values(found, "unit") == ["一局"]
    assert found.unknown == ["单位"]


def test_records_skip_totals_notes_and_repeated_headings_knowingly():
    rows = [
        ["姓名", "单位", "日期"], ["甲", "一局", "2022-3-5"], [None, None, None], ["姓名", "单位", "日期"], ["合计", None, 1],
        ["合计明", "二局", None], [None, "小计：2人", None], ["注：本表数据截至12月20日", None, None],
    ]  # fmt: skip
    found = table(rows)
    assert values(found, "name") == ["甲", "合计明"]
    assert [(p.row, p.severity) for p in found.skipped] == [(4, "info"), (5, "info"), (7, "info"), (8, "info")]
    assert found.data_rows == 6


def test_records_name_each_problem_by_row_column_and_value():
    rows = [
        ["标题", None, None, None, None],
        ["姓名", "单位", "活动日期", "联系电话", "性别"],
        ["甲", "一局", "2022-02-30", "12", "中"],
        [None, "二局", "2022-3-5", None, "女"],
    ]
    first, second = table(rows, merge=["A1:E1"]).records(year=2022)
    assert [(p.file, p.sheet, p.row, p.column, p.value, p.severity) for p in first.problems] == [
        ("a.xlsx", "表一", 3, "活动日期", "2022-02-30", "error"),
        ("a.xlsx", "表一", 3, "联系电话", "12", "warning"),
        ("a.xlsx", "表一", 3, "性别", "中", "warning"),
    ]
    assert "没有“2022-02-30”这一天" in first.problems[0].message
    assert first.refused
    assert [(p.column, p.message) for p in second.problems] == [("姓名", "没有写姓名，请补上。")]
    assert not second.complete


def test_records_bound_dates_by_the_year_of_the_papers():
    rows = [["姓名", "单位", "日期"], ["甲", "一局", "2032-03-05"], ["乙", "一局", "3月5日"]]
    far, near = table(rows).records(year=2022)
    assert "不在2021-01-01到2023-12-31之间" in far.problems[0].message
    assert near["day"] == dt.date(2022, 3, 5)


def test_records_ask_for_formulas_to_be_computed():
    record = next(table([["姓名", "单位", "手机号"], ["甲", "一局", "=1+1"]]).records())
    assert "公式" in record.problems[0].message
