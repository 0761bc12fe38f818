"""The yearly report's figures of members, studios and their work (委员、工作室、履职), computed from what is stored."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from django.db.models import DecimalField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from core.papers import figures
from core.papers.words import chinese_number, surface
from members.models import Activity, Attendance, Matter, Member, Membership, Studio

Kind = Activity.Kind
_GIFT = re.compile(r"互赠文史资料(?:共|约|计)?(\d+|[一二两三四五六七八九十百]+)[余多]?册")


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


def _receptions(year: int) -> int | None:
    return Matter.objects.filter(received_on__year=year).count() or None


def held_in(year: int) -> QuerySet[Activity]:
    """Activities of a year that took place: held by the office, or reported by a member and verified."""
    took_place = (Activity.Status.HELD, Activity.Status.VERIFIED)
    return Activity.objects.filter(on__year=year, status__in=took_place)


def _of_kind(kind: str, count: Callable[[QuerySet[Activity]], int | float]) -> Callable[[int], int | float | None]:
    """A figure of the activities of one kind; None for a year in which no activity is stored at all."""
    return lambda year: count(held_in(year).filter(kind=kind)) if held_in(year).exists() else None


def _times(rows: QuerySet[Activity]) -> int:
    return rows.count()


def _pieces(rows: QuerySet[Activity]) -> int | float:
    """What was made or sent in all; a row that gives no quantity is one."""
    one = Value(Decimal(1), output_field=DecimalField())
    return _plain(rows.aggregate(total=Sum(Coalesce("quantity", one)))["total"])


def _yuan(rows: QuerySet[Activity]) -> int | float:
    return _plain(rows.aggregate(total=Sum("amount"))["total"])


def _people(rows: QuerySet[Activity]) -> int:
    present = Attendance.objects.filter(activity__in=rows, state=Attendance.State.PRESENT)
    return present.values("member_id").distinct().count()


def _gift_books(rows: QuerySet[Activity]) -> int:
    notes = rows.filter(note__contains="互赠文史资料").values_list("note", flat=True)
    return sum(gift_books(note) for note in notes)


def gift_books(note: str) -> int:
    """How many books a note says were given to each other: 互赠文史资料3册 is 3, without such words 0."""
    return sum(chinese_number(words) or 0 for words in _GIFT.findall(surface(note).replace(" ", "")))


def _plain(total: Decimal | None) -> int | float:
    value = total or Decimal(0)
    return int(value) if value == value.to_integral_value() else float(value)


def register() -> None:
    """Give the report the figures that this app knows."""
    figures.provide("members", _members)
    figures.provide("standing_members", _standing)
    figures.provide("studios", _studios)
    figures.provide("members_in_studios", _in_studios)
    figures.provide("receptions", _receptions)
    for key, kind, count in (
        ("study_sessions", Kind.STUDY, _times),
        ("trainings", Kind.TRAINING, _times),
        ("inspections", Kind.INSPECTION, _times),
        ("research", Kind.RESEARCH, _times),
        ("essays", Kind.ESSAY, _pieces),
        ("essay_authors", Kind.ESSAY, _people),
        ("reading_videos", Kind.READING_VIDEO, _pieces),
        ("short_videos", Kind.SHORT_VIDEO, _pieces),
        ("exchanges", Kind.EXCHANGE, _times),
        ("donation_members", Kind.DONATION, _people),
        ("donation_amount", Kind.DONATION, _yuan),
        ("gift_books", Kind.EXCHANGE, _gift_books),
        ("assigned_staff", Kind.CENTRAL_WORK, _pieces),
    ):
        figures.provide(key, _of_kind(kind, count))
