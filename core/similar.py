"""Records that say much the same 相似查找: a hint beside a text, never a bar to it.

Each record keeps its signature, the terms with the highest tf·idf. A text is compared by the sum of
idf² over the terms that it shares with a signature. How often a term stands in signatures is asked
of the table itself, so nothing has to be counted along and common words fall out by themselves.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import rjieba
from django.db import models, transaction
from django.db.models import Case, Count, FloatField, Sum, Value, When

from core.models import SimilarTerm
from core.search import plain

KEPT = 40
"""Terms of a signature. Of real pairs (a report rewritten from a proposal) more terms find more."""
ASKED = 60
"""Terms of the text that are looked up."""
TITLE_WEIGHT = 3
"""A word of the title counts as often."""
REFERENCE = 100_000
"""Records to which the frequency of a term is related; it only sets how steeply rare terms win."""
_BATCH = 200
_CHUNK = 500


@dataclass(frozen=True)
class Hit:
    """A record found: its id, the share of the text's weight that it has too (0 to 1), and by which terms."""

    id: int
    score: float
    shared_terms: tuple[str, ...]


def frequencies(title: str, text: str) -> Counter[str]:
    """How often each word of two or more characters occurs; numbers and single characters say nothing."""
    found: Counter[str] = Counter()
    for part, weight in ((title, TITLE_WEIGHT), (text, 1)):
        for word in rjieba.cut(plain(part), False):
            if 2 <= len(word) <= 20 and word.isalpha():
                found[word] += weight
    return found


@transaction.atomic
def index_many(kind: str, rows: Iterable[tuple[int, str, str]]) -> int:
    """Keep the signatures of records given as (id, title, text), in place of what was kept; returns how many."""
    done = 0
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        counted = {pk: frequencies(title, text) for pk, title, text in batch}
        weights = _weights(kind, {term for terms in counted.values() for term in terms})
        SimilarTerm.objects.filter(kind=kind, subject_id__in=list(counted)).delete()
        SimilarTerm.objects.bulk_create(
            [
                SimilarTerm(kind=kind, term=term, subject_id=pk)
                for pk, terms in counted.items()
                for term in heaviest(terms, weights, KEPT)
            ],
            batch_size=2000,
        )
        done += len(batch)
    return done


def index(obj: models.Model, title: str, text: str) -> None:
    """Keep the signature of one record."""
    index_many(obj._meta.label_lower, [(obj.pk, title, text)])


def remove(obj: models.Model) -> None:
    """Forget the signature of a record."""
    SimilarTerm.objects.filter(kind=obj._meta.label_lower, subject_id=obj.pk).delete()


def find(kind: str, title: str, text: str, *, limit: int = 10, without: int | None = None) -> list[Hit]:
    """The records of ``kind`` that share most with a text, best first; three queries, whatever the size.

    What the reader may see is the caller's question: ask for more than are shown and leave the others out.
    """
    counted = frequencies(title, text)
    if not counted:
        return []
    idf = _weights(kind, set(counted))
    asked = {term: idf[term] ** 2 for term in heaviest(counted, idf, ASKED)}
    found = [(pk, score) for pk, score in _scores(kind, asked, limit + 1) if pk != without][:limit]
    shared: dict[int, list[str]] = {pk: [] for pk, _ in found}
    pairs = SimilarTerm.objects.filter(kind=kind, subject_id__in=list(shared), term__in=list(asked))
    for pk, term in pairs.values_list("subject_id", "term"):
        shared[pk].append(term)
    whole = sum(asked.values())
    return [
        Hit(pk, round(score / whole, 4), tuple(sorted(shared[pk], key=lambda term: (-asked[term], term))))
        for pk, score in found
    ]


def _weights(kind: str, terms: set[str]) -> dict[str, float]:
    """The idf of each term by the number of signatures that hold it."""
    counts: dict[str, int] = {}
    ordered = sorted(terms)
    for start in range(0, len(ordered), _CHUNK):
        rows = SimilarTerm.objects.filter(kind=kind, term__in=ordered[start : start + _CHUNK])
        counts.update(rows.values_list("term").annotate(n=Count("id")).order_by())
    return {term: rarity(counts.get(term, 0)) for term in terms}


def rarity(count: int) -> float:
    """The idf of a term that stands in ``count`` signatures."""
    return max(0.1, math.log(REFERENCE / (1 + count)))


def heaviest(terms: Counter[str], weights: Mapping[str, float], most: int) -> list[str]:
    """The terms of a signature: those of the highest tf·idf."""
    return sorted(terms, key=lambda term: (-math.sqrt(terms[term]) * weights[term], term))[:most]


def _scores(kind: str, asked: dict[str, float], limit: int) -> list[tuple[int, float]]:
    """Ids with the sum of the weights that they share, summed by the database."""
    shares = Case(*(When(term=term, then=Value(value)) for term, value in asked.items()), output_field=FloatField())
    rows = SimilarTerm.objects.filter(kind=kind, term__in=list(asked)).values("subject_id")
    best = rows.annotate(score=Sum(shares)).order_by("-score", "-subject_id")
    return list(best.values_list("subject_id", "score")[:limit])
