"""What the one search box finds of people: members 委员 and studios 委员工作室."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from core import finding
from core.finding import Hit
from members.models import Member, Studio


def members(user: Any, text: str, most: int) -> list[Hit]:
    """Members of today by name, code or post, as the directory finds them."""
    named = Q(name__icontains=text) | Q(code__iexact=text) | Q(post__icontains=text)
    rows = Member.objects.filter(named, is_active=True).select_related("sector", "studio").order_by("name", "id")
    return [_member(row) for row in rows[:most]]


def studios(user: Any, text: str, most: int) -> list[Hit]:
    """Studios in use by name, place or convener."""
    named = Q(name__icontains=text) | Q(place__icontains=text) | Q(convener__name=text)
    rows = Studio.objects.filter(named, is_active=True).select_related("convener").defer("introduction")
    return [_studio(row) for row in rows.order_by("name")[:most]]


def _studio(row: Studio) -> Hit:
    told = f"召集人 {row.convener}" if row.convener else row.place
    return Hit(row.name, told, reverse("members:studio", args=[row.pk]))


def _member(row: Member) -> Hit:
    told = (row.post, str(row.sector or ""), str(row.studio or ""))
    return Hit(row.name, "　".join(part for part in told if part), reverse("members:item", args=[row.pk]))


def register() -> None:
    """Let the search box ask."""
    finding.provide("委员", members, "members:list", order=40)
    finding.provide("委员工作室", studios, "members:studios", order=50)
