"""The list of window units: people by two cells, terms of every writing, doubts named, terms of years kept apart."""

import datetime as dt
from pathlib import Path

import pytest

from core import audit
from core.papers.figures import of_year
from core.papers.importing import import_papers
from core.papers.words import Unreadable
from members.models import Member
from oversight.models import HostUnit, Supervisor
from oversight.papers import term_of
from tests.core.papers.books import book

pytestmark = pytest.mark.django_db
D = dt.date
FOLDER = Path(__file__).resolve().parents[2] / "data" / "hanbin-2022"
ROW = {
    "序号": 1, "窗口单位": "新城派出所", "类型": "基层站所", "民主监督员": "巴图·孟和/姚桂莲", "委员编号": "HB16304,hb１６０８０",
    "人数": 2, "聘期": "2022年5月—2024年4月", "驻点联系人": "分管负责人",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _people():
    for code, name in (("HB16304", "巴图·孟和"), ("HB16080", "姚桂莲"), ("HB16001", "江榛"), ("HB16002", "江榛")):
        Member.objects.create(code=code, name=name, post="某公司 经理")


def take(*rows: dict, year: int = 2022, dry_run: bool = False):
    headings = list(dict.fromkeys(key for row in rows for key in row))
    data = book(("表", [headings, *([row.get(key) for key in headings] for row in rows)]))
    return import_papers({"a.xlsx": data}, actor=None, year=year, dry_run=dry_run).files["a.xlsx"]


def test_unit_is_taken_with_its_supervisors_and_the_total_is_not():
    file = take(ROW, {"窗口单位": "合计", "人数": 2})
    assert (file.created, file.skipped, file.problems[0].severity) == (1, 1, "info")
    unit = HostUnit.objects.get()
    assert (unit.name, unit.category, unit.contact) == ("新城派出所", "基层站所", "分管负责人")
    rows = list(Supervisor.objects.values_list("member__code", "starts", "ends"))
    assert rows == [("HB16304", D(2022, 5, 1), D(2024, 4, 30)), ("HB16080", D(2022, 5, 1), D(2024, 4, 30))]


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2022年5月—2024年4月", (D(2022, 5, 1), D(2024, 4, 30))),
        ("2022.5-2024.4", (D(2022, 5, 1), D(2024, 4, 30))),
        ("2022-05-10至2024-05-09", (D(2022, 5, 10), D(2024, 5, 9))),
        ("自2022年5月1日起两年", (D(2022, 5, 1), D(2024, 4, 30))),
        ("2022年5月起", (D(2022, 5, 1), None)),
        ("2022年5月—至今", (D(2022, 5, 1), None)),
    ],
)
def test_terms_are_read_in_every_writing(written, days):
    assert term_of(written, year=2022) == days


@pytest.mark.parametrize("written", ["长期", "2024年5月—2022年4月", "2022年5月起若干年", "一月—二月—三月"])
def test_terms_that_say_nothing_certain_are_not_guessed(written):
    with pytest.raises(Unreadable):
        term_of(written, year=2022)
    file = take(ROW | {"聘期": written})
    assert [p.column for p in file.problems] == ["聘期"]
    assert set(Supervisor.objects.values_list("starts", "ends")) == {(D(2022, 1, 1), None)}


def test_doubts_are_named_by_row_and_column():
    Member.objects.filter(code="HB16001").update(post="老城派出所 所长")
    file = take(
        ROW | {"民主监督员": "巴图·孟和、姚桂花"},
        ROW | {"窗口单位": "老城派出所", "民主监督员": "江榛、某人", "委员编号": "HB16001、HB16999"},
        ROW | {"窗口单位": "江北派出所", "民主监督员": "江榛", "委员编号": None, "人数": 1},
        ROW | {"窗口单位": "瀛湖派出所", "民主监督员": "姚桂莲", "委员编号": "HB16080", "人数": 1},
        ROW | {"窗口单位": None},
    )
    assert (file.created, file.refused) == (4, 1)
    said = {(p.row, p.column, p.value): p.message for p in file.problems}
    assert "是姚桂莲，不是这里写的" in said[2, "委员编号", "HB16080"]
    assert "名册里没有" in said[3, "委员编号", "HB16999"]
    assert "应当回避" in said[3, "民主监督员", "HB16001"]
    assert "分不清" in said[4, "民主监督员", "江榛"]
    assert "两处都登记" in said[5, "委员编号", "HB16080"]
    assert said[6, "窗口单位", ""]


def test_second_reading_changes_nothing_and_a_correction_replaces():
    assert take(ROW, dry_run=True).created == 1
    assert not HostUnit.objects.exists()
    take(ROW)
    assert take(ROW).unchanged == 1
    assert take(ROW | {"民主监督员": "巴图·孟和", "委员编号": "HB16304", "人数": 1}).updated == 1
    assert list(Supervisor.objects.values_list("member__code", flat=True)) == ["HB16304"]


def test_next_term_s_list_leaves_the_former_in_place():
    take(ROW)
    take(ROW | {"聘期": "2024年5月—2026年4月", "民主监督员": "江榛", "委员编号": "HB16001", "人数": 1}, year=2024)
    assert Supervisor.objects.within(2022).count() == 2
    assert list(Supervisor.objects.within(2025).values_list("member__code", flat=True)) == ["HB16001"]


def test_unit_kept_in_the_system_is_not_overwritten():
    take(ROW)
    audit.record(verb="supervisor.recall", summary="结束", subject=HostUnit.objects.get())
    file = take(ROW | {"驻点联系人": "主要负责人"})
    assert (file.skipped, file.updated) == (1, 0)
    assert "已在系统里" in file.problems[-1].message


def test_folder_of_2022_gives_42_units_and_84_supervisors():
    names = ("members.xlsx", "window_units.xlsx")
    result = import_papers({name: FOLDER / name for name in names}, actor=None, year=2022)
    file = result.files["window_units.xlsx"]
    assert (file.read, file.created, file.skipped, file.refused) == (43, 42, 1, 0)
    assert [p.severity for p in file.problems if p.severity != "info"] == []
    found = {figure.key: figure.value for figure in of_year(2022)[0]}
    assert (found["window_units"], found["supervisors"]) == (42, 84)
    assert "supervisors" in of_year(2025)[1]


def test_worse_kept_list_is_read_by_meaning():
    """Other headings in another order, under a title; a unit merged over the rows of its supervisors."""
    rows = [
        ["窗口单位民主监督员派驻表", None, None, None, None],
        ["任期", "监督员姓名", "监督员编号", "派驻单位", "联络人"],
        ["2022.5-2024.4", "巴图·孟和", "HB16304", "新城派出所", "所长"],
        ["2022.5-2024.4", "姚桂莲", "HB16080", None, None],
        ["2022.5-2024.4", "江榛", "HB16001", "江北派出所", "所长"],
        ["2022.5-2024.4", "江榛", "HB16001", "江北派出所", "所长"],
    ]
    data = book(("表", rows), merge=["A1:E1", "D3:D4", "E3:E4"])
    file = import_papers({"a.xlsx": data}, actor=None, year=2022).files["a.xlsx"]
    assert (file.read, file.created, file.skipped, file.refused) == (4, 2, 1, 1)
    assert [(p.row, p.severity) for p in file.problems] == [(4, "info"), (6, "error")]
    unit = HostUnit.objects.get(name="新城派出所")
    assert (unit.contact, unit.supervisors.count()) == ("所长", 2)
