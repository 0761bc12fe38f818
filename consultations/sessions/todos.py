"""What waits because of sessions 待办: answers of members and units, papers to hand in, sessions to end."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from consultations.models import Consultation, ConsultationStatus, Delegation, Speech
from core import todos
from core.todos import Rows, Todo
from members.activities.access import run_bodies
from members.demo import parts as demo_parts
from members.models import Attendance, Role

STATE = Attendance.State
ANSWERED = (STATE.COMING, STATE.ON_LEAVE, STATE.LEAVE_ASKED)
COLUMNS = {"pk": "pk", "title": "title", "form": "form", "on": "on", "place": "place"}


def waiting(user: Any, today: date) -> Iterable[Rows]:
    """For members, units and those who run sessions; rows that cost the first page no query of their own."""
    ahead = Consultation.objects.filter(status=ConsultationStatus.NOTIFIED, on__gte=today)
    if user.member_id and user.has_role(Role.MEMBER, Role.CONVENER):
        yield Rows(_unanswered(ahead, user).order_by("on"), COLUMNS, _answer, days=("on",), most=20)
        mine = Speech.objects.filter(
            member_id=user.member_id, way=Speech.Way.SPOKEN, handed_in_at__isnull=True, text="",
            consultation__status=ConsultationStatus.NOTIFIED, consultation__on__gte=today,
        )  # fmt: skip
        columns = {"pk": "consultation_id", "title": "consultation__title", "on": "consultation__on"}
        yield Rows(mine.order_by("consultation__on"), columns, _paper, days=("on",), most=20)
    if units := user.unit_ids():
        answered = Delegation.objects.filter(consultation=OuterRef("pk"), unit__in=units)
        fresh = answered.filter(
            Q(consultation__moved_at__isnull=True) | Q(answered_at__gte=F("consultation__moved_at"))
        )
        asked = Consultation.units.through.objects.filter(handlingunit__in=units).values("consultation_id")
        yield Rows(
            ahead.filter(pk__in=asked).exclude(Exists(fresh)).order_by("on"), COLUMNS, _delegate, days=("on",), most=20
        )
    if user.has_role(Role.LIAISON, Role.COMMITTEE, Role.CONVENER):
        past = Consultation.objects.filter(status__in=("planned", "notified"), on__lt=today)
        if not user.has_role(Role.LIAISON):
            past = past.filter(organizer__in=run_bodies(user))
        yield Rows(past.order_by("on"), COLUMNS, _hold, days=("on",), most=20)


def _unanswered(ahead: Any, user: Any) -> Any:
    """Sessions for which the member has not answered, or not again since the day moved."""
    mine = Attendance.objects.filter(activity=OuterRef("activity"), member_id=user.member_id)
    open_ = mine.filter(Q(state=STATE.INVITED) | Q(state__in=ANSWERED, changed_at__lt=OuterRef("moved_at")))
    return ahead.filter(Exists(open_))


def _page(row: Any) -> str:
    return Consultation(pk=row.pk).get_absolute_url()


def _form(row: Any) -> str:
    return str(Consultation.Form(row.form).label)


def _answer(row: Any) -> Todo:
    return Todo("请您参加", row.title, f"{_form(row)}，{row.place}".rstrip("，"), _page(row), "回复参加或请假", row.on)


def _paper(row: Any) -> Todo:
    return Todo("发言材料", row.title, "您列入了会上发言", f"{_page(row)}#hand-in", "交发言材料", row.on)


def _delegate(row: Any) -> Todo:
    return Todo("请派人参加", row.title, f"{_form(row)}，{row.place}".rstrip("，"), _page(row), "回复派谁参加", row.on)


def _hold(row: Any) -> Todo:
    return Todo("consultations.hold", row.title, _form(row), _page(row), "登记举行", None, row.on)


def register() -> None:
    """Let the first page ask, and give the demo world its sessions."""
    from consultations.sessions import demo as session_demo

    todos.provide(waiting)
    demo_parts.add("sessions", session_demo.seed)
