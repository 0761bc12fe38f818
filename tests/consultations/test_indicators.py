"""Versions of the indicators 评价指标: faults in words, simulation, force; and the arithmetic of the results."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.evaluation import indicator_sheet
from consultations.evaluation import summary as evaluation_summary
from consultations.evaluation.results import UNKNOWN, Indicators, compute
from consultations.models import Evaluation, IndicatorSet
from consultations.services import evaluation as services
from consultations.services import indicators
from core.errors import Refusal
from tests.consultations.test_evaluation import FAIR, GOOD


def reading() -> Indicators:
    """The default version."""
    return Indicators.read(*indicator_sheet.default())


def test_the_default_is_sound_and_weighs_conversion_most():
    assert not indicator_sheet.faults(*indicator_sheet.default())
    weights = {part.label: part.weight for part in reading().parts}
    assert max(weights, key=weights.__getitem__) == "成果转化"
    assert len(reading().all) == 7


@pytest.mark.parametrize(("weight", "words"), [("10", "还差5"), ("20", "多了5"), ("x", "要填数字"), ("-1", "要大于0")])
def test_weights_that_do_not_add_up_are_named(weight, words):
    parts, levels, bands = indicator_sheet.default()
    parts[0]["items"][0]["weight"] = weight
    assert any(words in fault.message for fault in indicator_sheet.faults(parts, levels, bands))


@pytest.mark.parametrize(
    ("which", "at", "key", "value", "words"),
    [
        (1, 1, "value", "100", "不低于上一档"), (1, 0, "value", "101", "0到100"), (2, 2, "from", "10", "要从0分起"),
        (2, 1, "from", "95", "从高到低"), (1, 1, "label", "优秀", "重复"), (0, 1, "label", "", "请填写部分名称"),
        (0, 1, "items", [], "还没有指标"),
    ],
)  # fmt: skip
def test_other_faults_are_named_with_their_place(which, at, key, value, words):
    version = indicator_sheet.default()
    version[which][at][key] = value
    found = indicator_sheet.faults(*version)
    assert any(words in fault.message for fault in found), found


def test_what_nobody_knows_counts_neither_for_nor_against():
    marks = {**GOOD, "q7": UNKNOWN}
    assert reading().worth(marks) == 100
    assert reading().worth({**FAIR, "q7": 0}) == Decimal(85)
    result = compute(reading(), [marks] * 5, 5)
    assert (result["mean"], result["items"]["q7"]) == ("100.00", {"n": 0})
    assert compute(reading(), [marks] * 4, 5) == {}


def finished(house, marks, **values) -> Evaluation:
    """An evaluation closed with five equal answers."""
    row = services.open_evaluation(
        house.held(**values), actor=house.liaison, ends_on=timezone.localdate() + timedelta(5)
    )
    for _, code in services.print_slips(row, 5, actor=house.liaison):
        services.answer(code, marks)
    return services.close(row, actor=house.liaison)


def heavier(house, code: str) -> IndicatorSet:
    """A draft in which one indicator weighs 94 and the others 1 each."""
    draft = indicators.draft(actor=house.liaison)
    for part in draft.parts:
        for item in part["items"]:
            item["weight"] = "94" if item["code"] == code else "1"
    return indicators.save(
        draft, actor=house.liaison, title=draft.title, parts=draft.parts, levels=draft.levels, bands=draft.bands
    )


def test_the_simulation_lists_whose_grade_would_change(house):
    changing = finished(house, {**GOOD, "q1": 2}, title="会变的")
    finished(house, GOOD, title="不会变的")
    year = timezone.localdate().year
    found = indicators.simulate(heavier(house, "q1"), year)
    assert (found.counted, found.moved) == (2, 1)
    (change,) = found.changes
    assert (change.evaluation, change.before_grade, change.after_grade) == (changing, "优秀", "一般")
    assert (str(change.before), str(change.after)) == ("94.00", "62.40")
    assert found.distribution == [("优秀", 2, 1), ("较好", 0, 0), ("一般", 0, 1)]
    changing.refresh_from_db()
    assert (str(changing.points), changing.grade) == ("94.00", "优秀")


def test_in_force_a_version_never_changes(house):
    draft = indicators.draft(actor=house.liaison)
    version = indicators.put_in_force(draft, actor=house.liaison, from_year=timezone.localdate().year)
    with pytest.raises(Refusal, match="不能再改"):
        indicators.drop(version, actor=house.liaison)
    with pytest.raises(Refusal, match="权限"):
        indicators.draft(actor=house.staff)
    assert indicators.draft(actor=house.liaison).number == version.number + 1


def test_a_year_by_committee_beside_the_year_before(house):
    today = timezone.localdate()
    finished(house, GOOD)
    finished(house, FAIR, title="去年的", on=today.replace(year=today.year - 1, day=1))
    few = services.open_evaluation(house.held(), actor=house.liaison, ends_on=today)
    services.close(few, actor=house.liaison)
    found = evaluation_summary.of_year(today.year)
    (group,) = found.committees
    assert (group.label, group.held, group.evaluated) == (str(house.committee), 2, 1)
    assert (group.mean, group.mean_before, group.change) == (Decimal(100), Decimal(80), Decimal(20))
    assert found.grades == [("优秀", 1, 0), ("较好", 0, 1), ("一般", 0, 0)]
    assert (found.given, found.invited) == (5, 9)
    words, rows = evaluation_summary.of_indicator(today.year, "q7")
    assert (words, len(rows)) == ("转化为政策、项目或具体措施", 1)
