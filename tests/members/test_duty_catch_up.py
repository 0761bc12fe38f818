"""The catch-up 补记 finds what records prove and the ledger lacks, and takes back what no longer holds."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from core.papers import registry
from members.duty import acts as duty_acts
from members.models import DutyEntry
from members.services import duty
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Only what the test registers."""
    monkeypatch.setattr(duty_acts, "_declared", {})
    monkeypatch.setattr(duty_acts, "_sources", [])
    monkeypatch.setattr(duty_acts, "_stale", [])
    duty_acts.declare("test.act", "测试事项")


def acts(member, number):
    for at in range(number):
        yield duty.Act(member, "test.act", date(2026, 3, 5), member, f"test.act:{at}", f"第{at}次")


def test_missing_rows_are_added_once_and_in_batches(monkeypatch):
    member = MemberFactory()
    monkeypatch.setattr(duty, "BATCH", 10)
    duty_acts.sweep_with(lambda: acts(member, 25))
    duty.record_duties(acts(member, 3))
    assert duty.catch_up() == 22
    assert duty.catch_up() == 0
    assert DutyEntry.objects.count() == 25


def test_rows_that_no_longer_hold_are_taken_back_once():
    member = MemberFactory()
    duty.record_duties(acts(member, 2))
    duty_acts.sweep_with(lambda: acts(member, 1), stale=lambda: iter([("test.act:1", "登记已更正")]))
    assert duty.catch_up() == 1
    assert duty.catch_up() == 0
    assert DutyEntry.objects.get(reverses__key="test.act:1").reason == "登记已更正"


def test_a_source_that_fails_stops_no_other(caplog):
    member = MemberFactory()

    def broken():
        raise RuntimeError("gone")

    duty_acts.sweep_with(broken)
    duty_acts.sweep_with(lambda: acts(member, 1))
    assert duty.catch_up() == 1
    assert "failed" in caplog.text


def test_command_and_import_catch_up(capsys, monkeypatch):
    member = MemberFactory()
    duty_acts.sweep_with(lambda: acts(member, 1))
    call_command("record_duties")
    assert json.loads(capsys.readouterr().out) == {"added": 1}
    duty_acts.sweep_with(lambda: acts(member, 2))
    registry.written()
    assert DutyEntry.objects.count() == 2
