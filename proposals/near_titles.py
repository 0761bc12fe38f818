"""Proposals that are near in title 相近的提案: a help for the eye, never a judgement."""

from django.db.models import QuerySet

from core import search
from proposals.models import Proposal

COMMON = frozenset(
    "关于 建议 加强 加快 推进 进一步 我区 汉滨 汉滨区 工作 提高 完善 问题 的 开展 做好 促进 推动 建设".split()
)
WORDS_ASKED = 6
EACH = 40


def near_titles(
    title: str, rows: QuerySet[Proposal], *, without: int | None = None, limit: int = 5
) -> list[tuple[Proposal, list[str]]]:
    """Rows whose titles share most words with ``title``, best first, each with the shared words.

    One query per word asked, at most ``WORDS_ASKED``, each bounded.
    """
    asked = {word for word in search.words(title) if len(word) > 1} - COMMON
    chosen = sorted(asked, key=lambda word: (-len(word), word))[:WORDS_ASKED]
    found: dict[int, Proposal] = {}
    for word in chosen:
        near = search.match(rows.for_list(), f'"{word}"').exclude(pk=without or 0)
        found |= {row.pk: row for row in near.order_by("-pk")[:EACH]}
    shared = [(row, [word for word in chosen if word in row.title]) for row in found.values()]
    least = 2 if len(chosen) > 1 else 1
    near_enough = [(row, words) for row, words in shared if len(words) >= least]
    return sorted(near_enough, key=lambda pair: (-len(pair[1]), -pair[0].pk))[:limit]
