"""The yearly report's figures of members and studios (委员与工作室), computed from what is stored."""

import datetime as dt

from django.db.models import Q, QuerySet

from core.papers import figures
from members.models import Member, Membership, Studio


def serving_in(year: int) -> QuerySet[Member]:
    """Members who served at some time in a year, by their membership of the term."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    served = Membership.objects.filter(
        Q(starts__isnull=True) | Q(starts__lte=last),
        Q(ends__isnull=True) | Q(ends__gte=first),
        Q(term__ends__isnull=True) | Q(term__ends__gte=first),
        term__starts__lte=last,
    )
    return Member.objects.filter(pk__in=served.values("member_id"))


def studios_in(year: int) -> QuerySet[Studio]:
    """Studios that existed by the end of a year."""
    return Studio.objects.filter(Q(founded_on__isnull=True) | Q(founded_on__lte=dt.date(year, 12, 31)))


def _members(year: int) -> int | None:
    return serving_in(year).count() or None


def _standing(year: int) -> int | None:
    return serving_in(year).filter(is_standing=True).count() if serving_in(year).exists() else None


def _studios(year: int) -> int | None:
    return studios_in(year).count() or None


def _in_studios(year: int) -> int | None:
    if not studios_in(year).exists():
        return None
    return serving_in(year).filter(studio__in=studios_in(year)).count()


def register() -> None:
    """Give the report the figures that this app knows."""
    figures.provide("members", _members)
    figures.provide("standing_members", _standing)
    figures.provide("studios", _studios)
    figures.provide("members_in_studios", _in_studios)
