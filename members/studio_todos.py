"""What waits of reception days 接待日: hosts to sit, days to be marked as held, visitors to be telephoned."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from core.todos import Todo
from members.matter_access import convened
from members.models import Booking, ReceptionDay, Role

NEAR = timedelta(days=7)
"""How long before his day a host sees it among what waits."""
LATE = timedelta(days=60)


def waiting(user: Any, today: date) -> Iterable[Todo]:
    """For hosts and conveners, and the liaison office where visitors must be told; one query."""
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
    days = (
        ReceptionDay.objects.annotate(untold=untold)
        .filter(wanted)
        .select_related("studio")
        .annotate(booked=Count("slots__bookings", Q(slots__bookings__cancelled_at__isnull=True), distinct=True))
        .order_by("on")[:50]
    )
    for day in days:
        yield _todo(day, today)


def _todo(day: Any, today: date) -> Todo:
    url = reverse("members:reception_day", args=[day.pk])
    said = f"{day.on.month}月{day.on.day}日"
    if day.cancelled_at:
        return Todo("接待日", f"{said}接待取消，还有来访人没有告知", day.studio.name, url, "打电话告知", due=day.on)
    if day.untold and day.planned_on and day.rule_id is None:
        return Todo("接待日", f"接待改到{said}，还有来访人没有告知", day.studio.name, url, "打电话告知", due=day.on)
    if day.on < today:
        return Todo("接待日", f"{said}的接待还没有登记", day.studio.name, url, "登记已接待", since=day.on)
    place = day.place or day.studio.place
    return Todo(
        "接待日",
        f"{said}{day.opens:%H:%M}接待群众",
        f"{day.studio.name}　{place}",
        url,
        f"看{day.booked}位预约",
        due=day.on,
    )
