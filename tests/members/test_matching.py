"""Units, members and bodies are found by every usual way of naming them, and nobody is guessed."""

import re
from pathlib import Path

import pytest

from core.papers.workbooks import open_workbook
from members.papers.matching import BodyIndex, BodyName, PeopleIndex, Person, UnitIndex, UnitName, core_name

FOLDER = Path(__file__).resolve().parents[2] / "data" / "hanbin-2022"


@pytest.fixture(scope="module")
def units() -> UnitIndex:
    grid = open_workbook(FOLDER / "units.xlsx", "units.xlsx")[0]
    return UnitIndex(UnitName(row[1].strip(), row[2]) for number, row in grid.rows.items() if number > 1)


def spoken_names() -> list[tuple[str, str]]:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("## 单位的简称与别名") : readme.index("## 名词")]
    found = re.findall(r"^- (.+?)：(.+)$", section, re.MULTILINE)
    return [(alias, name) for name, aliases in found for alias in aliases.split("、")]


@pytest.mark.parametrize(("alias", "name"), spoken_names())
def test_unit_is_found_by_the_names_that_the_papers_use(units, alias, name):
    assert units.find(alias).found.name == name


@pytest.mark.parametrize(
    "name", ["区畜牧中心", "区档案馆", "恒口镇卫生院", "汉滨区人民政府", "区医院", "县", "局", "区"]
)
def test_unit_that_is_not_in_the_roll_is_not_guessed(units, name):
    assert units.find(name).found is None


def test_unit_named_by_part_of_its_name_says_so(units):
    match = units.find("区城乡建设局")
    assert match.found.name == "汉滨区住房和城乡建设局"
    assert "如不对" in match.note


def test_unit_with_several_possible_meanings_names_them():
    index = UnitIndex(
        [
            UnitName("汉滨区教育局", "区教育局"),
            UnitName("安康市教育局", "市教育局"),
            UnitName("汉滨区教育体育局", "教体"),
        ]
    )
    assert {unit.name for unit in index.find("教育局").candidates} == {"汉滨区教育局", "安康市教育局"}
    assert index.find("教育局").found is None
    assert index.find("区教育局").found.name == "汉滨区教育局"


def test_unit_is_found_by_an_alias_that_staff_stored():
    index = UnitIndex([UnitName("汉滨区农业农村局", "区农业农村局", ("区畜牧中心",))])
    assert index.find("区畜牧中心").found.name == "汉滨区农业农村局"


def test_two_units_joined_by_and_are_parted_only_if_both_are_known(units):
    assert units.split_pair("区财政局和区民政局") == ["区财政局", "区民政局"]
    assert units.split_pair("汉滨区住房和城乡建设局") is None


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("汉滨区县河镇人民政府", "县河"),
        ("中共安康市汉滨区委宣传部", "宣传部"),
        ("安康市公安局汉滨分局", "公安"),
        ("新城办", "新城"),
        ("区市场监管局", "市场监管"),
    ],
)
def test_core_name_leaves_place_and_kind_of_office_out(name, core):
    assert core_name(name) == core


def test_person_is_told_apart_by_sector_hint_code_or_telephone():
    people = PeopleIndex(
        [
            Person("A1", "刘玥", "教育", "1"),
            Person("A2", "刘玥", "社会福利和社会保障", "2"),
            Person("A3", "巴图·孟和", "经济"),
        ]
    )
    assert people.find("刘玥", sector="教育").found.code == "A1"
    assert people.find("刘玥（教育界）").found.code == "A1"
    assert people.find("刘玥(A2)").found.code == "A2"
    assert people.find("刘玥", phone="2").found.code == "A2"
    assert people.find("刘玥").found is None
    assert len(people.find("刘玥", sector="经济").candidates) == 2
    assert people.find("巴图·孟和").found.code == "A3"
    assert "教育" in people.find("巴图·孟和", sector="教育").note
    assert people.find("查无").candidates == ()


def test_body_is_found_whatever_stands_around_its_name():
    bodies = BodyIndex(
        [BodyName("committee", "提案委员会"), BodyName("studio", "“洪山—紫荆”委员工作室"), BodyName("sector", "民进")]
    )
    assert bodies.find("committee", "区政协提案委员会").name == "提案委员会"
    assert bodies.find("studio", "洪山-紫荆委员工作室").name == "“洪山—紫荆”委员工作室"
    assert bodies.find("sector", "民进界别").name == "民进"
    assert bodies.find("sector", "民革") is None


def test_alias_of_another_kind_of_office_lends_its_letters_to_nobody():
    index = UnitIndex([UnitName("汉滨区水利局", "区水利局", ("区水务管理处",))])
    assert index.find("区水理局").found is None
    assert index.find("区水务管理处").found.name == "汉滨区水利局"
    assert index.nearest("区水理局").name == "汉滨区水利局"
