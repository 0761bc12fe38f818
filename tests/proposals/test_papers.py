"""The committee's own papers of 2022, and worse-kept ones, read into the system."""

import datetime as dt
import io
import json
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.db.models import F

from core import audit, numbering, search
from core.models import AuditEntry, Deadline, PaperRow
from core.papers.importing import import_papers
from members.models import (
    Activity,
    Attendance,
    Body,
    DutyEntry,
    HandlingUnit,
    Matter,
    Member,
    Membership,
    ReceptionDay,
    ReceptionHost,
    Session,
    Studio,
    Term,
)
from oversight.models import HostUnit, Supervisor
from proposals.models import Feedback, Promise, Proposal, Proposer, Reply, UnitTask
from proposals.numbers import case_scope
from tests.core.papers.books import save

FOLDER = Path(__file__).resolve().parents[2] / "data" / "hanbin-2022"
ROLLS = ("units.xlsx", "members.xlsx", "studios.xlsx")
D = dt.date


def run_command(capsys, folder, *options) -> tuple[int, dict]:
    code = 0
    try:
        call_command("import_papers", str(folder), *options)
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def counts(file: dict) -> tuple[int, ...]:
    return tuple(file[key] for key in ("read", "created", "updated", "unchanged", "skipped", "refused"))


def everything() -> dict[str, int]:
    models = (AuditEntry, Body, Deadline, Feedback, HandlingUnit, Member, Membership, PaperRow, Promise, Proposal)
    models += (Proposer, Reply, Session, Studio, Term, UnitTask)
    models += (Activity, Attendance, DutyEntry, HostUnit, Matter, ReceptionDay, ReceptionHost, Supervisor)
    return {model.__name__: model.objects.count() for model in models}


def read_rolls(*names: str):
    return import_papers({name: FOLDER / name for name in names or ROLLS}, actor=None, year=2022)


def rolls_for_one() -> None:
    """The roll of units, and the one member whom ``FULL`` names."""
    read_rolls("units.xlsx")
    Member.objects.create(code="HB16001", name="李正康")


def register(rows: list[dict], path: Path) -> Path:
    """A register of proposals with the usual headings, one row for each dict."""
    headings = list(dict.fromkeys(key for row in rows for key in row))
    return save(path, [headings, *([row.get(key) for key in headings] for row in rows)])


FULL = {
    "案号": "第001号", "案由": "关于修渠的建议", "提案人": "李正康", "提案人类别": "委员", "提交日期": "2022-02-21",
    "提案内容": "一、情况\n渠老。\n二、问题\n没人管。\n三、建议\n1、修渠。2、定人。", "审查意见": "立案", "主办单位": "区水利局",
    "会办单位": "县河、财政局", "交办日期": "2022-03-16", "签收日期": "2022-03-17", "答复日期": "2022-05-18",
    "答复文号": "汉水函〔2022〕1号", "答复类别": "A", "办理态度": "满意", "办理结果": "基本满意", "是否公开": "是",
}  # fmt: skip


def take(path: Path, **options):
    result = import_papers({path.name: path}, actor=None, year=2022, **options)
    return result.files[path.name]


