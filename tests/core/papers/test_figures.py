"""The yearly figures are computed from what is stored and equal the committee's own."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from core.papers.figures import REPORT, Figure, provide
from core.papers.importing import folder_sources, import_papers

FOLDER = Path(__file__).resolve().parents[3] / "data" / "hanbin-2022"
TRUE = {row["key"]: row["value"] for row in json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))}

WORK_OF_2022 = {
    "receptions": 150, "study_sessions": 15, "trainings": 6, "inspections": 9, "research": 14, "essays": 56,
    "essay_authors": 50, "reading_videos": 16, "short_videos": 7, "exchanges": 15, "donation_members": 97,
    "donation_amount": 1018600, "gift_books": 23, "assigned_staff": 23, "window_units": 42, "supervisors": 84,
}  # fmt: skip
"""Receptions, activities and dispatched supervisors, counted by hand from the sheets."""


def run(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("year_figures", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_report_names_every_figure_of_the_committee():
    assert list(REPORT) == list(TRUE)


@pytest.mark.django_db
def test_year_figures_equal_those_of_2022_and_name_what_is_missing(tmp_path):
    import_papers(folder_sources(FOLDER), actor=None, year=2022)
    out, err = run("2022")
    figures = json.loads(out)
    assert {key: TRUE[key] for key in figures} == figures
    own = {"proposals_submitted", "proposals_filed", "key_proposals", "supervision_batches", "proposals_answered"}
    own |= {"closed_rate", "satisfied_rate", "joint_proposals"}
    own |= {"members", "standing_members", "studios", "members_in_studios"}
    assert own <= figures.keys()
    assert {key: figures[key] for key in WORK_OF_2022} == WORK_OF_2022
    assert all(key in err for key in REPORT.keys() - figures.keys())

    assert "提交提案（件）：382\n" in run("2022", "--format", "text")[0]
    run("2022", "--format", "docx", "--output", str(tmp_path / "f.docx"))
    table = Document(str(tmp_path / "f.docx")).tables[0]
    assert [cell.text for cell in table.rows[1].cells] == ["1", "提交提案（件）", "382"]
    assert len(table.rows) == len(figures) + 1
    assert json.loads(run("2021")[0]) == {}


@pytest.mark.django_db
def test_year_figures_refuse_what_they_cannot_write(tmp_path):
    with pytest.raises(CommandError, match="--output"):
        run("2022", "--format", "docx")
    with pytest.raises(CommandError, match="写不进"):
        run("2022", "--output", str(tmp_path / "no" / "f.json"))
    with pytest.raises(CommandError, match="不是年份"):
        run("22")


def test_figures_are_shown_as_a_report_writes_them():
    assert [Figure("k", "l", value).shown for value in (1018600, 100.0, 99.5)] == ["1,018,600", "100", "99.5"]


def test_provide_refuses_a_key_that_the_report_does_not_have():
    with pytest.raises(ValueError, match="没有这项统计"):
        provide("no_such", lambda year: 1)
