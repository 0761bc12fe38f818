"""Prepare a session 会前准备: the team and its visits, things to do; members and units answer the notice."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.models import Consultation, ConsultationStatus, Delegation, Task, TeamMember, Visit
from consultations.services.sessions import lock
from core import audit, workflow
from core.acts import words
from core.errors import Refusal
from members.models import Attendance, HandlingUnit, Member
from members.services import activities, attendance

MOST_TEAM, MOST_TASKS, MOST_VISITS = 60, 60, 60


@transaction.atomic
def set_team(row: Consultation, member_ids: Collection[int], *, actor: Any, leader_id: int | None = None) -> int:
    """Who does the research 调研组, and who leads it; whoever is not named any more leaves the team."""
    current = _prepared(row, actor)
    wanted = list(dict.fromkeys(pk for pk in [leader_id, *member_ids] if pk))
    if len(wanted) > MOST_TEAM:
        raise Refusal(f"调研组最多{MOST_TEAM}人。", field="names")
    known = set(Member.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    if leader_id and leader_id not in known:
        raise Refusal("组长不在委员名录里。", field="leader")
    current.team.all().delete()
    TeamMember.objects.bulk_create(
        [TeamMember(consultation=current, member_id=pk, leads=pk == leader_id) for pk in wanted if pk in known]
    )
    _log(current, f"调研组{len(known)}人", actor)
    return len(known)


@transaction.atomic
def add_visit(row: Consultation, *, actor: Any, on: date, place: str, findings: str = "") -> Visit:
    """Write down a visit: planned, or made with what was found."""
    current = _prepared(row, actor)
    if current.visits.count() >= MOST_VISITS:
        raise Refusal(f"一场协商最多登记{MOST_VISITS}次调研。")
    visit = Visit.objects.create(
        consultation=current, on=on, place=words(place, "去哪里", field_name="place", limit=120), findings=findings.strip(),
        made_by=actor,
    )  # fmt: skip
    _log(current, f"登记调研：{visit.place}", actor)
    return visit


@transaction.atomic
def change_visit(visit: Visit, *, actor: Any, on: date, place: str, findings: str = "") -> Visit:
    """Correct a visit, or add what was found."""
    current = _prepared(visit.consultation, actor)
    found = _still(current.visits.filter(pk=visit.pk).first())
    found.on, found.place = on, words(place, "去哪里", field_name="place", limit=120)
    found.findings = findings.strip()
    found.save()
    _log(current, f"改了调研：{found.place}", actor)
    return found


@transaction.atomic
def remove_visit(visit: Visit, *, actor: Any) -> None:
    """Take a visit away that was not made."""
    current = _prepared(visit.consultation, actor)
    if current.visits.filter(pk=visit.pk).delete()[0]:
        _log(current, f"去掉调研：{visit.place}", actor)


@transaction.atomic
def add_task(row: Consultation, *, actor: Any, text: str) -> Task:
    """Write down one more thing to do; the same words stand once."""
    current = _prepared(row, actor)
    text = words(text, "要办的事", field_name="text", limit=120)
    if current.tasks.count() >= MOST_TASKS:
        raise Refusal(f"准备事项最多{MOST_TASKS}项。")
    try:
        with transaction.atomic():
            return Task.objects.create(consultation=current, text=text)
    except IntegrityError:
        return current.tasks.get(text=text)


@transaction.atomic
def tick(task: Task, *, actor: Any, done: bool) -> Task:
    """It is done, or not yet after all."""
    current = _prepared(task.consultation, actor)
    found = _still(current.tasks.filter(pk=task.pk).first())
    if bool(found.done_on) != done:
        found.done_on, found.done_by = (timezone.localdate(), actor) if done else (None, None)
        found.save(update_fields=["done_on", "done_by"])
        _log(current, f"{'办好' if done else '重新要办'}：{found.text}", actor)
    return found


@transaction.atomic
def remove_task(task: Task, *, actor: Any) -> None:
    """Strike something off that need not be done."""
    current = _prepared(task.consultation, actor)
    current.tasks.filter(pk=task.pk).delete()


# --- Answers to the notice ----------------------------------------------------------------------


@transaction.atomic
def answer(row: Consultation, *, actor: Any, comes: bool, reason: str = "") -> Attendance:
    """A member answers on the session's page: he comes, or asks for leave with a reason.

    After the day moved the same answer confirms the one he gave before.
    """
    current = lock(row)
    if current.activity is None:
        raise Refusal("您不在这场协商的名单里。")
    activity = activities.lock(current.activity.pk)
    mine = activity.attendances.filter(member_id=actor.member_id or 0).first()
    if mine is not None and must_confirm(current, mine.changed_at) and current.status == ConsultationStatus.NOTIFIED:
        State = Attendance.State  # noqa: N806
        keeps = mine.state == State.COMING if comes else mine.state in (State.ON_LEAVE, State.LEAVE_ASKED)
        if keeps:
            mine.changed_at = timezone.now()
            mine.save(update_fields=["changed_at"])
            audit.record(verb="activity.confirmed", summary="改期后再确认", actor=actor, subject=mine, root=activity)
            return mine
    if comes:
        return attendance.come(activity, actor=actor)
    return attendance.ask_leave(activity, actor=actor, reason=reason)


@transaction.atomic
def delegate(
    row: Consultation, unit: HandlingUnit, *, actor: Any, comes: bool, people: str = "", reason: str = ""
) -> Delegation:
    """An invited unit names whom it sends, or says why nobody comes; again replaces the answer."""
    current = lock(row)
    if unit.pk not in actor.unit_ids() or not current.units.filter(pk=unit.pk).exists():
        raise Refusal("这场协商没有请您的单位。")
    if current.status != ConsultationStatus.NOTIFIED:
        raise Refusal(f"协商现在是“{current.get_status_display()}”，不能再回复。")
    if comes:
        values = {"people": words(people, "派谁参加", field_name="people", limit=300), "reason": ""}
    else:
        values = {"people": "", "reason": words(reason, "不能参加的原因", field_name="reason", limit=300)}
    made, _ = Delegation.objects.update_or_create(
        consultation=current, unit=unit,
        defaults={**values, "comes": comes, "answered_at": timezone.now(), "answered_by": actor},
    )  # fmt: skip
    _log(current, f"{unit}：{'派' + made.people if comes else '不能参加'}", actor, reason=values["reason"])
    return made


def must_confirm(row: Consultation, answered_at: Any) -> bool:
    """Whether an answer was given for a day that is another now."""
    return bool(row.moved_at and answered_at and answered_at < row.moved_at)


# --- Small parts --------------------------------------------------------------------------------


def _prepared(row: Consultation, actor: Any) -> Consultation:
    """The locked session, for whoever runs it and as long as it lies ahead."""
    current = lock(row)
    if problem := workflow.refusal(current, "prepare", actor):
        raise Refusal(problem)
    return current


def _still(found: Any) -> Any:
    if found is None:
        raise Refusal("这一条刚被去掉了，请刷新后再看。")
    return found


def _log(current: Consultation, summary: str, actor: Any, *, reason: str = "") -> None:
    audit.record(
        verb="consultation.prepare", summary=summary[:200], actor=actor, subject=current, root=current, reason=reason
    )
