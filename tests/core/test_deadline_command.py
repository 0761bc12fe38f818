"""``manage.py deadline`` as scripts use it."""

import json

import pytest
from django.core.management import CommandError, call_command

from core.seeds import calendar as seeds


@pytest.fixture(autouse=True)
def _calendar(db):
    seeds.load()


def run(capsys, *args: str) -> dict:
    call_command("deadline", *args)
    return json.loads(capsys.readouterr().out)


def test_deadline_prints_working_days_with_steps(capsys):
    answer = run(capsys, "--from", "2025-09-26", "--working-days", "3")
    assert answer["due"] == "2025-09-30"
    assert answer["provisional"] is False
    assert answer["steps"] == [
        {"date": "2025-09-26", "counted": False, "reason": "收到当日不计"},
        {"date": "2025-09-27", "counted": False, "reason": "周末"},
        {"date": "2025-09-28", "counted": True, "reason": "调休上班，第1日"},
        {"date": "2025-09-29", "counted": True, "reason": "第2日"},
        {"date": "2025-09-30", "counted": True, "reason": "第3日"},
    ]


def test_deadline_prints_months_with_steps(capsys):
    answer = run(capsys, "--from", "2025-07-01", "--months", "3")
    assert answer["due"] == answer["steps"][-1]["date"] == "2025-10-09"
    assert answer["steps"][-1]["reason"] == "顺延至此到期"


def test_deadline_marks_unpublished_years(capsys):
    assert run(capsys, "--from", "2028-03-01", "--working-days", "15")["provisional"] is True


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--from", "2026-02-30", "--months", "1"], "日期“2026-02-30”不对"),
        (["--from", "2026-02-03", "--months", "三"], "“三”不是整数"),
        (["--from", "2026-02-03", "--working-days", "0"], "工作日数应在1至2000之间"),
        (["--from", "2026-02-03", "--working-days", "1", "--months", "1"], "请写明从哪天起算"),
        (["--from", "2026-02-03"], "请写明从哪天起算"),
        (["--months", "3"], "请写明从哪天起算"),
        (["--from", "0002-01-01", "--months", "3"], "年份应在"),
    ],
)
def test_deadline_refuses_bad_input_with_code_2(args, told):
    with pytest.raises(CommandError, match=told) as refused:
        call_command("deadline", *args)
    assert refused.value.returncode == 2