@pytest.mark.django_db
def test_import_papers_takes_the_folder_of_2022_whole_and_twice_the_same(capsys):
    code, result = run_command(capsys, FOLDER)
    assert code == 0
    files = result["files"]
    assert counts(files["units.xlsx"]) == (58, 58, 0, 0, 0, 0)
    assert counts(files["members.xlsx"]) == (312, 312, 0, 0, 0, 0)
    assert counts(files["studios.xlsx"]) == (26, 26, 0, 0, 0, 0)
    assert counts(files["proposals.xlsx"]) == (383, 382, 0, 0, 1, 0)
    assert counts(files["receptions.xlsx"]) == (150, 150, 0, 0, 0, 0)
    assert counts(files["activities.xlsx"]) == (256, 255, 0, 0, 1, 0)
    assert counts(files["window_units.xlsx"]) == (43, 42, 0, 0, 1, 0)
    assert counts(files["sentiment.xlsx"]) == (120, 120, 0, 0, 0, 0)
    assert counts(files["consultations.xlsx"]) == (31, 31, 0, 0, 0, 0)
    assert "尚不能读入" in files["articles.xlsx"]["problems"][0]["message"]

    skipped = [p for p in files["proposals.xlsx"]["problems"] if "重复" in p["message"]]
    assert [(p["row"], p["column"], p["value"], p["severity"]) for p in skipped] == [(39, "备注", "重复", "info")]
    ambiguous = [p for p in files["proposals.xlsx"]["problems"] if p["column"] == "附议人"]
    assert {p["value"] for p in ambiguous} == {"刘玥", "周青林", "张玉茹"}
    assert Proposer.objects.filter(member=None, body=None).count() == len(ambiguous) == 11

    states = Counter(Proposal.objects.values_list("status", flat=True))
    assert states == {"closed": 238, "follow_up": 88, "not_filed": 30, "returned": 10, "merged": 8, "withdrawn": 8}
    assert Proposal.objects.filter(number__isnull=False).count() == 326
    assert Counter(UnitTask.objects.filter(role="lead").values_list("status", flat=True)) == {"done": 326}
    assert Reply.objects.filter(status="issued").count() == Feedback.objects.filter(state="answered").count() == 326
    assert (Promise.objects.unknown().count(), Promise.objects.running().count()) == (88, 0)
    assert not Deadline.objects.open().exists()
    assert not Deadline.objects.filter(kind="reply", met_on__gt=F("due")).exists()
    assert Counter(Matter.objects.values_list("status", flat=True)) == {"closed": 143, "triaged": 7}
    assert not Matter.objects.filter(host=None).exists()
    assert Studio.objects.filter(convener=None).count() == Member.objects.filter(studio=None).count() == 0
    assert Session.objects.get().year == 2022
    assert audit.verify() == []

    before = everything()
    code, result = run_command(capsys, FOLDER)
    assert code == 0
    assert counts(result["files"]["proposals.xlsx"]) == (383, 0, 0, 382, 1, 0)
    assert counts(result["files"]["members.xlsx"]) == (312, 0, 0, 312, 0, 0)
    assert counts(result["files"]["receptions.xlsx"]) == (150, 0, 0, 150, 0, 0)
    assert counts(result["files"]["activities.xlsx"]) == (256, 0, 0, 255, 1, 0)
    assert counts(result["files"]["window_units.xlsx"]) == (43, 0, 0, 42, 1, 0)
    assert everything() == before


@pytest.mark.django_db
def test_import_papers_reads_the_irregularities_that_the_folder_names():
    read_rolls(*ROLLS, "proposals.xlsx")
    assert Member.objects.filter(code__in=["HB16065", "HB16239"]).count() == 2
    assert not Member.objects.filter(political_status__in=["党员", "中共", "中国共产党党员"]).exists()
    phones = list(Member.objects.values_list("phone", flat=True))
    assert (len(phones), [phone for phone in phones if not re.fullmatch(r"1990000\d{4}", phone)]) == (312, [])
    twins = Proposal.objects.filter(proposer_name="刘玥").values_list("proposers__member__code", "sector__name")
    assert set(twins) >= {("HB16162", "社会福利和社会保障"), ("HB16200", "教育")}
    case = Proposal.objects.get(number=10)
    assert (case.title, case.submitted_on, case.replied_on) == (
        "关于提高一二〇急救效率的建议",
        D(2022, 1, 24),
        D(2022, 5, 18),
    )
    assert case.situation.startswith("上半年，笔者")
    assert case.suggestions.count() == 4
    assert list(case.tasks.values_list("unit__short_name", "role").order_by("role", "unit__order")) == [
        ("区卫健局", "lead"), ("区财政局", "support"), ("公安汉滨分局", "support"),
    ]  # fmt: skip
    merged = Proposal.objects.get(title="关于完善农村垃圾收运体系的建议")
    assert (merged.status, merged.merged_into.number, merged.number) == ("merged", 38, None)
    assert Proposal.objects.filter(disposition="to_opinion").count() == 14
    promised = Proposal.objects.filter(status="follow_up").first()
    assert Promise.objects.get(reply__task__proposal=promised).is_unknown
    assert promised.next_due is None
    days = [entry.occurred_on for entry in audit.timeline(case) if entry.verb in ("proposal.assign", "reply.issue")]
    assert days == [case.assigned_on, case.replied_on]
    assert numbering.peek(case_scope(case.session)) == 327
    assert case in search.match(Proposal.objects.all(), "急救效率")


