"""Entries of the search and of the similar ones for records made in bulk 批量索引, as ``index`` would write them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Count

from core import similar
from core.bulk_rows import Table
from core.bulk_words import Piece, terms_of
from core.models import SearchDocument, SimilarTerm


class WordIndex:
    """Collects the words of records of one kind and writes them a batch at a time.

    In how many signatures a term stands is asked once and then counted along.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._documents = Table(SearchDocument, "id", "subject_type", "subject_id", "tokens")
        self._terms = Table(SimilarTerm, "id", "kind", "term", "subject_id")
        counted = SimilarTerm.objects.filter(kind=kind).values_list("term").annotate(n=Count("pk")).order_by()
        self._signed = Counter(dict(counted))
        self._rows: tuple[list[tuple], list[tuple]] = ([], [])

    def add(self, key: int, words: Iterable[str], title: Piece, pieces: Sequence[Piece]) -> None:
        """One record, found by ``words``, its title and the pieces of its text."""
        documents, signatures = self._rows
        tokens = " ".join([*words, title.tokens, *(piece.tokens for piece in pieces)])
        documents.append((self._documents.key(), self._kind, key, tokens))
        terms = terms_of(title, pieces)
        weights = {term: similar.rarity(self._signed[term]) for term in terms}
        signature = similar.heaviest(terms, weights, similar.KEPT)
        self._signed.update(signature)
        signatures += [(self._terms.key(), self._kind, term, key) for term in signature]

    def write(self) -> None:
        """Store what was added since."""
        documents, signatures = self._rows
        self._documents.write(documents)
        self._terms.write(signatures)
        self._rows = ([], [])

    def finish(self) -> None:
        """Let both tables count on from their last rows."""
        self._documents.finish()
        self._terms.finish()
