"""Reads of studios 委员工作室 and their reception days: what the workspace and the portal show."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.utils import timezone

from members.models import (
    Booking,
    Matter,
    MatterStatus,
    Member,
    ReceptionDay,
    ReceptionHost,
    ReceptionSlot,
    RotaRule,
    Studio,
    StudioRecord,
    StudioRequisite,
)
from members.services import booking as booking_service

DONE = (MatterStatus.ANSWERED, MatterStatus.INFORMED, MatterStatus.CLOSED)
AHEAD = (MatterStatus.RECORDED, MatterStatus.TRIAGED, MatterStatus.IN_PROGRESS)


# --- Studios --------------------------------------------------------------------------------------


def studios(
    *, today: date, q: str = "", scope: str = "", township: str = "", sector: int | None = None
) -> QuerySet[Studio]:
    """Studios in use with convener, sector, ``area`` (township), number of members ``size`` and ``next_on``."""
    coming = announced().filter(studio=OuterRef("pk"), on__gte=today).order_by("on").values("on")[:1]
    found = (
        Studio.objects.filter(is_active=True)
        .select_related("convener", "sector")
        .defer("introduction")
        .annotate(
            size=Count("members", Q(members__is_active=True)),
            area=Case(When(township="", then=F("place")), default=F("township")),
            next_on=Subquery(coming),
        )
        .order_by("order", "id")
    )
    if q:
        found = found.filter(Q(name__icontains=q) | Q(place__icontains=q) | Q(convener__name__icontains=q))
    for name, value in (("scope", scope), ("area", township), ("sector_id", sector)):
        if value:
            found = found.filter(**{name: value})
    return found


def townships() -> list[str]:
    """Where there are studios."""
    area = Case(When(township="", then=F("place")), default=F("township"))
    found = Studio.objects.filter(is_active=True).annotate(area=area).exclude(area="")
    return list(found.order_by("area").values_list("area", flat=True).distinct())


def sectors() -> list[tuple[int, str]]:
    """Sectors that have a studio."""
    found = Studio.objects.filter(is_active=True, sector__isnull=False).order_by("sector__order", "sector__name")
    return list(found.values_list("sector_id", "sector__name").distinct())


def requisites(studio: Studio) -> list[StudioRequisite]:
    """The five requisites 五有 in their order; one not yet looked at is a row that is not stored."""
    known = {row.item: row for row in studio.requisites.select_related("checked_by")}
    return [known.get(item) or StudioRequisite(studio=studio, item=item) for item in StudioRequisite.Item.values]


def records(studio: Studio, ledger: str = "") -> QuerySet[StudioRecord]:
    """Standing ledger entries, newest first, without their texts."""
    found = studio.records.filter(removed_at__isnull=True).select_related("made_by").defer("text")
    return found.filter(ledger=ledger) if ledger in StudioRecord.Ledger.values else found


def ledger_counts(studio: Studio) -> list[tuple[str, str, int]]:
    """Code, name and number of standing entries of each ledger 台账."""
    standing = studio.records.filter(removed_at__isnull=True)
    counted = dict(standing.order_by().values_list("ledger").annotate(Count("pk")))
    return [(code, label, counted.get(code, 0)) for code, label in StudioRecord.Ledger.choices]


# --- Reception days -------------------------------------------------------------------------------


def announced() -> QuerySet[ReceptionDay]:
    """Days that the public knows of and that stand."""
    return ReceptionDay.objects.filter(announced_at__isnull=False, cancelled_at__isnull=True)


def with_people(days: QuerySet[ReceptionDay]) -> QuerySet[ReceptionDay]:
    """Days with hosts in their order and slots; three queries however many."""
    seats = ReceptionHost.objects.select_related("member__sector").order_by("order", "id")
    return days.select_related("studio").prefetch_related(
        Prefetch("seats", seats), Prefetch("slots", ReceptionSlot.objects.order_by("starts"))
    )


@dataclass(frozen=True)
class Time:
    """A slot as a visitor sees it; ``said`` is 可约, 已约满 or 已过."""

    slot: ReceptionSlot
    free: bool
    said: str


@dataclass(frozen=True)
class Reception:
    """A day with who sits, its times, how many are left, and why it cannot be booked (empty: it can)."""

    day: ReceptionDay
    hosts: list[Member]
    times: list[Time]
    left: int
    closed: str

    @property
    def can_book(self) -> bool:
        """Whether a visitor can book now."""
        return not self.closed and self.left > 0

    @property
    def booked(self) -> int:
        """How many times are booked."""
        return sum(time.said == "已约满" for time in self.times)


def receptions(days: Iterable[ReceptionDay], now: datetime) -> list[Reception]:
    """Days made with :func:`with_people`, with what is free; one query more."""
    days = list(days)
    taken = set(Booking.objects.filter(slot__day__in=days, cancelled_at__isnull=True).values_list("slot_id", flat=True))
    return [_reception(day, taken, now) for day in days]


def _reception(day: ReceptionDay, taken: set[int], now: datetime) -> Reception:
    times = []
    for slot in day.slots.all():
        full, over = slot.pk in taken, booking_service.has_begun(day, slot.starts, now)
        times.append(Time(slot, not full and not over, "已约满" if full else "已过" if over else "可约"))
    hosts = [seat.member for seat in day.seats.all()]
    return Reception(day, hosts, times, sum(time.free for time in times), booking_service.why_closed(day, now))


def coming(studio: Studio, *, count: int = 6) -> list[Reception]:
    """The next announced days of a studio, as the public sees them."""
    now = timezone.localtime()
    days = announced().filter(studio=studio, on__gte=now.date()).order_by("on")
    return receptions(with_people(days)[:count], now)


def year_rota(studio: Studio, year: int, *, public: bool) -> list[ReceptionDay]:
    """All days of a year: for the public those announced, cancelled ones with their reason."""
    days = ReceptionDay.objects.filter(studio=studio, on__year=year).order_by("on")
    if public:
        days = days.filter(announced_at__isnull=False)
    return list(with_people(days))


def rota_years(studio: Studio) -> list[int]:
    """Years that have days, the newest first."""
    years = {day.year for day in studio.reception_days.dates("on", "year")}
    return sorted(years | {timezone.localdate().year}, reverse=True)


def rule_in_force(studio: Studio, on: date) -> RotaRule | None:
    """The rule by which days are laid out on a date, else the next one."""
    rules = list(studio.rota_rules.filter(Q(ends__isnull=True) | Q(ends__gte=on)).order_by("starts"))
    return next((rule for rule in reversed(rules) if rule.starts <= on), rules[0] if rules else None)


def bookings(day: ReceptionDay) -> list[Booking]:
    """A day's bookings by time, those cancelled too, each with ``visit`` (its matter) where it was recorded."""
    found = Booking.objects.filter(slot__day=day).select_related("slot", "visit", "cancelled_by")
    return list(found.order_by("slot__starts", "id"))


