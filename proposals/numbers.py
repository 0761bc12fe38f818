"""Scopes of the two gapless numbers: intake number 流水号 by year, case number 案号 by session."""

from core.numbering import next_number
from members.models import Session


def case_scope(session: Session) -> str:
    """The counter of a session's case numbers; off-session proposals 平时提案 continue it."""
    return f"proposals.case:{session.pk}"


def intake_scope(year: int) -> str:
    """The counter of a year's intake numbers."""
    return f"proposals.intake:{year}"


def next_intake_no(year: int) -> str:
    """The next 流水号 of a year, such as 2026-0001; only inside a transaction."""
    return f"{year}-{next_number(intake_scope(year)):04d}"