@pytest.mark.django_db
def test_import_papers_dry_run_says_the_same_and_writes_nothing(capsys):
    before = everything()
    code, dry = run_command(capsys, FOLDER, "--dry-run")
    assert code == 0
    assert dry["dry_run"]
    assert counts(dry["files"]["proposals.xlsx"]) == (383, 382, 0, 0, 1, 0)
    assert {p["value"] for p in dry["files"]["proposals.xlsx"]["problems"] if p["column"] == "附议人"} == {
        "刘玥",
        "周青林",
        "张玉茹",
    }
    assert everything() == before


@pytest.mark.django_db
def test_import_papers_without_a_readable_folder_exits_with_2(capsys, tmp_path):
    code, result = run_command(capsys, tmp_path / "no")
    assert (code, result["files"]) == (2, {})
    code, result = run_command(capsys, tmp_path)
    assert code == 2
    assert "没有表格" in result["message"]


@pytest.mark.django_db
def test_import_papers_takes_a_worse_kept_register_and_names_what_it_refuses(capsys, tmp_path):
    read_rolls("units.xlsx", "members.xlsx")
    sheet = openpyxl.load_workbook(FOLDER / "proposals.xlsx").active
    rows = [list(row) for row in sheet.iter_rows(values_only=True, max_row=40)]
    renamed = {
        "案由": "提案题目",
        "提案人": "第一提案人",
        "主办单位": "单位",
        "会办单位": "协办",
        "答复日期": "办复时间",
        "审查意见": "审查结果",
    }
    headings = [renamed.get(name, name) for name in rows[0]][::-1]
    body = [row[::-1] for row in rows[1:]]
    body[2][headings.index("单位")] = "区畜牧中心"  # row 7
    body[5][headings.index("办复时间")] = "2022-02-30"  # row 10
    title = ["2022年提案登记", *[None] * 26]
    headed = [title, ["填表：办公室"], headings, [None] * 27, *body, ["合计", 37]]
    save(tmp_path / "worse.xlsx", headed, merge=["A1:AA1"])
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
    code, result = run_command(capsys, tmp_path, "--year", "2022")
    assert code == 1
    file = result["files"]["worse.xlsx"]
    errors = [(p["row"], p["column"], p["value"]) for p in file["problems"] if p["severity"] == "error"]
    assert errors == [(7, "单位", "区畜牧中心"), (10, "办复时间", "2022-02-30")]
    assert counts(file) == (40, 36, 0, 0, 2, 2)
    assert Proposal.objects.count() == 36
    assert "已损坏" in result["files"]["broken.xlsx"]["problems"][0]["message"]


