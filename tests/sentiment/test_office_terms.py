"""Terms of the steps in the office: who is reminded of editing, checking, signing."""

import pytest
from django.utils import timezone

from core import workdays
from core.models import Deadline
from sentiment import reminding
from sentiment.services import editing

pytestmark = pytest.mark.django_db


def term(report):
    """The only open term of a report."""
    return Deadline.objects.open().get(root_id=report.pk)


@pytest.mark.parametrize(
    ("stage", "kind", "days"), [("editing", "edit", 10), ("edited", "check", 3), ("submitted", "accept", 5)]
)
def test_each_step_has_its_term_and_the_list_shows_it(house, stage, kind, days):
    report = getattr(house, stage)()
    row = term(report)
    assert (row.kind, row.due) == (kind, workdays.add_working_days(timezone.localdate(), days).due)
    report.refresh_from_db()
    assert report.next_due == row.due


def test_each_step_reminds_whose_turn_it_is(house):
    report = house.editing()
    told = [reminding.lines([term(report)])[term(report).pk].people[1]]
    editing.finish_edit(report, actor=house.editor)
    told.append(reminding.lines([term(report)])[term(report).pk].people[1])
    editing.check(report, actor=house.checker)
    told.append(reminding.lines([term(report)])[term(report).pk].people[1])
    assert told == [[house.editor.pk], [house.checker.pk], [house.signer.pk]]
    editing.sign(report, actor=house.signer)
    assert not Deadline.objects.open().filter(root_id=report.pk).exists()


def test_sent_back_report_has_a_new_term_to_edit(house):
    report = editing.send_back(house.edited(), actor=house.checker, reason="数字不符")
    assert term(report).kind == "edit"


@pytest.mark.parametrize("verb", ["return", "keep", "to_proposal"])
def test_what_leaves_the_desk_leaves_no_term(house, verb):
    report = editing.turn_down(house.editing(), verb, actor=house.editor, reason="理由")
    assert not Deadline.objects.open().filter(root_id=report.pk).exists()


def test_parts_of_a_composite_leave_their_terms_to_it(house):
    parts = [house.editing(), house.submitted(title="另一篇")]
    whole = editing.make_composite(parts, actor=house.editor, title="综合")
    assert [row.root_id for row in Deadline.objects.open()] == [whole.pk]
