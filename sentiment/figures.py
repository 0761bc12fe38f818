"""The yearly report's figures of opinion reports (社情民意), computed from what is stored."""

from django.db.models import Exists, OuterRef, Q

from core.papers import figures
from sentiment.models import Adoption, Bulletin, BulletinStatus, Forward, ForwardStatus, OpinionReport, ReportStatus

NOT_IN = (ReportStatus.DRAFT, ReportStatus.WITHDRAWN)


def submitted(year: int):
    """Reports of a year that came in: no drafts, no composites of the office's own."""
    rows = OpinionReport.objects.filter(year=year, code__isnull=False).exclude(status__in=NOT_IN)
    return rows.exclude(source=OpinionReport.Source.COMPOSITE)


def adopted(year: int):
    """Reports of a year that were issued or taken up by some level, alone or within a composite."""
    rows = Adoption.objects.filter(removed_at__isnull=True)
    alone = Exists(rows.filter(report=OuterRef("pk")))
    within = Exists(rows.filter(report=OuterRef("combined_into")))
    issued = Q(issued_on__isnull=False) | Q(combined_into__issued_on__isnull=False)
    return submitted(year).filter(alone | within | issued)


def issues(year: int):
    """Issues published in a year and not withdrawn."""
    return Bulletin.objects.filter(year=year, status=BulletinStatus.PUBLISHED)


def issues_answered(year: int):
    """Issues of a year with at least one answer and no unit still to answer 答复办理."""
    forwards = Forward.objects.filter(report__entries__bulletin=OuterRef("pk"))
    return issues(year).filter(
        Exists(forwards.filter(answered_on__isnull=False)), ~Exists(forwards.filter(status=ForwardStatus.SENT))
    )


def register() -> None:
    """Give the report the figures that this app knows; a year without any report has none."""
    for key, rows in (
        ("sentiment_submitted", submitted), ("sentiment_issues", issues),
        ("sentiment_issues_answered", issues_answered), ("sentiment_adopted", adopted),
    ):  # fmt: skip
        figures.provide(key, lambda year, rows=rows: rows(year).count() if submitted(year).exists() else None)
