"""The large world is coherent: words, terms, log and numbers are what the services would have written."""

import random

import pytest
from django.db.models import Count, F, Q
from django.utils import timezone

from core import audit, search, similar
from core.bulk_words import Pieces, terms_of
from core.models import AuditEntry, Deadline, SearchDocument
from proposals import bulk
from proposals.bulk_cases import STATES
from proposals.models import Feedback, Proposal, Reply, ReplyItem, UnitTask
from proposals.search import reindex
from proposals.terms import LABELS

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two seeds one after the other, as a database that grows."""
    today = timezone.localdate()
    bulk.seed(150, key=1, today=today)
    bulk.seed(50, key=2, today=today)
    return today


def test_words_of_pieces_are_the_words_of_the_whole():
    pieces = Pieces(random.Random(4), sentences=50)
    title = pieces.titles[7]
    for stock in (pieces.sentences, pieces.reasons, pieces.asks):
        some = pieces.some(stock, 12)
        whole = "".join(piece.text for piece in some)
        assert " ".join(piece.tokens for piece in some).split() == search.words(whole)
        assert terms_of(title, some) == similar.frequencies(title.text, whole)


def test_each_state_has_what_it_proves(world):
    assert Proposal.objects.count() == 200
    assert set(Proposal.objects.values_list("status", flat=True)) == {name for name, _ in STATES}
    late = Q(submitted_on__gt=F("filed_on")) | Q(filed_on__gt=F("assigned_on")) | Q(assigned_on__gt=F("replied_on"))
    assert not Proposal.objects.filter(late | Q(replied_on__gt=F("closed_on"))).exists()
    numbers = (
        Proposal.objects.exclude(number=None)
        .values("session")
        .annotate(n=Count("pk"), last=Count("number", distinct=True))
    )
    assert all(row["n"] == row["last"] for row in numbers)
    answered = Proposal.objects.filter(status__in=("replied", "closed", "archived")).count()
    assert Reply.objects.filter(status="issued", issued_on=F("task__proposal__replied_on")).count() == answered
    assert ReplyItem.objects.filter(suggestion__proposal=F("reply__task__proposal")).count() == 3 * answered
    assert (
        Feedback.objects.filter(state="waiting", proposal__status="replied").count()
        == Proposal.objects.filter(status="replied").count()
    )
    assert not UnitTask.objects.exclude(unit=F("proposal__lead_unit")).exists()


def test_the_nearest_open_term_stands_in_the_case_and_is_explained(world):
    from core.deadlines import explain

    for row in Deadline.objects.open():
        case = Proposal.objects.get(pk=row.root_id)
        assert (case.next_due, case.next_due_label) == (row.due, LABELS[row.kind])
    open_cases = Deadline.objects.open().values("root_id")
    assert not Proposal.objects.filter(next_due__isnull=False).exclude(pk__in=open_cases).exists()
    assert all(explain(row) for row in Deadline.objects.all()[:20])


def test_the_log_is_one_whole_chain_and_tells_each_case(world):
    assert audit.verify() == []
    told = AuditEntry.objects.filter(root_type="proposals.proposal", verb="proposal.submit")
    assert told.count() == 200
    closed = Proposal.objects.filter(status="closed").first()
    verbs = [row.verb for row in audit.timeline(closed)]
    assert verbs == [
        "proposal.submit",
        "proposal.file",
        "proposal.assign",
        "unittask.sign",
        "reply.issue",
        "proposal.close",
    ]
    audit.record(verb="proposal.archive", summary="归档", subject=closed)
    assert audit.verify() == []


def test_found_by_the_same_words_as_if_it_had_been_indexed(world):
    case = Proposal.objects.exclude(number=None).first()
    made = SearchDocument.objects.get(subject_type="proposals.proposal", subject_id=case.pk).tokens
    reindex(case)
    again = SearchDocument.objects.get(subject_type="proposals.proposal", subject_id=case.pk).tokens
    assert sorted(made.split()) == sorted(again.split())
    hits = similar.find("proposals.proposal", case.title, case.situation, limit=3)
    assert case.pk in {hit.id for hit in hits}


def test_the_database_counts_on_from_the_last_key(world):
    newest = Proposal.objects.order_by("-pk").first()
    newest.pk, newest.number, newest.intake_no = None, None, None
    newest.save()
    assert newest.pk == Proposal.objects.exclude(pk=newest.pk).order_by("-pk").first().pk + 1
