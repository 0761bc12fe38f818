"""The duty ledger 履职台账 only grows."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import Refusal
from members.duty import acts as duty_acts
from members.models import DutyEntry
from members.services import duty
from tests.factories import MemberFactory, StudioFactory, UserFactory

pytestmark = pytest.mark.django_db
ACT = "test.act"


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """One act of this module's own."""
    monkeypatch.setattr(duty_acts, "_declared", dict(duty_acts._declared))
    duty_acts.declare(ACT, "测试事项")


def act(member, key="a:1", **values):
    """An act whose evidence is the member himself."""
    return duty.Act(
        **{
            "subject": member, "act": ACT, "on": date(2026, 3, 5), "source": member, "key": key, "summary": "参加会议",
            **values,
        }
    )  # fmt: skip


def test_same_act_recorded_twice_is_one_row():
    member = MemberFactory()
    first = duty.record_duty(act(member))
    again = duty.record_duty(act(member))
    assert first.pk == again.pk
    assert (first.year, first.member, first.studio) == (2026, member, None)
    assert duty.record_duties([act(member), act(member, key="a:2"), act(member, key="a:2")]) == 1


def test_studio_has_rows_of_its_own():
    studio = StudioFactory()
    assert duty.record_duty(act(studio)).studio == studio


def test_undeclared_act_is_refused():
    with pytest.raises(LookupError):
        duty.record_duty(act(MemberFactory(), act="no.such"))
    assert not DutyEntry.objects.exists()


def test_correction_is_a_reversal_once_and_with_a_reason():
    actor = UserFactory()
    entry = duty.record_duty(act(MemberFactory(), quantity=Decimal("0.5")))
    with pytest.raises(Refusal):
        duty.reverse_duty(entry, actor=actor, reason=" ")
    back = duty.reverse_duty(entry, actor=actor, reason="登记错人")
    assert (back.quantity, back.reverses, back.reason) == (Decimal("-0.5"), entry, "登记错人")
    for row in (entry, back):
        with pytest.raises(Refusal):
            duty.reverse_duty(row, actor=actor, reason="再来")
    assert duty.take_back(entry.key, actor=actor, reason="再来") is None


@pytest.mark.postgres
@pytest.mark.parametrize("statement", ["UPDATE members_dutyentry SET quantity = 9", "DELETE FROM members_dutyentry"])
def test_database_refuses_to_change_a_row(statement):
    duty.record_duty(act(MemberFactory()))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
