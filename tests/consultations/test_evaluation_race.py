"""Several at one link 同时: on PostgreSQL with real threads, exactly one answer is taken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import EvaluationAnswer
from consultations.services import evaluation as services
from core.errors import Refusal
from tests import races
from tests.consultations import world as worlds
from tests.consultations.test_evaluation import FAIR, GOOD

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def running():
    """An open evaluation with codes for guests."""
    house = worlds.build()
    row = services.open_evaluation(house.held(), actor=house.liaison, ends_on=timezone.localdate() + timedelta(5))
    return house, row, [code for _, code in services.print_slips(row, 12, actor=house.liaison)]


def test_two_answers_from_one_link_at_once_give_one(running):
    _, row, codes = running
    won, lost = races.split(
        races.at_once(lambda: services.answer(codes[0], GOOD), lambda: services.answer(codes[0], FAIR))
    )
    assert (len(won), len(lost)) == (1, 1)
    assert "已经用过" in str(lost[0])
    assert EvaluationAnswer.objects.filter(evaluation=row).count() == 1


def test_twelve_links_twice_each_at_once_give_twelve_answers(running):
    _, row, codes = running
    acts = [lambda code=code: services.answer(code, GOOD) for code in codes for _ in range(2)]
    won, lost = races.split(races.at_once(*acts))
    assert (len(won), len(lost)) == (12, 12)
    assert row.answers.count() == row.invitations.filter(used=True).count() == 12


def test_an_answer_while_closing_is_counted_or_refused(running):
    house, row, codes = running
    for code in codes[:6]:
        services.answer(code, GOOD)
    results = races.at_once(lambda: services.answer(codes[6], GOOD), lambda: services.close(row, actor=house.liaison))
    row.refresh_from_db()
    refused = isinstance(results[0], Refusal)
    assert row.answered == row.answers.count() == (6 if refused else 7)


def test_two_officers_open_one_session_once():
    house = worlds.build()
    session = house.held()
    end = timezone.localdate() + timedelta(5)
    won, lost = races.split(
        races.at_once(*[lambda: services.open_evaluation(session, actor=house.liaison, ends_on=end)] * 2)
    )
    assert (len(won), len(lost)) == (1, 1)
    assert "已经在评价" in str(lost[0])


def test_rows_of_invitations_bear_no_mark_of_the_last_use(running):
    """PostgreSQL remembers the transaction that wrote a row; all invitations bear the same one after each answer."""
    from django.db import connection

    _, row, codes = running
    for code in codes[:3]:
        services.answer(code, GOOD)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT xmin::text) FROM consultations_evaluationinvitation WHERE evaluation_id = %s",
            [row.pk],
        )
        assert cursor.fetchone() == (1,)