@pytest.mark.django_db
def test_register_row_corrected_on_paper_updates_the_case_until_somebody_works_on_it(tmp_path, django_user_model):
    rolls_for_one()
    path = register([FULL], tmp_path / "a.xlsx")
    assert take(path).created == 1
    case = Proposal.objects.get()
    register([FULL | {"案由": "关于修好渠首的建议", "主办单位": "区林业局", "备注": "已办理延期手续"}], path)
    assert take(path).updated == 1
    case.refresh_from_db()
    assert (case.title, case.lead_unit.short_name, case.tasks.count()) == ("关于修好渠首的建议", "区林业局", 3)
    assert case.tasks.get(role="lead").extension_count == 1
    assert take(path).unchanged == 1

    person = django_user_model.objects.create(username="clerk", name="经办")
    audit.record(verb="proposal.archive", summary="归档", actor=person, subject=case)
    register([FULL], path)
    file = take(path)
    assert (file.updated, file.skipped) == (0, 1)
    assert "已在系统里办理过" in file.problems[-1].message
    case.refresh_from_db()
    assert case.title == "关于修好渠首的建议"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"办理结果": None, "办理态度": None}, "replied"),
        ({"答复类别": "B", "承诺完成时间": "2022年12月底前"}, "follow_up"),
        ({"答复类别": "B"}, "closed"),
        ({"办理结果": "不满意"}, "rehandling"),
        ({"答复日期": None}, "handling"),
        ({"答复日期": None, "签收日期": None}, "assigned"),
        ({"交办日期": None, "签收日期": None, "答复日期": None, "主办单位": None}, "filed"),
        ({"案号": None, "审查意见": None, "主办单位": None, "会办单位": None, "交办日期": None}, ""),
        ({"案号": None, "审查意见": "转为社情民意", "主办单位": None, "交办日期": None}, "not_filed"),
        ({"案号": None, "审查意见": "退回修改", "主办单位": None, "交办日期": None}, "returned"),
        ({"案号": None, "审查意见": "撤案", "主办单位": None, "交办日期": None}, "withdrawn"),
    ],
)
@pytest.mark.django_db
def test_register_row_stands_in_the_state_that_it_proves(change, status, tmp_path):
    rolls_for_one()
    file = take(register([FULL | change], tmp_path / "a.xlsx"))
    assert (file.created, file.refused) == (1, 0), file.problems
    case = Proposal.objects.get()
    assert case.status == (status or "submitted")
    tasks = set(case.tasks.filter(role="lead").values_list("status", flat=True))
    expected = {
        "replied": "done",
        "follow_up": "done",
        "closed": "done",
        "rehandling": "working",
        "handling": "signed",
        "assigned": "pending",
    }
    assert tasks == ({expected[status]} if status in expected else set())


@pytest.mark.parametrize(
    ("change", "column", "says", "severity"),
    [
        ({"答复日期": "2022-03-01"}, "答复日期", "早于交办日期", "error"),
        ({"签收日期": "2022-03-01"}, "签收日期", "早于交办日期", "warning"),
        ({"案号": None}, "案号", "没有案号", "error"),
        ({"审查意见": "再议"}, "审查意见", "看不出审查意见", "error"),
        ({"审查意见": "并入第099号", "案号": None}, "审查意见", "没有第99号", "error"),
        ({"主办单位": None}, "主办单位", "没有主办单位", "error"),
        ({"会办单位": "区畜牧中心"}, "会办单位", "没有这个单位", "warning"),
        ({"提案人": "查无此人"}, "提案人", "名册里没有这个人", "warning"),
        ({"提案人类别": "群众"}, "提案人类别", "只能写", "warning"),
        ({"办理结果": "还行"}, "办理结果", "只能写", "error"),
        ({"答复类别": "B"}, "承诺完成时间", "应有承诺完成时间", "warning"),
        ({"案由": None}, "案由", "没有写案由", "error"),
        ({"提交日期": "2012-02-21"}, "提交日期", "不在", "error"),
        ({"案由": "长" * 121}, "案由", "最多120字", "error"),
    ],
)
@pytest.mark.django_db
def test_register_row_with_a_fault_names_it_and_refuses_only_what_must_be(change, column, says, severity, tmp_path):
    rolls_for_one()
    file = take(register([FULL | change], tmp_path / "a.xlsx"))
    found = [p for p in file.problems if p.column == column and says in p.message]
    assert [p.severity for p in found] == [severity], file.problems
    assert found[0].row == 2
    assert (file.refused, Proposal.objects.count()) == ((1, 0) if severity == "error" else (0, 1))


