"""A query that is kept as SQL gives the records that the query itself would give, for each value and in each thread."""

from threading import Thread

import pytest
from django.db import connection

from core.prepared import Prepared
from proposals.models import Proposal, Suggestion
from tests.factories import ProposalFactory

pytestmark = pytest.mark.django_db


def test_gives_what_the_query_gives_and_sees_later_rows(django_assert_num_queries):
    built = []

    def build(pk):
        built.append(pk)
        return Suggestion.objects.filter(proposal=pk).select_related("proposal__session")

    kept = Prepared(build)
    one, two = ProposalFactory(texts=["修路", "修桥"]), ProposalFactory(texts=["通水"])
    with django_assert_num_queries(2):
        found = [
            [(row.text, row.proposal.title, row.proposal.session.name) for row in kept.rows(case.pk)]
            for case in (one, two)
        ]
    assert found == [
        [(row.text, case.title, case.session.name) for row in case.suggestions.all()] for case in (one, two)
    ]
    Suggestion.objects.create(proposal=two, order=2, text="通电")
    assert [row.text for row in kept.rows(two.pk)] == ["通水", "通电"]
    assert kept.one(two.pk).text == "通水"
    assert kept.one(0) is None
    assert len(built) == 1


def test_types_annotations_and_tuples_come_back_as_from_the_query():
    case = ProposalFactory(submitted_on="2022-03-05")
    rows = Prepared(
        lambda pk, session: Proposal.objects.filter(session=session, pk=pk).values_list(
            "submitted_on", "title", named=True
        )
    )
    [told] = rows.rows(case.pk, case.session_id)
    assert (told.submitted_on.isoformat(), told.title) == ("2022-03-05", case.title)
    assert rows.rows(case.pk, case.session_id + 1) == []


def test_a_query_that_hides_a_value_is_refused():
    with pytest.raises(ValueError, match="1 of the values"):
        Prepared(lambda pk: Proposal.objects.filter(title=str(pk))).rows(1)


@pytest.mark.postgres
def test_a_value_of_a_small_column_is_refused_and_not_taken_for_nothing():
    with pytest.raises(ValueError, match="no number as large"):
        Prepared(lambda year: Proposal.objects.filter(year=year)).rows(2022)


def test_a_query_that_finds_nothing_whatever_is_asked_is_not_asked(django_assert_num_queries):
    kept = Prepared(lambda pk: Proposal.objects.filter(pk=pk, status__in=[]))
    with django_assert_num_queries(0):
        assert kept.rows(1) == []
        assert kept.one(2) is None


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection():
    case = ProposalFactory()
    kept = Prepared(lambda pk: Proposal.objects.filter(pk=pk))
    assert kept.rows(case.pk) == [case]
    found = []

    def ask():
        found.append((kept.rows(case.pk), connection.connection))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    [(rows, other)] = found
    assert rows == [case]
    assert other is not connection.connection
