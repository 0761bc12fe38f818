"""What the one search box finds of consultations 协商, by words."""

from typing import Any

from consultations.models import Consultation, Outcome
from core import finding, search
from core.finding import Hit
from core.templatetags.frame import cn_day


def find(user: Any, text: str, most: int) -> list[Hit]:
    """The latest sessions that the words find among those that ``user`` may see."""
    rows = search.match(Consultation.objects.visible_to(user).for_list(), text).order_by("-on", "-id")[:most]
    return [Hit(row.title, f"{row.get_form_display()}　{cn_day(row.on)}", row.get_absolute_url()) for row in rows]


def find_outcomes(user: Any, text: str, most: int) -> list[Hit]:
    """The latest outcomes whose title has the words, among those that ``user`` may see."""
    rows = Outcome.objects.visible_to(user).filter(title__icontains=text.strip()).for_list().order_by("-id")[:most]
    return [
        Hit(row.title, f"{row.get_kind_display()}　{row.consultation.title}", row.get_absolute_url()) for row in rows
    ]


def register() -> None:
    """Let the search box ask."""
    finding.provide("协商", find, "consultations:list", order=30)
    finding.provide("协商成果", find_outcomes, "consultations:outcomes", order=31)
