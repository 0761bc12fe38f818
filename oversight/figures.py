"""The yearly report's figures of dispatched supervisors 派驻民主监督员, computed from what is stored."""

from core.papers import figures
from oversight.models import Supervisor


def _units(year: int) -> int | None:
    return Supervisor.objects.within(year).values("unit_id").distinct().count() or None


def _supervisors(year: int) -> int | None:
    return Supervisor.objects.within(year).values("member_id").distinct().count() or None


def register() -> None:
    """Give the report the figures that this app knows."""
    figures.provide("window_units", _units)
    figures.provide("supervisors", _supervisors)
