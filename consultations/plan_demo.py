"""The demo world of the yearly plan."""

from datetime import date


def seed(today: date) -> None:
    """Placeholder."""