# --- What became of it ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Year:
    """A studio's year: receptions held, matters, and what became of them."""

    year: int
    held: int
    matters: int
    done: int
    ahead: int
    handed_on: int
    referred: int


def year_of(studio: Studio, year: int) -> Year:
    """The figures of one year, in two queries."""
    held = ReceptionDay.objects.filter(studio=studio, on__year=year, held_at__isnull=False).count()
    route = Matter.Route
    counted = Matter.objects.filter(studio=studio, received_on__year=year).aggregate(
        matters=Count("pk"),
        done=Count("pk", Q(status__in=DONE) & ~Q(route=route.REFERRED)),
        ahead=Count("pk", Q(status__in=AHEAD)),
        handed_on=Count("pk", Q(route__in=[route.TO_PROPOSAL, route.TO_OPINION])),
        referred=Count("pk", Q(route=route.REFERRED)),
    )
    return Year(year, held, **counted)


def told_matters(studio: Studio) -> QuerySet[Matter]:
    """Matters whose result the public may read, newest first; texts and people stay out."""
    return (
        Matter.objects.filter(studio=studio, status__in=DONE)
        .exclude(result="")
        .select_related("unit", "host")
        .order_by("-received_on", "-id")
    )


def people(studio: Studio, year: int) -> list[tuple[Member, int]]:
    """A studio's members in office with how often each sat this year, the convener first."""
    rows = list(studio.members.filter(is_active=True).select_related("sector").order_by("code"))
    seats = ReceptionHost.objects.filter(
        day__studio=studio, day__on__year=year, day__held_at__isnull=False
    ).values_list("member_id", flat=True)
    sat = Counter(seats)
    rows.sort(key=lambda member: member.pk != studio.convener_id)
    return [(member, sat[member.pk]) for member in rows]


def by_month(days: Sequence[ReceptionDay]) -> list[tuple[int, list[ReceptionDay]]]:
    """Days grouped by month, for the printed rota."""
    found: dict[int, list[ReceptionDay]] = defaultdict(list)
    for day in days:
        found[day.on.month].append(day)
    return sorted(found.items())
