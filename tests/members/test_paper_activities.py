"""The register of activities: held, with who was there, and quantities and amounts as numbers."""

import datetime as dt
from decimal import Decimal

import pytest

from core import audit
from core.papers.importing import import_papers
from members.figures import gift_books
from members.models import Activity, Attendance, Member
from tests.core.papers.books import book

ROW = {
    "序号": 1, "日期": "2022年3月7日", "类别": "视察", "名称": "老城街道创建视察", "参加委员编号": "HB16001、hb１６００２；HB16003",
    "人数": 3, "数量": 1, "金额": None, "备注": None,
}  # fmt: skip
GIFT = ROW | {"类别": "公益捐赠", "名称": "防汛救灾捐款", "参加委员编号": "HB16001", "人数": 1, "金额": "3,000元"}


@pytest.fixture(autouse=True)
def _people(db):
    Member.objects.bulk_create(Member(code=f"HB1600{n}", name=f"委员{n}") for n in range(1, 4))


def take(*rows: dict, dry_run: bool = False):
    headings = list(dict.fromkeys(key for row in rows for key in row))
    data = book(("表", [headings, *([row.get(key) for key in headings] for row in rows)]))
    return import_papers({"a.xlsx": data}, actor=None, year=2022, dry_run=dry_run).files["a.xlsx"]


def test_activity_is_taken_as_held_with_those_who_were_there():
    file = take(ROW, {"名称": "合计", "数量": 1})
    assert (file.created, file.skipped, file.refused) == (1, 1, 0)
    activity = Activity.objects.get()
    assert (activity.status, activity.kind, activity.on) == ("held", "inspection", dt.date(2022, 3, 7))
    there = list(Attendance.objects.values_list("member__code", "state", "way", "amount"))
    assert there == [(f"HB1600{n}", "present", "import", None) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("written", "amount"), [("3,000元", 3000), ("２００００", 20000), (500, 500), ("1.5万元", 15000), (None, None)]
)
def test_amounts_are_numbers_however_they_are_written(written, amount):
    take(GIFT | {"金额": written})
    assert Activity.objects.get().amount == (amount if amount is None else Decimal(amount))
    assert Attendance.objects.get().amount == (amount if amount is None else Decimal(amount))


def test_gifts_of_one_day_are_told_apart_by_who_gave():
    file = take(GIFT, GIFT | {"参加委员编号": "HB16002", "金额": 500}, GIFT)
    assert (file.created, file.refused) == (2, 1)
    assert "第2行是同一条" in file.problems[0].message


def test_doubts_are_named_by_row_and_column():
    file = take(
        ROW | {"参加委员编号": "HB16001、HB16999", "人数": 5},
        GIFT | {"参加委员编号": None, "人数": None, "金额": "很多"},
        ROW | {"类别": "郊游"},
        ROW | {"日期": None, "名称": "另一次"},
    )
    assert (file.created, file.refused) == (2, 2)
    problems = {(p.row, p.column, p.severity) for p in file.problems}
    assert problems == {
        (2, "参加委员编号", "warning"), (2, "人数", "warning"), (3, "参加委员编号", "warning"), (3, "金额", "warning"),
        (4, "类别", "error"), (5, "日期", "error"),
    }  # fmt: skip
    assert {p.value for p in file.problems if p.row == 2} == {"HB16999", "5"}


def test_second_reading_changes_nothing_and_a_corrected_list_replaces_the_first():
    assert take(ROW, dry_run=True).created == 1
    assert not Activity.objects.exists()
    take(ROW)
    assert take(ROW).unchanged == 1
    assert take(ROW | {"参加委员编号": "HB16001、HB16002", "人数": 2}).updated == 1
    assert Attendance.objects.count() == 2
    assert Activity.objects.count() == 1


def test_activity_corrected_in_the_system_is_not_overwritten():
    take(ROW)
    audit.record(verb="activity.edit", summary="改名称", subject=Activity.objects.get())
    file = take(ROW | {"人数": 2})
    assert (file.skipped, file.updated) == (1, 0)
    assert "已在系统里改过" in file.problems[-1].message


def test_worse_kept_register_is_read_by_meaning():
    rows = {
        "参加人数": 1,
        "活动内容": "送医下乡",
        "活动日期": "2022.10.8",
        "活动类别": "捐赠",
        "委员编号": "HB16003",
        "捐赠金额": "¥1,200",
    }
    file = take(rows)
    assert (file.created, file.problems) == (1, [])
    assert Activity.objects.get().amount == 1200


def test_names_stand_for_codes_where_only_one_member_bears_them():
    Member.objects.create(code="HB16004", name="委员3")
    file = take(ROW | {"参加委员编号": "委员1、HB16002、委员3", "人数": 3})
    assert [(p.column, p.value) for p in file.problems] == [("参加委员编号", "委员3")]
    assert set(Attendance.objects.values_list("member__code", flat=True)) == {"HB16001", "HB16002"}


def test_books_given_are_read_from_notes():
    notes = ("互赠文史资料3册", "座谈；互赠文史资料 １２ 册", "互赠文史资料十册", "机关会议室", "")
    assert [gift_books(note) for note in notes] == [3, 12, 10, 0, 0]
