"""Reception days as calendar events and as evidence in the duty ledger."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.calendar_feed import Event
from members.matters.access import convened
from members.models import ReceptionDay, StudioRequisite


def events(user: Any, first: date, last: date) -> Iterable[Event]:
    """The reception days on which a person sits, or whose studio he convenes."""
    mine = Q(studio__in=convened(user))
    if user.member_id:
        mine |= Q(seats__member_id=user.member_id) | Q(studio__convener_id=user.member_id)
    days = ReceptionDay.objects.filter(mine, on__range=(first, last)).distinct().select_related("studio")
    for day in days.prefetch_related("hosts").order_by("on"):
        sits = any(host.pk == user.member_id for host in day.hosts.all())
        yield event(
            day, url=reverse("members:reception_day", args=[day.pk]), title="接待群众" if sits else "接待日",
            remind=timedelta(days=1) if sits else None,
        )  # fmt: skip


def event(day: ReceptionDay, *, url: str, title: str = "委员接待日", remind: timedelta | None = None) -> Event:
    """One reception day; ``hosts`` and ``studio`` should be prefetched."""
    zone = timezone.get_default_timezone()
    hosts = "、".join(str(host) for host in day.hosts.all())
    said = [
        f"接待委员：{hosts}" if hosts else "",
        day.moved_because,
        f"取消：{day.cancel_reason}" if day.cancelled_at else "",
    ]
    return Event(
        uid=f"reception:{day.pk}",
        title=f"{title}：{day.studio.name}",
        starts=datetime.combine(day.on, day.opens, zone),
        ends=datetime.combine(day.on, day.closes, zone),
        place=" ".join(filter(None, [day.place or day.studio.address or day.studio.place])),
        text="\n".join(filter(None, said)),
        url=url,
        cancelled=day.cancelled_at is not None,
        remind=remind,
    )


def address_with(name: str) -> Callable[[Any, int], str]:
    """Evidence of the duty ledger whose page is named ``name``; the page itself says who may read it."""

    def address(user: Any, pk: int) -> str:
        return reverse(name, args=[pk])

    return address


def requisite_address(user: Any, pk: int) -> str:
    """The checklist of the studio that a requisite belongs to."""
    studio = StudioRequisite.objects.filter(pk=pk).values_list("studio_id", flat=True).first()
    return reverse("members:studio", args=[studio]) + "#requisites" if studio else ""