@pytest.mark.django_db
def test_register_refuses_a_number_given_twice_and_keeps_the_first(tmp_path):
    rolls_for_one()
    file = take(
        register([FULL, FULL | {"案由": "另一件"}, FULL | {"案号": "第2号", "备注": "重复"}], tmp_path / "a.xlsx")
    )
    assert (file.created, file.refused, file.skipped) == (1, 1, 1)
    assert "第2行" in next(p.message for p in file.problems if p.severity == "error")
    assert Proposal.objects.get().title == FULL["案由"]


@pytest.mark.django_db
def test_register_tells_namesakes_apart_by_sector_code_or_telephone(tmp_path):
    read_rolls("units.xlsx", "members.xlsx")
    phone = Member.objects.get(code="HB16200").phone
    rows = [
        FULL | {"案号": 1, "提案人": "刘玥", "界别": "教育"},
        FULL | {"案号": 2, "提案人": "刘玥（社会福利和社会保障）"},
        FULL | {"案号": 3, "提案人": "刘玥", "联系电话": phone},
        FULL | {"案号": 4, "提案人": "刘玥"},
        FULL | {"案号": 5, "附议人": "周青林（HB16025）、刘玥（教育界）"},
    ]
    take(register(rows, tmp_path / "a.xlsx"))
    first = dict(Proposer.objects.filter(order=0).values_list("proposal__number", "member__code"))
    assert first == {1: "HB16200", 2: "HB16162", 3: "HB16200", 4: None, 5: "HB16" + first[5][4:]}
    assert list(Proposer.objects.filter(order__gt=0).values_list("member__code", flat=True)) == ["HB16025", "HB16200"]


@pytest.mark.django_db
def test_failed_write_leaves_nothing_of_the_file_behind(tmp_path, monkeypatch):
    from django.db import IntegrityError

    rolls_for_one()
    before = everything()

    def fails(*args, **kwargs):
        raise IntegrityError("boom")

    monkeypatch.setattr("proposals.papers.cases.search.index_many", fails)
    file = take(register([FULL], tmp_path / "a.xlsx"))
    assert (file.created, file.refused) == (0, 1)
    assert "一行也没有写入" in file.problems[-1].message
    assert everything() == before


@pytest.mark.django_db
def test_register_without_a_heading_that_marks_it_is_named_not_skipped(tmp_path):
    file = take(register([{key: value for key, value in FULL.items() if key != "案由"}], tmp_path / "a.xlsx"))
    assert (file.read, file.known) == (0, False)
    assert [(p.severity, "像是提案登记" in p.message, "“案由”" in p.message) for p in file.problems] == [
        ("error", True, True)
    ]


@pytest.mark.django_db
def test_uploaded_files_are_read_like_files_of_a_folder():
    data = io.BytesIO((FOLDER / "units.xlsx").read_bytes())
    assert import_papers({"2022单位.xlsx": data}, actor=None, dry_run=True).files["2022单位.xlsx"].created == 58


@pytest.mark.parametrize(
    ("change", "owed"),
    [
        ({"答复日期": None, "签收日期": None}, {"receipt", "contact", "reply", "opinion"}),
        ({"答复日期": None}, {"receipt", "contact", "reply", "opinion"}),
        ({"办理结果": None, "办理态度": None}, {"feedback"}),
        ({"办理结果": "不满意"}, {"reply"}),
        ({"交办日期": None, "签收日期": None, "答复日期": None, "主办单位": None}, {"assign"}),
        ({"答复类别": "B", "承诺完成时间": "2022年12月底前"}, set()),
        ({}, set()),
    ],
)
@pytest.mark.django_db
def test_open_cases_owe_what_any_other_case_owes(change, owed, tmp_path):
    rolls_for_one()
    assert take(register([FULL | change], tmp_path / "a.xlsx")).created == 1
    case = Proposal.objects.get()
    rows = Deadline.objects.of_case(case).open()
    assert set(rows.values_list("kind", flat=True)) == owed
    nearest = rows.order_by("due", "id").first()
    assert case.next_due == (nearest.due if nearest else None)
