"""Scoring rules in force 施行 never change, by whatever way; the first rules name only what some app records."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.errors import Refusal
from members.models import DutyEntry, ScoreRules, StudioRecord
from members.scores import defaults as scoring_defaults
from members.services import studios
from tests.factories import StudioFactory, UserFactory
from tests.factories_duty import ScoreRulesFactory, past_the_guard

pytestmark = pytest.mark.django_db


def sums() -> dict[str, int]:
    """What each act of the ledger comes to, reversals taken off."""
    found: dict[str, int] = {}
    for row in DutyEntry.objects.order_by("pk"):
        found[row.act] = found.get(row.act, 0) + int(row.quantity)
    return found


def test_a_version_in_force_is_neither_saved_nor_deleted():
    rules = ScoreRulesFactory()
    rules.title = "改了的办法"
    with pytest.raises(Refusal, match="请另起草一版"):
        rules.save()
    with pytest.raises(Refusal, match="请另起草一版"):
        rules.delete()
    assert ScoreRules.objects.get().title == "委员积分办法"


def test_a_draft_is_saved_put_into_force_and_fixed_from_then_on():
    draft = ScoreRulesFactory(in_force_at=None, from_year=None)
    draft.title = "新办法"
    draft.save()
    ScoreRules.objects.filter(pk=draft.pk).update(from_year=2026, in_force_at=draft.made_at)
    with pytest.raises(Refusal):
        draft.save()


@pytest.mark.postgres
def test_the_database_itself_refuses_to_change_or_delete_a_version_in_force():
    rules = ScoreRulesFactory()
    rows = ScoreRules.objects.filter(pk=rules.pk)
    for change in (lambda: rows.update(title="改了"), lambda: rows.update(in_force_at=None), rows.delete):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            change()
    assert rows.get().title == "委员积分办法"
    with past_the_guard():
        assert rows.update(title="改了") == 1
    assert connection.vendor == "postgresql"


def test_every_act_of_the_first_rules_is_recorded_by_some_app():
    coming = {"oversight.visit", "oversight.advice"}
    for target in ("member", "studio"):
        headings, _ = scoring_defaults.rules_of(target)
        assert all(heading["items"] for heading in headings)
        found = {item["act"] for heading in headings for item in heading["items"]}
        assert not scoring_defaults.acts_of(target) - found - coming
    studio = {item["act"] for heading in scoring_defaults.rules_of("studio")[0] for item in heading["items"]}
    assert {"studio.micro", "studio.honour"} <= studio


def test_an_honour_counts_besides_its_entry_and_no_more_once_it_is_filed_elsewhere():
    office, studio = UserFactory(roles=["liaison"]), StudioFactory()
    record = studios.add_record(
        studio, actor=office, ledger=StudioRecord.Ledger.HONOUR, on=timezone.localdate(), title="市级示范工作室"
    )
    assert sums() == {"studio.record": 1, "studio.honour": 1}
    studios.change_record(record, actor=office, ledger=StudioRecord.Ledger.ACTIVITY)
    assert sums() == {"studio.record": 1, "studio.honour": 0}
    studios.change_record(record, actor=office, ledger=StudioRecord.Ledger.HONOUR)
    assert sums() == {"studio.record": 1, "studio.honour": 1}
