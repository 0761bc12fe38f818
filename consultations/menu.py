"""The links of consultations 协商 in the menu, what waits, and the way on from a matter."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from consultations.models import WATCHERS, Consultation, FollowUp, Outcome, OutcomeStatus, Uptake, UptakeResult
from consultations.models.sessions import READS_HELD, SEES_ALL
from core import handover, navigation, todos
from core.todos import Rows, Todo
from members.activities.access import run_bodies
from members.matters import onward as matter_onward
from members.matters.onward import Onward
from members.models import Matter, Role

GROUP = "协商"
LABEL = "consultations.consultation"
CAP = 1000
FOLLOW_UP_DAYS = 15
"""How many days ahead looking back appears among what waits."""


def runs(user: Any) -> bool:
    """Whether the person runs sessions."""
    return user.has_perm("consultations.add")


def takes_part(user: Any) -> bool:
    """Whether sessions are any of the person's business (domain rules §8)."""
    return user.has_role(*SEES_ALL, *READS_HELD)


def runs_studio(user: Any) -> bool:
    """Whether the person may write down a micro-consultation."""
    return user.has_role(Role.CONVENER, Role.LIAISON) or (user.has_role(Role.MEMBER) and bool(run_bodies(user)))


def reads_outcomes(user: Any) -> bool:
    """Whether the person finds outcomes in the menu."""
    return bool(user.member_id) or runs(user) or watches(user)


def watches(user: Any) -> bool:
    """Whether the person reads what units answer, of all or of his body's sessions, and is no unit himself."""
    return not user.unit_ids() and (user.has_role(*WATCHERS) or runs(user))


def uptake_count(user: Any) -> int:
    """How many outcomes wait for the person's units."""
    return Uptake.objects.filter(unit__in=user.unit_ids(), result=UptakeResult.WAITING)[:CAP].count()


def waiting(user: Any, today: date) -> Iterable[Rows]:
    """What waits for units: outcomes of which they say what they take up."""
    if user.unit_ids():
        asked = Uptake.objects.filter(unit__in=user.unit_ids(), result=UptakeResult.WAITING).order_by("id")
        columns = {"pk": "pk", "title": "outcome__title", "due": "due_on", "assigned_on": "assigned_on"}
        yield Rows(asked, columns, _asked, days=("due", "assigned_on"))
    elif user.has_role(Role.INSPECTION):
        late = Uptake.objects.filter(result=UptakeResult.WAITING, due_on__lt=today).order_by("due_on", "id")
        columns = {"pk": "pk", "title": "outcome__title", "due": "due_on", "unit": "unit__name"}
        yield Rows(late, columns, _late, days=("due",), most=20)
    if user.has_role(Role.LIAISON, Role.COMMITTEE, Role.CONVENER):
        yield from _outcomes_of(user)


def _outcomes_of(user: Any) -> Iterable[Rows]:
    """Whoever runs sessions: drafts to send, answers to feed back, days on which to look back."""
    own = Outcome.objects.all()
    if not user.has_role(Role.LIAISON):
        own = own.filter(consultation__organizer__in=run_bodies(user))
    columns = {"pk": "pk", "title": "title", "due": "consultation__next_due", "on": "consultation__on"}
    drafts = own.filter(status=OutcomeStatus.DRAFT, consultation__source_key__isnull=True)
    yield Rows(drafts.order_by("id"), columns, _to_send, days=("due", "on"), most=20)
    answered = own.filter(status=OutcomeStatus.TAKEN_UP)
    yield Rows(answered.order_by("id"), columns, _to_feed_back, days=("due", "on"), most=20)
    ahead = FollowUp.objects.filter(outcome__in=own.order_by().values("pk"), done_on=None)
    ahead = ahead.filter(due_on__lte=timezone.localdate() + timedelta(FOLLOW_UP_DAYS))
    columns = {"pk": "outcome_id", "title": "outcome__title", "due": "due_on"}
    yield Rows(ahead.order_by("due_on"), columns, _to_look_back, days=("due",), most=20)


def _asked(row: Any) -> Todo:
    url = reverse("consultations:uptake", args=[row.pk])
    return Todo("consultations.uptake", row.title, "协商成果", url, "答复采纳情况", row.due, row.assigned_on)


def _late(row: Any) -> Todo:
    url = reverse("consultations:uptake", args=[row.pk])
    return Todo("consultations.late", row.title, f"协商成果，{row.unit}", url, "超期没有答复，请催办", row.due, None)


def _to_send(row: Any) -> Todo:
    return Todo("consultations.send", row.title, "协商成果", _page(row.pk), "核对报送", row.due, row.on)


def _to_feed_back(row: Any) -> Todo:
    return Todo("consultations.feed_back", row.title, "协商成果，单位都答复了", _page(row.pk), "反馈委员", None, row.on)


def _to_look_back(row: Any) -> Todo:
    return Todo("consultations.look_back", row.title, "协商成果", _page(row.pk), "回头看", row.due, None)


def _page(pk: int) -> str:
    return reverse("consultations:outcome", args=[pk])


def name(row: Consultation) -> tuple[str, str]:
    """A session in words for those who may see it."""
    return f"{row.get_form_display()}《{row.title}》", row.get_absolute_url()


def register() -> None:
    """Put the links into the menu, what waits onto the first page, and micro-consultations on the way of matters."""
    link = navigation.register
    link(GROUP, "协商", "consultations:list", show=takes_part, order=10)
    link(GROUP, "协商成果", "consultations:outcomes", show=reads_outcomes, order=12)
    link(GROUP, "年度协商计划", "consultations:plans", order=20)
    link(GROUP, "登记微协商", "consultations:micro", show=runs_studio, order=30)
    link(
        GROUP, "答复采纳情况", "consultations:uptakes", show=lambda user: bool(user.unit_ids()), badge=uptake_count, order=40
    )  # fmt: skip
    link(GROUP, "采纳转化", "consultations:uptakes", show=watches, order=41)
    todos.provide(waiting)
    handover.name_with(LABEL, name)
    matter_onward.register(Onward(Matter.Route.TO_MICRO, LABEL, "开微协商", "consultations:micro", runs_studio))
