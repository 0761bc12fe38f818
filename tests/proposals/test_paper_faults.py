"""What a badly kept register says for certain is read; what it leaves open is named, and nobody guesses."""

import datetime as dt
import io

import pytest

from core.papers.importing import import_papers
from members.models import Member
from members.papers.matching import UnitIndex, UnitName
from proposals.models import Proposal
from proposals.papers import units as paper_units
from tests.core.papers.books import book
from tests.proposals.test_papers import FULL, read_rolls, rolls_for_one

UNITS = UnitIndex(
    UnitName(f"汉滨区{name}", f"区{name}", aliases)
    for name, aliases in (
        ("水利局", ("水利局",)),
        ("林业局", ()),
        ("财政局", ("财政局",)),
        ("新城街道办事处", ("新城办",)),
    )
)


def take(*sheets, name="a.xlsx", merge=()):
    result = import_papers({name: book(*sheets, merge=merge)}, actor=None, year=2022)
    return result.files[name]


def sheet(rows, *, name="提案", rename=None, without=()):
    headings = [head for head in dict.fromkeys(key for row in rows for key in row) if head not in without]
    shown = [(rename or {}).get(head, head) for head in headings]
    return name, [shown, *([row.get(head) for head in headings] for row in rows)]


def errors(file):
    return [(p.row, p.column, p.value) for p in file.problems if p.severity == "error"]


@pytest.mark.parametrize(
    ("written", "leads", "supports"),
    [
        ("区水利局（主办）、区林业局（会办）、财政局（会办）", ["区水利局"], ["区林业局", "财政局"]),
        ("区水利局牵头，区林业局、财政局配合", ["区水利局"], ["区林业局", "财政局"]),
        ("主办：区水利局；会办：区林业局，财政局", ["区水利局"], ["区林业局", "财政局"]),
        ("由区水利局牵头办理\n区林业局协办", ["区水利局"], ["区林业局"]),
        ("牵头单位:新城办，配合单位:区林业局", ["新城办"], ["区林业局"]),
        ("区水利局（分办）、区林业局（分办）", ["区水利局", "区林业局"], []),
        ("新城办", ["新城办"], []),
        ("区水利局（主）区林业局（会）", ["区水利局"], ["区林业局"]),
        ("区水利局、区林业局配合", [], ["区水利局", "区林业局"]),
        ("", [], []),
    ],
)
def test_units_of_one_cell_are_read_with_their_parts(written, leads, supports):
    found = paper_units.read(written, is_known=UNITS.is_known)
    assert [n.name for n in found if n.part != paper_units.SUPPORT] == leads
    assert [n.name for n in found if n.part == paper_units.SUPPORT] == supports


@pytest.mark.django_db
def test_units_without_a_part_in_one_column_are_named_and_not_guessed():
    rolls_for_one()
    row = FULL | {"主办单位": "区水利局、区林业局"}
    file = take(sheet([row], rename={"主办单位": "承办单位"}, without=("会办单位",)))
    assert errors(file) == [(2, "承办单位", "区水利局、区林业局")]
    assert "（会办）" in next(p.message for p in file.problems if p.severity == "error")
    # Under 主办单位 several units say that each of them leads.
    assert take(sheet([row], without=("会办单位",))).created == 1
    assert Proposal.objects.get().handling_mode == Proposal.Mode.SPLIT


@pytest.mark.django_db
def test_misspelt_unit_is_shown_the_nearest_name_and_not_taken_for_it():
    rolls_for_one()
    file = take(sheet([FULL | {"主办单位": "区水理局"}]))
    assert errors(file) == [(2, "主办单位", "区水理局")]
    assert "最像的是“区水利局”" in next(p.message for p in file.problems if p.severity == "error")
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_column_that_is_not_there_is_named_once_for_the_sheet():
    rolls_for_one()
    rows = [FULL | {"案号": at} for at in (1, 2, 3)]
    file = take(sheet(rows, rename={"提交日期": "何时"}))
    assert errors(file) == [(1, "提交日期", "")]
    message = next(p.message for p in file.problems if p.severity == "error")
    assert "没认出来的列有何时" in message
    assert (file.read, file.refused) == (3, 3)


@pytest.mark.django_db
def test_two_headings_for_one_column_are_named():
    rolls_for_one()
    file = take(sheet([FULL | {"办复时间": "2022-06-01"}]))
    doubled = [p for p in file.problems if "像是同一项" in p.message]
    assert [(p.column, p.severity) for p in doubled] == [("办复时间", "warning")]
    assert Proposal.objects.get().replied_on == dt.date(2022, 5, 18)


@pytest.mark.parametrize("numbers", [["第12号", None], ["12", None]])
@pytest.mark.django_db
def test_column_called_bianhao_is_the_case_number_where_the_papers_show_it(numbers):
    rolls_for_one()
    refused = {
        "案由": "另一件",
        "审查意见": "退回修改",
        "主办单位": None,
        "会办单位": None,
        "交办日期": None,
        "答复日期": None,
    }
    rows = [FULL | {"案号": numbers[0]}, FULL | refused | {"案号": numbers[1], "签收日期": None, "办理结果": None}]
    file = take(sheet(rows, rename={"案号": "编号"}))
    assert (file.created, file.refused) == (2, 0), file.problems
    assert Proposal.objects.get(number=12).title == FULL["案由"]


