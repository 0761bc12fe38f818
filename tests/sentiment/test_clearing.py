"""Personal data of residents is cleared a year after the letter ended, once, and the letter stays."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import options, reminders
from core.models import AuditEntry
from sentiment.clearing import clear_personal_data
from sentiment.models import OpinionReport
from sentiment.services import editing, public_voice
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def letter(**values) -> OpinionReport:
    """A resident's letter with name and telephone."""
    return public_voice.receive(title="路灯", text="不亮", name="毛小姐", phone="13800001234", **values)


def ended(days: int, **values) -> OpinionReport:
    """A letter that was closed so many days ago."""
    report = letter(**values)
    OpinionReport.objects.filter(pk=report.pk).update(status="closed", closed_on=TODAY() - timedelta(days=days))
    return report


def personal(report: OpinionReport) -> tuple[str, str, str, bool]:
    report.refresh_from_db()
    row = report.reporters.get()
    return row.name, row.phone, report.reporter_name, bool(report.sender_digest)


KEPT, CLEARED = ("毛小姐", "13800001234", "毛小姐", True), ("群众", "", "群众", False)


@pytest.mark.parametrize(("days", "left"), [(364, KEPT), (365, CLEARED), (800, CLEARED)])
def test_data_goes_a_year_after_closing(days, left):
    report = ended(days)
    clear_personal_data(TODAY())
    assert personal(report) == left
    assert report.title == "路灯"
    assert report.receipt_code


def test_daily_run_clears_once(house):
    report = ended(400)
    reminders.run(TODAY())
    reminders.run(TODAY())
    assert personal(report) == CLEARED
    assert AuditEntry.objects.filter(verb="opinionreport.clear").count() == 1


def test_term_is_an_option_and_the_consent_names_it(client):
    assert "办结一年后删去" in client.get("/voice/").content.decode()
    options.set_value("sentiment.keep_days", 30, actor=UserFactory(is_superuser=True))
    assert "办结30天后删去" in client.get("/voice/").content.decode()
    report = ended(31)
    clear_personal_data(TODAY())
    assert personal(report) == CLEARED


def test_kept_letter_ends_with_the_keeping_and_part_with_its_composite(house):
    kept, part, open_one = letter(), letter(), public_voice.receive(title="还在办", text="不亮", name="毛小姐")
    editing.turn_down(kept, "keep", actor=house.editor, reason="已在办")
    whole = editing.make_composite([part, house.submitted()], actor=house.editor, title="综合")
    later = TODAY() + timedelta(days=366)
    clear_personal_data(later)
    assert personal(kept) == CLEARED
    assert personal(part) == KEPT, "its composite is still open"
    OpinionReport.objects.filter(pk=whole.pk).update(closed_on=TODAY())
    clear_personal_data(later)
    assert personal(part) == CLEARED
    assert open_one.reporters.get().name == "毛小姐"


def test_members_are_never_cleared(house):
    report = house.issued()
    OpinionReport.objects.filter(pk=report.pk).update(status="closed", closed_on=date(2020, 1, 1))
    assert clear_personal_data(TODAY()) == 0
    assert report.reporters.get().name == house.member.name
