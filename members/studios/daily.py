"""What the daily run does for studios: lay days out, announce those near, remind hosts, forget old visitors."""

import logging
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from core import notices, options
from members.models import ReceptionDay, ReceptionHost, Studio
from members.services import booking, reception, rota_days

logger = logging.getLogger(__name__)


def lay_out(on: date) -> None:
    """Lay days out for every studio; a rule that cannot be read is said in the log and on the studio's page."""
    for name, laid in rota_days.lay_out_all(on).items():
        if laid.problems:
            logger.warning("reception days of %s: %s", name, "；".join(laid.problems))


def announce(on: date) -> int:
    """Publish days that are so near that nobody should wait for a button; gives how many."""
    days = options.value("reception.announce_days")
    if not days:
        return 0
    waiting = ReceptionDay.objects.filter(
        on__range=(on, on + timedelta(days)), announced_at__isnull=True, cancelled_at__isnull=True
    )
    studios = Studio.objects.filter(pk__in=waiting.values("studio"))
    return sum(reception.announce(studio, actor=None, until=on + timedelta(days)) for studio in studios)


def remind_hosts(on: date) -> int:
    """Tell hosts with an account of their days that are near, each once; gives how many were told."""
    near = (on, on + timedelta(options.value("reception.remind_days")))
    seats = ReceptionHost.objects.filter(
        day__on__range=near, day__announced_at__isnull=False, day__cancelled_at__isnull=True,
        day__held_at__isnull=True, member__user__isnull=False,
    ).select_related("day__studio", "member")  # fmt: skip
    for seat in seats:
        day = seat.day
        booked = reception.standing_bookings(day).count()
        notices.notify(
            [seat.member.user_id], key=f"reception-near:{day.pk}:{day.on}", urgent=day.on == on,
            title=f"{day.on.month}月{day.on.day}日{day.opens:%H:%M}请到{day.studio.name}接待群众",
            body=f"{day.place or day.studio.place or '工作室'}。已有{booked}人预约。",
            url=reverse("members:reception_day", args=[day.pk]),
        )  # fmt: skip
    return len(seats)


def forget(on: date) -> int:
    """Delete personal data whose time is over."""
    return booking.forget(min(on, timezone.localdate()))
