"""The yearly report's figures of opinion reports (社情民意), computed from what is stored."""

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When

from core.papers import figures
from sentiment.models import (
    Adoption,
    Bulletin,
    BulletinStatus,
    Forward,
    ForwardStatus,
    Level,
    OpinionReport,
    ReportStatus,
)

NOT_IN = (ReportStatus.DRAFT, ReportStatus.WITHDRAWN)


CAME_IN = Q(code__isnull=False) & ~Q(status__in=NOT_IN) & ~Q(source=OpinionReport.Source.COMPOSITE)
"""Reports that came in: no drafts, no composites of the office's own."""


def submitted(year: int):
    """Reports of a year that came in."""
    return OpinionReport.objects.filter(CAME_IN, year=year)


def taken_up(*levels: str) -> Q:
    """Reports that these levels took up (any level without one), alone or within a composite.

    An issue counts as adoption by the district.
    """
    rows = Adoption.objects.filter(removed_at__isnull=True)
    if levels:
        rows = rows.filter(level__in=levels)
    found = Q(Exists(rows.filter(report=OuterRef("pk")))) | Q(Exists(rows.filter(report=OuterRef("combined_into"))))
    if not levels or Level.DISTRICT in levels:
        found |= Q(issued_on__isnull=False) | Q(combined_into__issued_on__isnull=False)
    return found


def flag(condition: Q) -> Case:
    """A condition as a column that is true or false."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def adopted(year: int):
    """Reports of a year that were issued or taken up by some level, alone or within a composite."""
    return submitted(year).filter(taken_up())


def issues(year: int):
    """Issues published in a year and not withdrawn."""
    return Bulletin.objects.filter(year=year, status=BulletinStatus.PUBLISHED)


def answered_in_full() -> Q:
    """Issues with at least one answer and no unit still to answer 答复办理."""
    forwards = Forward.objects.filter(report__entries__bulletin=OuterRef("pk"))
    waiting = Exists(forwards.filter(status=ForwardStatus.SENT))
    return Q(Exists(forwards.filter(answered_on__isnull=False))) & ~Q(waiting)


def issues_answered(year: int):
    """Issues of a year that were answered in full."""
    return issues(year).filter(answered_in_full())


def register() -> None:
    """Give the report the figures that this app knows; a year without any report has none."""
    for key, rows in (
        ("sentiment_submitted", submitted), ("sentiment_issues", issues),
        ("sentiment_issues_answered", issues_answered), ("sentiment_adopted", adopted),
    ):  # fmt: skip
        figures.provide(key, lambda year, rows=rows: rows(year).count() if submitted(year).exists() else None)
