"""Reads of matters 民情事项: what a person may record for, the list, and all that one page shows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core import deadlines, handover, options, timeline
from core.models import Deadline
from core.templatetags.frame import cn_day
from members.matters.access import convened
from members.matters.workflow import ONWARD
from members.models import Matter, MatterStatus, Member, ReceptionHost, Role, Studio

SUMMARY = 60
BACK_DAYS = 60
"""Days back to which a seat on a reception day lets a member record for that studio."""
SHOWN_EVENTS = 12
LIST_COLUMNS = (
    "status", "studio__name", "studio__short_name", "host__name", "unit__name", "unit__short_name", "received_on",
    "visitor_name", "village", "category", "route", "closed_on", "next_due",
)  # fmt: skip
INSIDE_VERBS = ("matter.phone",)


# --- Recording ---------------------------------------------------------------------------------


def studios_for(user) -> QuerySet[Studio]:
    """Studios for which ``user`` may record a visit: one's own, convened, or sat at lately; all for the office."""
    rows = Studio.objects.filter(is_active=True).order_by("order", "id")
    if user.has_role(Role.LIAISON):
        return rows
    mine = Q(pk__in=convened(user))
    if user.member_id:
        today = timezone.localdate()
        seats = ReceptionHost.objects.filter(
            member_id=user.member_id, day__cancelled_at=None, day__on__lte=today,
            day__on__gte=today - dt.timedelta(days=BACK_DAYS),
        )  # fmt: skip
        own = Member.objects.filter(pk=user.member_id)
        mine |= (
            Q(convener_id=user.member_id) | Q(pk__in=own.values("studio_id")) | Q(pk__in=seats.values("day__studio_id"))
        )
    return rows.filter(mine)


def records_for(user, studio: Studio) -> bool:
    """Whether ``user`` may record a visit to this studio."""
    return studios_for(user).filter(pk=studio.pk).exists()


def hosts_for(user) -> QuerySet[Member]:
    """Members whom ``user`` may name as host: the office anyone, a convener those of his studios, else himself."""
    rows = Member.objects.filter(is_active=True).select_related("studio").order_by("studio__order", "code")
    if user.has_role(Role.LIAISON):
        return rows
    mine = Q(pk=user.member_id) if user.member_id else Q(pk__in=[])
    studios = Q(studio_id__in=convened(user))
    if user.member_id:
        studios |= Q(studio__convener_id=user.member_id)
    return rows.filter(mine | studios)


def first_studio(user) -> Studio | None:
    """The studio that stands in the form at first: where one sits today, else one's own, else the first."""
    rows = list(studios_for(user)[:40])
    if user.member_id:
        sits = ReceptionHost.objects.filter(
            member_id=user.member_id, day__on=timezone.localdate(), day__cancelled_at=None
        ).values_list("day__studio_id", flat=True)
        own = Member.objects.filter(pk=user.member_id).values_list("studio_id", flat=True)
        for wanted in (*sits, *own):
            if found := next((row for row in rows if row.pk == wanted), None):
                return found
    return rows[0] if len(rows) == 1 else None


# --- The list ----------------------------------------------------------------------------------


def matters_for_list(user) -> QuerySet[Matter]:
    """The matters that ``user`` may see, with the beginning of their words as ``summary`` and no long text."""
    rows = Matter.objects.visible_to(user).select_related("studio", "host", "unit")
    return rows.annotate(summary=Left("text", SUMMARY)).only(*LIST_COLUMNS)


def categories() -> list[str]:
    """The categories that staff offer, then those that only papers bear."""
    offered = options.value("matters.categories")
    stored = Matter.objects.exclude(category="").order_by().values_list("category", flat=True).distinct()
    return [*offered, *sorted(set(stored) - set(offered))]


def overdue(rows: QuerySet, today) -> QuerySet:
    """Matters with a deadline that has passed."""
    return rows.filter(next_due__lt=today)


# --- One matter --------------------------------------------------------------------------------


@dataclass
class MatterFacts:
    """A matter with all that its page shows to one person."""

    matter: Matter
    handles: bool
    deadlines: list[Deadline]
    timeline: list[dict[str, Any]]
    folded: int
    steps: list[dict[str, str]]
    targets: list[tuple[str, str]]


def get_matter(user, pk: int) -> Matter:
    """One matter that ``user`` may see, or 404, which never tells whether it exists."""
    rows = Matter.objects.visible_to(user).select_related("studio", "host", "unit", "recorded_by", "booking")
    return get_object_or_404(rows, pk=pk)


def matter_facts(matter: Matter, user, *, whole_timeline: bool = False) -> MatterFacts:
    """Read everything that the page of ``matter`` shows to ``user``."""
    handles = user.has_perm("members.handle_matter", matter)
    told = timeline.of(
        matter, timeline.everything if handles else _outside, most=None if whole_timeline else SHOWN_EVENTS
    )
    return MatterFacts(
        matter=matter,
        handles=handles,
        deadlines=deadlines.of_case(matter),
        timeline=told.events,
        folded=told.folded,
        steps=steps(matter),
        targets=handover.seen_by(user, handover.targets_of(matter)),
    )


def _outside(rows: QuerySet) -> QuerySet:
    """What those read of the log who do not handle the matter."""
    return rows.exclude(verb__in=INSIDE_VERBS)


def steps(matter: Matter) -> list[dict[str, str]]:
    """Where the matter stands, as ``components/_stepper.html`` takes it."""
    order = MatterStatus.values
    place = order.index(matter.status)
    on_spot = matter.route == Matter.Route.ON_SPOT
    where = f"转{matter.unit}" if matter.unit else (matter.get_route_display() if matter.route else "")
    working = {True: "转出", False: "办理"}[matter.route in ONWARD]
    rows = [("登记", cn_day(matter.received_on), 0)]
    if not on_spot:
        rows += [("分流", where, 1), (working, "", 2)]
    rows += [
        ("当场答复" if on_spot else "有结果", cn_day(matter.answered_on), 3),
        ("告知来访人", "　".join(part for part in (cn_day(matter.informed_on), matter.informed_how) if part), 4),
        ("办结", cn_day(matter.closed_on), 5),
    ]
    current = next((index for index, (_, _, at) in enumerate(rows) if at > place), -1)
    return [
        {"label": label, "note": note, "state": "done" if at <= place else "current" if index == current else ""}
        for index, (label, note, at) in enumerate(rows)
    ]
