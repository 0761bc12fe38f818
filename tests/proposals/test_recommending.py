"""Which units are recommended for a text, by what past assignments teach."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from proposals import recommending
from proposals.models import Status, UnitTask, UnitTerm
from tests import factories as make

pytestmark = pytest.mark.django_db
WATER = ("关于农村供水管护的建议", "水源断流，管网漏损，饮水困难。")
SCHOOL = ("关于小学课后服务的建议", "学生放学无人看管，教师负担重。")


def past(unit, title: str, text: str, *, support=None, status=Status.HANDLING):
    """A case that ``unit`` leads."""
    case = make.ProposalFactory(title=title, situation=text, analysis="", status=status)
    type(case).objects.filter(pk=case.pk).update(assigned_on=timezone.localdate())
    make.UnitTaskFactory(proposal=case, unit=unit, role=UnitTask.Role.LEAD)
    if support:
        make.UnitTaskFactory(proposal=case, unit=support, role=UnitTask.Role.SUPPORT)
    return case


@pytest.fixture
def units():
    """A water and a school office with three cases each, and a town that never led."""
    water = make.HandlingUnitFactory(name="汉滨区水利局", short_name="区水利局")
    school = make.HandlingUnitFactory(name="汉滨区教育体育局", short_name="区教体局")
    town = make.HandlingUnitFactory(name="汉滨区关庙镇人民政府", short_name="关庙镇")
    for _ in range(3):
        past(water, *WATER, support=town)
        past(school, *SCHOOL)
    return water, school, town


def test_unit_that_led_the_like_comes_first_with_its_reason(units):
    water, school, town = units
    recommending.learn()
    [[first, *others], [second, *_]] = recommending.recommend([WATER, SCHOOL])
    assert (first.unit, second.unit) == (water, school)
    assert "主办过3件" in first.because
    assert "“断流”" in first.because
    assert town in [row.unit for row in others]
    assert school not in [row.unit for row in others]
    assert 0 < first.score <= 1


def test_name_in_the_text_speaks_for_a_unit_that_never_led(units):
    recommending.learn()
    [found] = recommending.recommend([("关于关庙镇学生放学的建议", "关庙镇教师负担重。")])
    reasons = {row.unit.short_name: row.because for row in found}
    assert "关庙" in reasons["关庙镇"]


def test_withdrawn_and_retired_teach_or_are_named_no_more(units):
    water, school, _ = units
    type(water).objects.filter(pk=water.pk).update(is_active=False)
    for case in list(UnitTask.objects.filter(unit=school).values_list("proposal_id", flat=True)):
        type(make.ProposalFactory()).objects.filter(pk=case).update(status=Status.WITHDRAWN)
    assert recommending.learn() == 3
    assert water not in [row.unit for rows in recommending.recommend([WATER, SCHOOL]) for row in rows]


def test_learning_again_changes_nothing(units):
    recommending.learn()
    before = list(UnitTerm.objects.order_by("term").values_list("term", "cases", "units"))
    recommending.learn()
    assert list(UnitTerm.objects.order_by("term").values_list("term", "cases", "units")) == before


def test_nothing_learnt_recommends_nothing():
    assert recommending.recommend([WATER]) == [[]]


@pytest.mark.parametrize("many", [1, 30])
def test_two_queries_however_many_are_asked(units, many, django_assert_num_queries):
    recommending.learn()
    with django_assert_num_queries(2):
        recommending.recommend([WATER] * many)


def test_case_is_left_out_when_it_is_measured(units):
    water, *_ = units
    past(water, "关于毛绒玩具工厂用工的建议", "毛绒玩具工厂缺工。")
    found = recommending.measure()
    assert found["cases"] == 7
    assert found["first"] == pytest.approx(6 / 7, abs=0.001)  # of its own words nothing was known but itself


def test_command_prints_at_most_five_for_each_text(units, tmp_path, capsys):
    file = tmp_path / "texts.json"
    file.write_text(json.dumps([{"title": WATER[0], "text": WATER[1]}, {"title": "", "text": ""}]), encoding="utf-8")
    call_command("recommend_units", str(file))
    first, second = json.loads(capsys.readouterr().out)
    assert first[0]["unit"] == "汉滨区水利局"
    assert set(first[0]) == {"unit", "score", "because"}
    assert len(first) <= 5
    assert second == []


def test_command_wants_a_file_that_can_be_read(tmp_path):
    for arguments in ([], [str(tmp_path / "none.json")]):
        with pytest.raises(CommandError):
            call_command("recommend_units", *arguments)
