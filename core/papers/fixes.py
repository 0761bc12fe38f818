"""What can be done at once about a problem of a paper (就地处理), each offered by the app that knows how.

A problem names its remedy by a word; the page of problems shows a link to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fix:
    """A remedy: what its link says, where it leads for a value and an import, and whom it is offered to."""

    label: str
    address: Callable[[str, int], str]
    show: Callable[[Any], bool]


_fixes: dict[str, Fix] = {}


def register(word: str, fix: Fix) -> None:
    """Offer a remedy for problems that name it by ``word``."""
    _fixes[word] = fix


def link(word: str, *, value: str, job: int, user: Any) -> tuple[str, str] | None:
    """Label and address of the remedy for a value; None where there is none for this person."""
    fix = _fixes.get(word)
    return (fix.label, fix.address(value, job)) if fix and value and fix.show(user) else None
