"""The rolls of units, members and studios are taken with their faults named."""

import datetime as dt

import pytest

from core.papers.importing import import_papers
from members.models import Body, HandlingUnit, Member, Membership, RotaRule, Studio, Term
from tests.core.papers.books import book, save

UNIT = {"单位名称": "汉滨区水利局 ", "简称": "区水利局", "类别": "政府部门", "联系电话": "0915-0000101"}
MEMBER = {
    "委员编号": "hb１６００１",
    "姓名": "甲乙",
    "界别": "教育",
    "性别": "男",
    "出生年月": "1975.03",
    "届次": "十六届",
    "是否常委": "√",
    "所属工作室": "“育英”委员工作室",
    "备注": "增补委员",
}
STUDIO = {
    "工作室名称": "育英委员工作室",
    "召集人": "甲乙",
    "召集人编号": "HB16001",
    "成立日期": "2022.3.3",
    "成员人数": 1,
    "成员编号": "HB16001",
}


def take(tmp_path, *rows: dict, name="a.xlsx"):
    headings = list(dict.fromkeys(key for row in rows for key in row))
    path = save(tmp_path / name, [headings, *([row.get(key) for key in headings] for row in rows)])
    return import_papers({name: path}, actor=None, year=2022).files[name]


@pytest.mark.django_db
def test_units_are_taken_and_never_emptied_by_blank_cells(tmp_path):
    assert take(tmp_path, UNIT | {"别名": "水利局、老水利局"}).created == 1
    HandlingUnit.objects.update(aliases=["水利局", "老水利局", "水务局"])
    assert take(tmp_path, UNIT | {"联系电话": None, "简称": "水利局"}).updated == 1
    unit = HandlingUnit.objects.get()
    assert (unit.name, unit.short_name, unit.phone) == ("汉滨区水利局", "水利局", "0915-0000101")
    assert unit.aliases == ["水利局", "老水利局", "水务局"]


@pytest.mark.django_db
def test_party_departments_answer_to_the_party_side(tmp_path):
    take(tmp_path, UNIT, UNIT | {"单位名称": "汉滨区委宣传部", "简称": "宣传部", "类别": "党委部门"})
    assert set(HandlingUnit.objects.values_list("short_name", "side")) == {
        ("区水利局", "government"),
        ("宣传部", "party"),
    }


@pytest.mark.django_db
def test_members_are_taken_with_their_bodies_and_term(tmp_path):
    assert take(tmp_path, MEMBER).created == 1
    member = Member.objects.get()
    assert (member.code, member.born, member.is_standing) == ("HB16001", dt.date(1975, 3, 1), True)
    assert (member.sector.name, member.studio.name) == ("教育", "“育英”委员工作室")
    assert Membership.objects.get().began_by == "coopted"
    assert Term.objects.get().number == 16
    assert take(tmp_path, MEMBER | {"手机号": "199-0000-1234"}).updated == 1
    member.refresh_from_db()
    assert member.phone == "19900001234"
    assert Membership.objects.count() == Body.objects.filter(kind="studio").count() == 1


@pytest.mark.django_db
def test_member_edited_in_the_system_stays_until_the_paper_changes(tmp_path):
    take(tmp_path, MEMBER)
    Member.objects.update(post="区中学校长")
    assert take(tmp_path, MEMBER).unchanged == 1
    assert Member.objects.get().post == "区中学校长"


@pytest.mark.django_db
def test_member_without_code_or_given_twice_is_refused(tmp_path):
    file = take(tmp_path, MEMBER, MEMBER | {"姓名": "丙丁"}, MEMBER | {"委员编号": None}, MEMBER | {"备注": "重复"})
    assert (file.created, file.refused, file.skipped) == (1, 2, 1)
    assert {p.row for p in file.problems if p.severity == "error"} == {3, 4}


@pytest.mark.django_db
def test_studios_find_their_people_and_name_who_is_missing(tmp_path):
    take(tmp_path, MEMBER)
    file = take(tmp_path, STUDIO | {"成员编号": "HB16001、HB16999", "成员人数": 3})
    assert file.created == 1
    assert {(p.column, p.value) for p in file.problems} == {("成员编号", "HB16999"), ("成员人数", "3")}
    studio = Studio.objects.get()
    assert (studio.name, studio.convener.code, studio.founded_on) == (
        "“育英”委员工作室",
        "HB16001",
        dt.date(2022, 3, 3),
    )
    assert list(studio.members.values_list("code", flat=True)) == ["HB16001"]


@pytest.mark.django_db
def test_sheets_of_one_workbook_are_read_in_the_order_in_which_they_lean_on_each_other():
    sheets = [
        (name, [list(row), list(row.values())]) for name, row in (("工作室", STUDIO), ("委员", MEMBER), ("单位", UNIT))
    ]
    result = import_papers({"全部.xlsx": book(*sheets)}, actor=None, year=2022)
    file = result.files["全部.xlsx"]
    assert (file.read, file.created, file.problems) == (3, 3, [])
    assert Studio.objects.get().convener.name == "甲乙"


@pytest.mark.django_db
def test_reception_rule_and_township_are_read_from_the_paper(tmp_path):
    take(tmp_path, MEMBER)
    row = STUDIO | {"地点": "恒口镇安乐社区", "接待日": "每周三下午"}
    assert take(tmp_path, row).problems == []
    studio = Studio.objects.get()
    rule = RotaRule.objects.get()
    assert (studio.township, studio.reception_rule) == ("恒口镇", "每周三下午")
    assert (rule.studio, rule.text, rule.starts, rule.opens.hour) == (studio, "每周三下午", dt.date(2022, 3, 3), 14)
    assert take(tmp_path, row).unchanged == 1

    take(tmp_path, row | {"接待日": "每月15日"})
    old, new = RotaRule.objects.order_by("starts")
    assert (old.text, new.text, new.ends) == ("每周三下午", "每月15日", None)
    assert old.ends + dt.timedelta(days=1) == new.starts


@pytest.mark.django_db
def test_reception_rule_that_says_no_day_is_kept_in_words_and_named(tmp_path):
    take(tmp_path, MEMBER)
    file = take(tmp_path, STUDIO | {"接待日": "有空就接待"})
    assert [(p.column, p.value, p.severity) for p in file.problems] == [("接待日", "有空就接待", "warning")]
    assert "可以这样写" in file.problems[0].message
    assert Studio.objects.get().reception_rule == "有空就接待"
    assert not RotaRule.objects.exists()
