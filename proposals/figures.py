"""The yearly report's figures of proposals (提案), counted as the leadership page counts them."""

from collections.abc import Callable

from core.papers import figures
from proposals import statistics
from proposals.models import Proposal
from proposals.models.queries import ProposalQuerySet


def _rows(year: int) -> ProposalQuerySet:
    return Proposal.objects.filter(year=year).received()


def _filed(year: int) -> ProposalQuerySet:
    return _rows(year).in_stage("filed")


def _batches(year: int) -> int:
    return _filed(year).exclude(supervision_batch="").values("supervision_batch").distinct().count()


def _closed_rate(year: int) -> float | None:
    counts = statistics.count_year(Proposal.objects.received(), year)
    return statistics.percent(counts.steps["closed"], counts.steps["assigned"])


def _satisfied_rate(year: int) -> float | None:
    return statistics.satisfied_rate(
        statistics.ratings(statistics.count_year(Proposal.objects.received(), year))["rating"]
    )


def _if_any(count: Callable[[int], int]) -> Callable[[int], int | None]:
    """A count, or None for a year without any proposal: nothing known is not nothing done."""
    return lambda year: count(year) if _rows(year).exists() else None


def register() -> None:
    """Give the report the figures that this app knows."""
    figures.provide("proposals_submitted", _if_any(lambda year: _rows(year).count()))
    figures.provide("proposals_filed", _if_any(lambda year: _filed(year).count()))
    figures.provide("key_proposals", _if_any(lambda year: _filed(year).filter(is_key=True).count()))
    figures.provide("supervision_batches", _if_any(_batches))
    figures.provide("proposals_answered", _if_any(lambda year: _filed(year).in_stage("replied").count()))
    figures.provide("joint_proposals", _if_any(lambda year: _rows(year).filter(kind=Proposal.Kind.JOINT).count()))
    figures.provide("closed_rate", _closed_rate)
    figures.provide("satisfied_rate", _satisfied_rate)
