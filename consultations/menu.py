"""The links of consultations 协商 in the menu, what waits, and the way on from a matter."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from consultations.models import Consultation, Uptake, UptakeResult
from core import handover, navigation, todos
from core.todos import Todo
from members import matter_onward
from members.activity_access import run_bodies
from members.matter_onward import Onward
from members.models import Matter, Role

GROUP = "协商"
LABEL = "consultations.consultation"
CAP = 1000


def runs(user: Any) -> bool:
    """Whether the person runs sessions."""
    return user.has_perm("consultations.add")


def runs_studio(user: Any) -> bool:
    """Whether the person may write down a micro-consultation."""
    return user.has_role(Role.CONVENER, Role.LIAISON) or (user.has_role(Role.MEMBER) and bool(run_bodies(user)))


def uptake_count(user: Any) -> int:
    """How many outcomes wait for the person's units."""
    return Uptake.objects.filter(unit__in=user.unit_ids(), result=UptakeResult.WAITING)[:CAP].count()


def waiting(user: Any, today: date) -> Iterable[Todo]:
    """What waits: units that are to answer, and sessions of one's bodies whose day has passed."""
    if user.unit_ids():
        rows = Uptake.objects.filter(unit__in=user.unit_ids(), result=UptakeResult.WAITING)
        for row in rows.select_related("outcome__consultation").defer("outcome__text")[:50]:
            url = reverse("consultations:uptake", args=[row.pk])
            due = row.outcome.consultation.next_due
            yield Todo("consultations.uptake", row.outcome.title, "协商成果", url, "答复采纳情况", due, row.assigned_on)
    if user.has_role(Role.LIAISON, Role.COMMITTEE, Role.CONVENER):
        mine = Consultation.objects.filter(status__in=("planned", "notified"), on__lt=today)
        if not user.has_role(Role.LIAISON):
            mine = mine.filter(organizer__in=run_bodies(user))
        for session in mine.for_list().order_by("on")[:20]:
            yield Todo(
                "consultations.hold", session.title, session.get_form_display(), session.get_absolute_url(), "登记举行", None,
                session.on,
            )  # fmt: skip


def name(row: Consultation) -> tuple[str, str]:
    """A session in words for those who may see it."""
    return f"{row.get_form_display()}《{row.title}》", row.get_absolute_url()


def register() -> None:
    """Put the links into the menu, what waits onto the first page, and micro-consultations on the way of matters."""
    link = navigation.register
    link(GROUP, "协商", "consultations:list", order=10)
    link(GROUP, "年度协商计划", "consultations:plans", order=20)
    link(GROUP, "登记微协商", "consultations:micro", show=runs_studio, order=30)
    link(
        GROUP,
        "答复采纳情况",
        "consultations:uptakes",
        show=lambda user: bool(user.unit_ids()),
        badge=uptake_count,
        order=40,
    )
    todos.provide(waiting)
    handover.name_with(LABEL, name)
    matter_onward.register(Onward(Matter.Route.TO_MICRO, LABEL, "开微协商", "consultations:micro", runs_studio))
