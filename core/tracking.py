"""Tracking 查办理进度: where a matter stands, in plain words and without names, through every later record.

Each app registers how a record of its own stands for the public, and in which record it lives on
(a merged case in its main case). The walk itself follows handovers, so that a resident with one
receipt code sees a visit become a proposal, and the proposal a promise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from core import handover, navigation

MOST_STEPS = 60


@dataclass(frozen=True)
class Step:
    """One thing that happened or is promised: when, in words without any name; ``open`` while it lies ahead."""

    on: date | None
    text: str
    open: bool = False
    url: str = ""


Teller = Callable[[Any], list[Step]]
Successor = Callable[[Any], models.Model | None]
_tellers: dict[str, tuple[Teller, Successor | None]] = {}


_page: list[str] = []


def shown_at(url_name: str) -> None:
    """Name the public page that takes ``?code=``; the portal does."""
    _page[:] = [url_name]


def address(code: str = "") -> str:
    """The path of the public page, of one code where given; empty where no app shows it."""
    return navigation.address(_page[0], f"code={code}" if code else "") if _page else ""


def tell_with(model_type: str, teller: Teller, *, successor: Successor | None = None) -> None:
    """Register how records of a model are told to whoever holds a receipt code."""
    _tellers[model_type] = (teller, successor)


def story(start: models.Model) -> list[Step]:
    """Every step from ``start`` through what it became, in the order of the walk; each record told once."""
    steps: list[Step] = []
    waiting: list[models.Model] = [start]
    seen: set[tuple[str, int]] = set()
    while waiting and len(steps) < MOST_STEPS:
        obj = waiting.pop(0)
        key = (obj._meta.label_lower, obj.pk)
        if key in seen or key[0] not in _tellers:
            continue
        seen.add(key)
        teller, successor = _tellers[key[0]]
        steps.extend(teller(obj))
        if successor and (main := successor(obj)) is not None:
            waiting.append(main)
        waiting.extend(handover.targets_of(obj))
    return steps[:MOST_STEPS]
