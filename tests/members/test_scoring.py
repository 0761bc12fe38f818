"""Points follow from rows and rules exactly: caps, bonus, floors, shares, reversals; unsound rules are named."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.duty import acts as duty_acts
from members.scores import defaults as scoring_defaults
from members.scores.check import faults
from members.scores.scoring import Row, Rules, evaluate, evidence, row_points

HEADINGS = [
    {
        "code": "a", "label": "会议", "cap": "30", "bonus": "0", "floor": "0",
        "items": [
            {"act": "t.meeting", "label": "到会", "points": "10", "most": "", "share": ""},
            {"act": "t.absent", "label": "缺席", "points": "-5", "most": "8", "share": ""},
        ],
    },
    {
        "code": "b", "label": "提案", "cap": "70", "bonus": "10", "floor": "-3",
        "items": [
            {"act": "t.filed", "label": "立案", "points": "15", "most": "50", "share": "half"},
            {"act": "t.first", "label": "领衔", "points": "4", "most": "", "share": "first"},
            {"act": "t.late", "label": "逾期", "points": "-2.5", "most": "", "share": ""},
            {"act": "t.key", "label": "重点", "points": "6", "most": "", "share": "", "bonus": True},
        ],
    },
]  # fmt: skip
BANDS = [{"label": "优秀", "from": "90"}, {"label": "称职", "from": "60"}, {"label": "不称职", "from": "0"}]
RULES = Rules.read(HEADINGS, BANDS)
ACTS = ["t.meeting", "t.absent", "t.filed", "t.first", "t.late", "t.key"]


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """The acts of this module."""
    monkeypatch.setattr(duty_acts, "_declared", dict(duty_acts._declared))
    for act in ACTS:
        duty_acts.declare(act, act)
    duty_acts.declare("t.studio", "工作室的", target="studio")


def rows(*acts) -> list[Row]:
    """Rows of one each."""
    return [Row(act, Decimal(1)) for act in acts]


def points(*found: Row) -> dict[str, Decimal]:
    """Points by heading, and in all."""
    result = evaluate(RULES, found)
    return {part.code: part.points for part in result.parts} | {"all": result.points}


def test_heading_never_brings_more_than_its_cap():
    assert points(*rows(*["t.meeting"] * 5)) == {"a": 30, "b": 0, "all": 30}


def test_bonus_comes_on_top_of_the_cap_up_to_its_own():
    filed = [Row("t.filed", Decimal(1))] * 9
    assert points(*filed, *rows("t.key"))["b"] == 50 + 6
    assert points(*filed, *rows("t.first", *["t.first"] * 9, *["t.key"] * 3))["b"] == 70 + 10


def test_deductions_stop_at_the_floor_and_at_their_own_most():
    assert points(*rows("t.absent"))["a"] == 0
    assert points(*rows("t.meeting", "t.meeting", *["t.absent"] * 9))["a"] == 20 - 8
    assert points(*rows(*["t.late"] * 4)) == {"a": 0, "b": -3, "all": -3}
    assert evaluate(RULES, rows(*["t.late"] * 4)).band == "不称职"


@pytest.mark.parametrize(
    ("role", "signers", "wanted"),
    [("first", 1, "15"), ("joint", 1, "15"), ("first", 4, "7.50"), ("joint", 4, "2.50"), ("joint", 8, "1.07")],
)
def test_joint_acts_share_half_for_the_first_and_the_rest_alike(role, signers, wanted):
    item = RULES.place["t.filed"][1]
    assert row_points(item, Row("t.filed", Decimal(1), role, signers)) == Decimal(wanted)


def test_act_for_the_first_alone_brings_the_others_nothing():
    assert points(Row("t.first", Decimal(1), "first", 3))["b"] == 4
    assert points(Row("t.first", Decimal(1), "joint", 3))["b"] == 0


def test_reversal_takes_exactly_what_the_row_brought():
    for signers in range(1, 30):
        pair = [Row("t.filed", Decimal(sign), "joint", signers) for sign in (1, -1)]
        assert points(*pair)["all"] == 0


def test_part_of_an_act_brings_part_of_its_points():
    assert points(Row("t.meeting", Decimal("0.5")))["a"] == 5


def test_act_outside_the_rules_brings_nothing():
    assert points(*rows("no.such"))["all"] == 0


def test_evidence_adds_up_to_the_points():
    pairs = [(at, row) for at, row in enumerate(rows("t.filed", "t.meeting", "t.filed", "t.late"))]
    meetings, proposals = evidence(RULES, pairs)
    assert [thing for thing, _ in meetings.items[0].rows] == [1]
    assert [(entry.item.act, [thing for thing, _ in entry.rows]) for entry in proposals.items] == [
        ("t.filed", [0, 2]), ("t.late", [3]),
    ]  # fmt: skip
    assert proposals.part.points == sum(entry.points for entry in proposals.items) == Decimal("27.5")


ledger = st.lists(
    st.builds(
        Row,
        st.sampled_from([*ACTS, "no.such"]),
        st.decimals(-3, 3, places=2),
        st.sampled_from(["", "first", "joint"]),
        st.integers(1, 40),
    ),
    max_size=60,
)


@given(ledger, st.randoms(use_true_random=False))
def test_points_stay_within_caps_and_do_not_depend_on_the_order(found, random):
    result = evaluate(RULES, found)
    for part, heading in zip(result.parts, RULES.headings, strict=True):
        assert heading.floor <= part.points <= heading.limit
    assert result.points <= 100 + sum(heading.bonus for heading in RULES.headings)
    assert result.points == sum(part.points for part in result.parts)
    shuffled = list(found)
    random.shuffle(shuffled)
    assert evaluate(RULES, shuffled) == result
    back = [Row(row.act, -row.quantity, row.role, row.signers) for row in found]
    assert evaluate(RULES, [*found, *back]).points == 0


def changed(**values) -> list[dict]:
    """The headings with the first one changed."""
    return [{**HEADINGS[0], **values}, HEADINGS[1]]


def item(**values) -> list[dict]:
    """The headings with the first item of the first one changed."""
    return changed(items=[{**HEADINGS[0]["items"][0], **values}])


def test_sound_rules_have_no_faults():
    assert faults(HEADINGS, BANDS, target="member") == []


@pytest.mark.parametrize(
    ("headings", "place", "words"),
    [
        ([], "", "至少要有一个项目"),
        (changed(cap="25"), "", "合计要正好100分，现在是95分，还差5分"),
        (changed(cap="40.5"), "", "现在是110.5分，多了10.5分"),
        (changed(cap="-30"), "headings.0.cap", "要大于0"),
        (changed(cap="三十"), "headings.0.cap", "要填数字，现在是“三十”"),
        (changed(cap="NaN"), "headings.0.cap", "要填数字"),
        (changed(label=" "), "headings.0.label", "请填写项目名称"),
        (changed(label="提案"), "headings.1.label", "重复了"),
        (changed(code="b"), "headings.1.label", "代号“b”重复了"),
        (changed(bonus="-1"), "headings.0.bonus", "不能是负数"),
        (changed(floor="1"), "headings.0.floor", "不能大于0"),
        (item(act="no.such"), "headings.0.items.0.act", "系统里没有"),
        (item(act="t.studio"), "headings.0.items.0.act", "系统里没有"),
        (item(act="t.filed"), "headings.1.items.0.act", "已经在“会议”里计分"),
        (item(points="0"), "headings.0.items.0.points", "每次0分"),
        (item(points="1.005"), "headings.0.items.0.points", "最多两位小数"),
        (item(most="-1"), "headings.0.items.0.most", "要大于0"),
        (item(share="odd"), "headings.0.items.0.share", "联名记分方法不对"),
        (item(bonus=True), "headings.0.bonus", "加分上限不能是0"),
    ],
)
def test_faults_of_headings_are_named_where_they_stand(headings, place, words):
    found = faults(headings, BANDS, target="member")
    assert any(fault.place == place and words in fault.message for fault in found), found


@pytest.mark.parametrize(
    ("bands", "place", "words"),
    [
        ([], "", "至少要有一个等次"),
        ([BANDS[1], BANDS[0], BANDS[2]], "bands.1.from", "从高到低"),
        (BANDS[:2], "bands.1.from", "从0分起"),
        ([{"label": "优秀", "from": "x"}], "bands.0.from", "要填数字"),
        ([*BANDS[:2], {"label": "优秀", "from": "0"}], "bands.2.label", "重复了"),
        ([{"label": "优秀", "from": "111"}, BANDS[2]], "bands.0.from", "最高也只能得110分"),
    ],
)
def test_faults_of_bands_are_named_where_they_stand(bands, place, words):
    found = faults(HEADINGS, bands, target="member")
    assert any(fault.place == place and words in fault.message for fault in found), found


@pytest.mark.parametrize("target", ["member", "studio"])
def test_first_rules_are_sound(target):
    headings, bands = scoring_defaults.rules_of(target)
    assert faults(headings, bands, target=target) == []
    assert len(headings) == {"member": 7, "studio": 6}[target]
