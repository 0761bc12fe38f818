"""The links of consultations 协商 in the menu, what waits, and the way on from a matter."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from consultations.models import Consultation, Uptake, UptakeResult
from core import handover, navigation, todos
from core.todos import Rows, Todo
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


def waiting(user: Any, today: date) -> Iterable[Rows]:
    """What waits: units that are to answer, and sessions of one's bodies whose day has passed."""
    if user.unit_ids():
        asked = Uptake.objects.filter(unit__in=user.unit_ids(), result=UptakeResult.WAITING).order_by("id")
        columns = {
            "pk": "pk",
            "title": "outcome__title",
            "due": "outcome__consultation__next_due",
            "assigned_on": "assigned_on",
        }
        yield Rows(asked, columns, _asked, days=("due", "assigned_on"))
    if user.has_role(Role.LIAISON, Role.COMMITTEE, Role.CONVENER):
        mine = Consultation.objects.filter(status__in=("planned", "notified"), on__lt=today)
        if not user.has_role(Role.LIAISON):
            mine = mine.filter(organizer__in=run_bodies(user))
        columns = {"pk": "pk", "title": "title", "form": "form", "on": "on"}
        yield Rows(mine.order_by("on"), columns, _to_hold, days=("on",), most=20)


def _asked(row: Any) -> Todo:
    url = reverse("consultations:uptake", args=[row.pk])
    return Todo("consultations.uptake", row.title, "协商成果", url, "答复采纳情况", row.due, row.assigned_on)


def _to_hold(row: Any) -> Todo:
    url = Consultation(pk=row.pk).get_absolute_url()
    form = Consultation.Form(row.form).label
    return Todo("consultations.hold", row.title, form, url, "登记举行", None, row.on)


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
