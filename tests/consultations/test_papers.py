"""The register of consultations, and the figures that follow from it."""

from pathlib import Path

import pytest

from consultations.models import Consultation
from core.papers.figures import of_year
from core.papers.importing import import_papers
from members.models import Attendance
from tests.core.papers.books import book

PAPERS = Path(__file__).parents[2] / "data" / "hanbin-2022"
ROW = {
    "题目": "高坪河流域治理", "形式": "界别协商", "日期": "2022.5.26", "地点": "建民街道会议室", "承办单位": None,
    "参加委员编号": None, "邀请单位": None, "意见建议条数": 19, "成果类型": "协商纪要", "成果题目": "关于治理的意见",
    "报送日期": "2022年6月3日", "批示或采纳情况": "采纳11条", "转化落实情况": "列入年度民生实事",
}  # fmt: skip


def take(*rows: dict):
    headings = list(ROW)
    body = [headings, *([row.get(key) for key in headings] for row in rows)]
    return import_papers({"a.xlsx": book(("表", body))}, actor=None, year=2022).files["a.xlsx"]


@pytest.mark.django_db
def test_row_becomes_a_reported_session_with_its_outcome():
    file = take(ROW)
    assert (file.created, file.problems) == (1, [])
    row = Consultation.objects.get()
    outcome = row.outcomes.get()
    assert (row.status, row.form, row.suggestions_count) == ("reported", "sector", 19)
    assert (outcome.status, outcome.kind, outcome.conversion) == ("closed", "minutes", "列入年度民生实事")
    assert take(ROW).unchanged == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"承办单位": "没有的委员会"}, "承办单位"),
        ({"报送日期": "2022.5.1"}, "报送日期"),
        ({"成果类型": None}, "成果类型"),
    ],
)
def test_what_contradicts_itself_is_named_and_the_row_is_kept(change, column):
    file = take(ROW | change)
    assert column in {problem.column for problem in file.problems}
    assert Consultation.objects.count() == 1


@pytest.mark.django_db
def test_register_of_2022_gives_the_figures_of_the_year():
    names = ("units.xlsx", "members.xlsx", "studios.xlsx", "consultations.xlsx")
    files = {name: PAPERS / name for name in names}
    first = import_papers(files, actor=None, year=2022).files["consultations.xlsx"]
    assert (first.read, first.created, first.refused) == (31, 31, 0)
    figures = {figure.key: figure.value for figure in of_year(2022)[0]}
    wanted = {
        "standing_committee_topics": 2, "consultation_sessions": 8, "micro_consultations": 20, "network_consultations": 1,
        "consultation_suggestions": 305,
    }  # fmt: skip
    assert {key: figures[key] for key in wanted} == wanted
    there = Attendance.objects.filter(activity__consultation__isnull=False).count()
    again = import_papers(files, actor=None, year=2022).files["consultations.xlsx"]
    assert (again.created, again.updated, again.unchanged) == (0, 0, 31)
    assert Attendance.objects.filter(activity__consultation__isnull=False).count() == there > 200
