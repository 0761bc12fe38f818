"""The register of opinion reports, and the figures that follow from it."""

from datetime import date
from pathlib import Path

import pytest

from core.papers.figures import of_year
from core.papers.importing import import_papers
from members.models import DutyEntry, HandlingUnit, Member
from members.services import duty
from sentiment.models import Bulletin, OpinionReport
from sentiment.papers import issue_number, split_text
from tests.core.papers.books import book

PAPERS = Path(__file__).parents[2] / "data" / "hanbin-2022"
ROW = {
    "编号": "2022-052", "标题": "建议提升基层治理智能化水平", "反映人": "冯开章", "来源": "委员", "提交日期": "2022.6.15",
    "内容": "网格员手工填表多。对此，提出以下建议：1.合并表格。2.配终端。", "编辑意见": "建议刊发", "采用情况": "采用", "刊发期号": "第6期",
    "报送单位": "区委书记、区长", "批示": "副区长批示：请分管领导阅处", "转办单位": "公安汉滨分局", "答复日期": "2022年9月1日",
    "采用层级": "区", "备注": None,
}  # fmt: skip


@pytest.fixture
def world(db):
    """The unit and the member that the row names."""
    HandlingUnit.objects.create(name="安康市公安局汉滨分局", short_name="公安汉滨分局", category="政府部门")
    Member.objects.create(code="HB16001", name="冯开章")


def take(*rows: dict):
    headings = list(ROW)
    body = [headings, *([row.get(key) for key in headings] for row in rows)]
    return import_papers({"a.xlsx": book(("表", body))}, actor=None, year=2022).files["a.xlsx"]


def said(file) -> dict[str, str]:
    return {p.column: p.message for p in file.problems}


@pytest.mark.usefixtures("world")
def test_row_becomes_an_answered_report_in_its_issue():
    file = take(ROW)
    assert (file.created, file.problems) == (1, [])
    report = OpinionReport.objects.get()
    assert (report.status, report.code, report.submitted_on) == ("answered", "2022-052", date(2022, 6, 15))
    assert (report.situation, report.suggestions) == ("网格员手工填表多。", "1.合并表格。2.配终端。")
    assert (report.reporters.get().member.code, report.reporter_name) == ("HB16001", "冯开章")
    assert (report.bulletins.get().issue_no, report.bulletins.get().total_no) == (6, None)
    assert list(report.adoptions.values_list("level", "body_name", "is_combined")) == [("district", "区政协", False)]
    assert list(report.notes.values_list("leader", "text")) == [("副区长", "请分管领导阅处")]
    assert list(report.forwards.values_list("status", "answered_on")) == [("answered", date(2022, 9, 1))]
    assert take(ROW).unchanged == 1


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"反映人": "没有这人"}, "反映人"),
        ({"转办单位": "没有这个局"}, "转办单位"),
        ({"刊发期号": "某期"}, "刊发期号"),
        ({"采用情况": "未采用"}, "刊发期号"),
        ({"采用层级": None}, "采用层级"),
        ({"答复日期": "2022.1.1"}, "答复日期"),
    ],
)
def test_what_contradicts_itself_is_named_and_the_row_is_kept(change, column):
    file = take(ROW | change)
    assert column in said(file)
    assert OpinionReport.objects.count() == 1


@pytest.mark.parametrize(
    ("written", "number"),
    [("2022年第5期", 5), ("2", 2), ("第6期", 6), ("2022第9期", 9), ("２０２２年第１０期", 10), ("2021年第5期", None), ("增刊", None)],
)  # fmt: skip
def test_issue_number_is_read_by_meaning(written, number):
    assert issue_number(written, 2022) == number


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("路灯不亮。为此建议：换灯。", ("路灯不亮。", "换灯。")),
        ("没有建议的一段话。", ("没有建议的一段话。", "")),
        ("建议：直接写建议。", ("建议：直接写建议。", "")),
    ],
)
def test_text_in_one_piece_is_split_at_its_suggestions(text, parts):
    assert split_text(text) == parts


@pytest.mark.django_db
def test_register_of_2022_gives_the_figures_of_the_year():
    names = ("units.xlsx", "members.xlsx", "studios.xlsx", "sentiment.xlsx")
    files = {name: PAPERS / name for name in names}
    first = import_papers(files, actor=None, year=2022).files["sentiment.xlsx"]
    assert (first.read, first.created, first.refused) == (120, 120, 0)
    figures = {figure.key: figure.value for figure in of_year(2022)[0]}
    wanted = {
        "sentiment_submitted": 120, "sentiment_issues": 10, "sentiment_issues_answered": 9, "sentiment_adopted": 41,
    }  # fmt: skip
    assert {key: figures[key] for key in wanted} == wanted
    assert Bulletin.objects.get(issue_no=5).entries.count() == 2
    again = import_papers(files, actor=None, year=2022).files["sentiment.xlsx"]
    assert (again.created, again.updated, again.unchanged) == (0, 0, 120)
    duty.catch_up()
    counted = DutyEntry.objects.filter(act="opinion.submitted").count()
    duty.catch_up()
    assert DutyEntry.objects.filter(act="opinion.submitted").count() == counted > 60