@pytest.mark.django_db
def test_column_called_bianhao_that_may_be_anything_is_named():
    rolls_for_one()
    file = take(sheet([FULL | {"案号": 1}, FULL | {"案号": 2, "案由": "另一件"}], rename={"案号": "编号"}))
    assert file.refused == 2
    assert [p.message for p in file.problems if p.column == "编号" and "改成“案号”" in p.message]


@pytest.mark.django_db
def test_boxes_to_tick_are_one_column_and_two_ticks_a_contradiction():
    rolls_for_one()
    names = ["案号", "案由", "提案人", "提交日期", "审查意见", "主办单位", "交办日期", "答复日期", "答复类别"]
    head = [*names, "办理态度", None, None, "办理结果", None, None]
    below = [*[None] * len(names), *("满意", "基本满意", "不满意") * 2]
    full = [FULL[name] for name in names]
    rows = [
        head, below,
        [1, *full[1:], "√", None, None, None, "√", None],
        [2, "另一件", *full[2:], "√", None, "×", "√", "√", None],
    ]  # fmt: skip
    file = take(("提案", rows), merge=["J1:L1", "M1:O1", *(f"{c}1:{c}2" for c in "ABCDEFGHI")])
    case = Proposal.objects.get()
    assert (case.number, case.attitude, case.rating) == (1, "satisfied", "basically")
    assert [(p.row, p.column, p.value) for p in file.problems if p.severity == "error"] == [
        (4, "办理结果", "满意和基本满意")
    ]


@pytest.mark.parametrize(
    ("heading", "value", "rating"),
    [
        ("是否满意", "√", "satisfied"), ("满意度", "✓", "satisfied"), ("是否满意", "是", "satisfied"),
        ("办理结果", "√", None), ("办理结果", "满意（部分）", None), ("办理结果", "满意（电话）", "satisfied"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_tick_means_what_its_heading_says_and_nothing_elsewhere(heading, value, rating):
    rolls_for_one()
    file = take(sheet([FULL | {"办理结果": value}], rename={"办理结果": heading}))
    if rating:
        assert Proposal.objects.get().rating == rating
    else:
        assert errors(file) == [(2, "办理结果", value)]


@pytest.mark.parametrize(
    "value", ["3/5/2022", "5日", "2022-02-30", "2022年", "春节后", "2022-3-5、2022-4-1", "13月2日"]
)
@pytest.mark.django_db
def test_date_that_is_no_certain_day_refuses_the_row(value):
    rolls_for_one()
    assert errors(take(sheet([FULL | {"提交日期": value}]))) == [(2, "提交日期", value)]


@pytest.mark.parametrize(("heading", "value", "status"), [
    ("是否立案", "是", "closed"), ("是否立案", "√", "closed"), ("是否立案", "否", "not_filed"), ("审查意见", "经审查，同意立案", "closed"),
])  # fmt: skip
@pytest.mark.django_db
def test_decision_is_read_in_other_words(heading, value, status):
    rolls_for_one()
    row = FULL | {"审查意见": value}
    if status == "not_filed":
        row |= {"案号": None, "主办单位": None, "会办单位": None, "交办日期": None, "签收日期": None, "答复日期": None}
    take(sheet([row], rename={"审查意见": heading}))
    assert Proposal.objects.get().status == status


@pytest.mark.django_db
def test_proposer_may_be_a_body_or_several_without_a_column_that_says_so():
    rolls_for_one()
    Member.objects.create(code="HB16002", name="王岭")
    read_rolls("studios.xlsx")
    rows = [
        FULL | {"案号": 1, "提案人": "李正康、王岭等3人"},
        FULL | {"案号": 2, "提案人": "“同心”委员工作室"},
        FULL | {"案号": 3, "提案人": "李正康委员"},
    ]
    file = take(sheet(rows, without=("提案人类别",)))
    found = dict(Proposal.objects.values_list("number", "kind"))
    assert found == {1: "joint", 2: "studio", 3: "individual"}
    assert list(Proposal.objects.get(number=1).proposers.values_list("member__code", flat=True)) == [
        "HB16001",
        "HB16002",
    ]
    assert any("没有列出的人未计" in p.message for p in file.problems)


@pytest.mark.django_db
def test_row_copied_into_another_sheet_is_left_out_and_a_different_one_refused():
    rolls_for_one()
    year = sheet([FULL, FULL | {"案号": 2, "案由": "另一件"}], name="全年")
    month = sheet([FULL, FULL | {"案号": 2, "案由": "再一件"}], name="二月")
    file = take(year, month)
    assert (file.read, file.created, file.skipped, file.refused) == (4, 2, 1, 1)
    assert "“全年”表的第2行一模一样" in next(p.message for p in file.problems if "一模一样" in p.message)


@pytest.mark.django_db
def test_telephone_in_scientific_notation_is_named():
    rolls_for_one()
    file = take(sheet([FULL | {"联系电话": "1.99E+10"}]))
    assert [p.message for p in file.problems if p.column == "联系电话"] == [
        "号码被 Excel 写成了科学计数，后几位可能丢了，请把这一列设成文本后重新填写。"
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"\x00" * 3000, bytes(range(256)) * 20, b"<html></html>"])
@pytest.mark.parametrize("ending", ["xlsx", "xls", "et", "ods", "csv"])
@pytest.mark.django_db
def test_no_broken_file_breaks_the_import(content, ending):
    result = import_papers({f"a.{ending}": io.BytesIO(content)}, actor=None, year=2022)
    file = result.files[f"a.{ending}"]
    assert (file.known, file.read) == (False, 0)
    assert file.problems[0].message.endswith("。")
