"""What the one search box finds of opinion reports 社情民意, by code and words."""

from typing import Any

from core import finding
from core.finding import Hit
from sentiment.filters import found
from sentiment.models import OpinionReport


def find(user: Any, text: str, most: int) -> list[Hit]:
    """The latest that the words find among those that ``user`` may see."""
    rows = found(OpinionReport.objects.visible_to(user).for_list(), text, user).order_by("-id")[:most]
    return [_hit(row) for row in rows]


def _hit(row: OpinionReport) -> Hit:
    told = (row.code or "", row.get_status_display())
    return Hit(row.title or "（还没有标题）", "　".join(part for part in told if part), row.get_absolute_url())


def register() -> None:
    """Let the search box ask."""
    finding.provide("社情民意", find, "sentiment:list", order=20)
