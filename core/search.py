"""Full-text search 全文检索 in Chinese over the records of any app, on PostgreSQL and SQLite.

Texts are cut into dictionary words (rjieba, search mode); what the dictionary does not know falls
into single characters, on both sides alike, so that names and places are found too. A query is a
list of words that must all occur; words in quotation marks must follow one another.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import rjieba
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL

from core.models.search import SearchDocument
from core.subjects import subject_key

MAX_QUERY = 100
"""Characters of a query that count; what follows is left out."""

PUBLIC = "public"
"""The face 公开的一面 of a record whose published words are not its own text: found by these alone."""

_BATCH = 500
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"第?\s*(\d{1,6})\s*号?")
_PHRASE = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")


@dataclass(frozen=True)
class Query:
    """A query as understood: groups of words (each group adjacent, all groups present).

    ``number`` is set where the whole query is a case number such as 123 or 第123号.
    """

    groups: tuple[tuple[str, ...], ...]
    number: int | None = None


def plain(text: str) -> str:
    """``text`` with full-width letters and digits made plain, in lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """The words of a text in order, shorter words within a longer one just before it."""
    cut = rjieba.cut_for_search(plain(text), False)
    return [word for piece in cut for word in _WORD.findall(piece)]


def parse(text: str) -> Query:
    """Understand what a person typed; an empty query has no groups."""
    text = text.strip()[:MAX_QUERY]
    number = _NUMBER.fullmatch(plain(text))
    groups = [tuple(words(phrase)) for phrase in _PHRASE.findall(text)]
    for term in _PHRASE.sub(" ", text).split():
        cut = [word for piece in rjieba.cut(plain(term), False) for word in _WORD.findall(piece)]
        # Single characters are a word the dictionary does not know: they must stand together.
        for single, run in groupby(cut, key=lambda word: len(word) == 1):
            together = tuple(run)
            groups += [together] if single else [(word,) for word in together]
    unique = tuple(dict.fromkeys(group for group in groups if group))
    return Query(unique, int(number[1]) if number else None)


def match(
    queryset: models.QuerySet, text: str, *, number_field: str = "", code_field: str = "", face: str = ""
) -> models.QuerySet:
    """The records of ``queryset`` that ``text`` finds; all of them for a blank text.

    A query that is a number finds by ``number_field`` exactly, and one that equals a code finds by
    ``code_field``, where the caller names these columns. ``face`` looks into the words of that face
    only. Keeps the caller's order and paging.
    """
    if not text.strip():
        return queryset
    query = parse(text)
    if number_field and query.number is not None:
        return queryset.filter(**{number_field: query.number})
    code = plain(text.strip())
    if code_field and re.fullmatch(r"\d{4}-\d+", code):
        return queryset.filter(**{code_field: code})
    if not query.groups:
        return queryset.none()
    docs = SearchDocument.objects.filter(subject_type=_kind(queryset.model._meta.label_lower, face))
    if connection.vendor == "postgresql":
        hit = RawSQL(
            "vector @@ to_tsquery('simple', %s)",
            [_tsquery(query)],
            output_field=models.BooleanField(),
        )
        # As a semi-join the planner may start from the words (rare ones) or from the newest
        # records (common ones).
        return queryset.filter(Exists(docs.filter(hit, subject_id=OuterRef("pk"))))
    rowids = RawSQL("SELECT rowid FROM core_searchtext WHERE core_searchtext MATCH %s", [_fts5(query)])
    return queryset.filter(pk__in=docs.filter(pk__in=rowids).values("subject_id"))


def _tsquery(query: Query) -> str:
    groups = (" <-> ".join(f"'{word}'" for word in group) for group in query.groups)
    return " & ".join(f"({group})" for group in groups)


def _fts5(query: Query) -> str:
    return " AND ".join('"' + " ".join(group) + '"' for group in query.groups)


def _kind(label: str, face: str) -> str:
    """Under which type the words of a face are kept."""
    return f"{label}:{face}" if face else label


def index(obj: models.Model, *texts: str, face: str = "") -> None:
    """Make ``obj`` findable by ``texts``, in place of what it was findable by before (by that ``face``)."""
    index_many([(obj, texts)], face=face)


@transaction.atomic
def index_many(rows: Iterable[tuple[models.Model, Sequence[str]]], *, face: str = "") -> int:
    """Index many records, each given with its texts, in batches; returns how many."""
    count = 0
    batch: list[SearchDocument] = []
    for obj, texts in rows:
        subject_type, subject_id = subject_key(obj)
        batch.append(
            SearchDocument(
                subject_type=_kind(subject_type, face),
                subject_id=subject_id,
                tokens=" ".join(word for text in texts for word in words(text or "")),
            )
        )
        if len(batch) >= _BATCH:
            count += _store(batch)
            batch = []
    return count + _store(batch)


def _store(batch: list[SearchDocument]) -> int:
    if batch:
        SearchDocument.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["subject_type", "subject_id"],
            update_fields=["tokens"],
        )
    return len(batch)


def remove(obj: models.Model, *, face: str = "") -> None:
    """Make ``obj`` unfindable by its words (by those of that ``face``)."""
    subject_type, subject_id = subject_key(obj)
    SearchDocument.objects.filter(subject_type=_kind(subject_type, face), subject_id=subject_id).delete()
