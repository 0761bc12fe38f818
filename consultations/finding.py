"""What the one search box finds of consultations 协商, by words."""

from typing import Any

from consultations.models import Consultation, Outcome, PlanItem
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


def find_items(user: Any, text: str, most: int) -> list[Hit]:
    """Topics of the plans that ``user`` may read, the newest year first."""
    rows = PlanItem.objects.visible_to(user).filter(topic__icontains=text.strip()).order_by("-plan_id", "order", "id")
    shown = rows.select_related("plan").only("topic", "form", "month", "plan__year")[:most]
    return [
        Hit(
            row.topic,
            f"{row.plan}{f'　{row.month}月' if row.month else ''}",
            f"{row.plan.get_absolute_url()}#item-{row.pk}",
        )
        for row in shown
    ]


def register() -> None:
    """Let the search box ask."""
    finding.provide("计划议题", find_items, "consultations:plan_items", order=32)
    finding.provide("协商", find, "consultations:list", order=30)
    finding.provide("协商成果", find_outcomes, "consultations:outcomes", order=31)
