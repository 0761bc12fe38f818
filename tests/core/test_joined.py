"""Records come with the rows of one related table in one query, as if they had been prefetched."""

import pytest

from core.joined import with_rows
from proposals.models import Suggestion
from proposals.models.proposal import Proposal
from tests.factories import ProposalFactory, SessionFactory

pytestmark = pytest.mark.django_db


def test_each_record_has_its_own_rows_in_one_query(django_assert_num_queries):
    session = SessionFactory()
    one, _, three = (ProposalFactory(title=title, session=session) for title in "一二三")
    Suggestion.objects.all().delete()
    for case, texts in ((one, ["修路", "修桥"]), (three, ["通水"])):
        for order, text in enumerate(texts, 1):
            Suggestion.objects.create(proposal=case, order=order, text=text)
    with django_assert_num_queries(1):
        found = with_rows(Proposal, "suggestions", "-pk", of=("session", session.pk), status="draft")
        said = [(case.title, [(row.order, row.text) for row in case.suggestions.all()]) for case in found]
    assert said == [("三", [(1, "通水")]), ("二", []), ("一", [(1, "修路"), (2, "修桥")])]
    assert found[0].suggestions.all()[0].proposal is found[0]
