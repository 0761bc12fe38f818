"""What waits of reception days 接待日: hosts to sit, days to be marked as held, visitors to be telephoned."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse

from core.todos import Rows, Todo
from members.matters.access import convened
from members.models import Booking, ReceptionDay, Role

NEAR = timedelta(days=7)
"""How long before his day a host sees it among what waits."""
LATE = timedelta(days=60)


def waiting(user: Any, today: date) -> Iterable[Rows]:
    """For hosts and conveners, and the liaison office where visitors must be told."""
    office = user.has_role(Role.LIAISON)
    mine = Q(studio__in=convened(user))
    if user.member_id:
        mine |= Q(seats__member_id=user.member_id) | Q(studio__convener_id=user.member_id)
    elif not office and not convened(user):
        return
    untold = Exists(Booking.objects.filter(slot__day=OuterRef("pk"), cancelled_at__isnull=True, told_at__isnull=True))
    changed = Q(untold=True, on__gte=today) & (
        Q(cancelled_at__isnull=False) | Q(rule__isnull=True, planned_on__isnull=False)
    )
    open_days = Q(cancelled_at__isnull=True, held_at__isnull=True, announced_at__isnull=False) & Q(
        on__range=(today - LATE, today + NEAR)
    )
    wanted = changed & (mine | Q(pk__isnull=not office)) | (open_days & mine)
    days = ReceptionDay.objects.annotate(untold=untold).filter(wanted).order_by("on").distinct()
    yield Rows(days, _columns(untold), lambda day: _todo(day, today), days=("on", "planned_on"))


def _columns(untold: Exists) -> dict[str, Any]:
    booked = Booking.objects.filter(slot__day=OuterRef("pk"), cancelled_at__isnull=True).order_by()
    return {
        "pk": "pk",
        "on": "on",
        "planned_on": "planned_on",
        "by_rule": "rule_id",
        "cancelled": "cancelled_at",
        "opens": Cast("opens", CharField()),
        "place": Coalesce(NullIf("place", Value("")), F("studio__place")),
        "studio": "studio__name",
        "untold": untold,
        "booked": Subquery(booked.values("slot__day").annotate(n=Count("pk")).values("n")),
    }


def _todo(day: Any, today: date) -> Todo:
    url = reverse("members:reception_day", args=[day.pk])
    said = f"{day.on.month}月{day.on.day}日"
    if day.cancelled:
        return Todo("接待日", f"{said}接待取消，还有来访人没有告知", day.studio, url, "打电话告知", due=day.on)
    if day.untold and day.planned_on and day.by_rule is None:
        return Todo("接待日", f"接待改到{said}，还有来访人没有告知", day.studio, url, "打电话告知", due=day.on)
    if day.on < today:
        return Todo("接待日", f"{said}的接待还没有登记", day.studio, url, "登记已接待", since=day.on)
    return Todo(
        "接待日",
        f"{said}{day.opens[:5]}接待群众",
        f"{day.studio}　{day.place}",
        url,
        f"看{day.booked or 0}位预约",
        due=day.on,
    )
