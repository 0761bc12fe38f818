"""What the page of one session shows 协商一事一页: read once for everybody, then cut down to what the person may see."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from consultations.models import (
    Consultation,
    ConsultationStatus,
    Delegation,
    Outcome,
    Speech,
    TeamMember,
    Uptake,
    Visit,
)
from consultations.services.preparation import must_confirm
from consultations.sessions import access as session_access
from consultations.sessions import needs as session_needs
from consultations.sessions.forms import FILE_KINDS, DelegateForm, MaterialForm
from core import attachments, audit, handover, timeline, workflow
from core.models import Deadline, Handover
from members.activities.forms import LEAVE_REASONS
from members.activities.selectors import ATTENDANCE_KINDS
from members.activities.workflow import is_plenary
from members.models import Attendance, HandlingUnit, Role

STEPS = {f"consultation.{verb}" for verb in ("plan", "change", "notify", "hold", "report", "close", "cancel", "import")}
"""What everybody who takes part may know of the course of things; the rest is the office's work."""
AHEAD = (ConsultationStatus.PLANNED, ConsultationStatus.NOTIFIED)


@dataclass(frozen=True)
class UnitLine:
    """One invited unit and what it answered; ``again`` where it answered for another day."""

    unit: HandlingUnit
    answered: bool
    comes: bool
    people: str
    reason: str
    again: bool


def find(user: Any, pk: int) -> Any:
    """The session with all that its page counts, in one query; 404 where the person may not see it."""
    rows = Consultation.objects.visible_to(user)
    rows = rows.select_related("organizer", "plan_item__plan", "activity", "deliberation", "saved_by")
    visits = Visit.objects.filter(consultation=OuterRef("pk"))
    came = Handover.objects.filter(target_type="consultations.consultation", target_id=OuterRef("pk"))
    rows = session_access.with_own_part(rows, user).annotate(
        team_size=_number(TeamMember.objects.filter(consultation=OuterRef("pk"))), visits_planned=_number(visits),
        visits_made=_number(visits.exclude(findings="")), was_handed=Exists(came),
        has_outcomes=Exists(Outcome.objects.filter(consultation=OuterRef("pk"))),
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _number(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("consultation").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def context(request: HttpRequest, row: Any) -> dict[str, Any]:
    """Everything for the template; who does not take part gets no materials, speeches, record or log of work.

    ``row`` is what ``find`` gives.
    """
    user = request.user
    runs = user.has_perm("consultations.run", row)
    inside = session_access.takes_part(user, row)
    lines = _unit_lines(row)
    asks = runs and row.was_handed
    found: dict[str, Any] = {
        "row": row,
        "runs": runs,
        "inside": inside,
        "units": [line.unit for line in lines],
        "outcomes": _outcomes(request, row) if row.has_outcomes else [],
        "can": {move.verb: move for move in workflow.allowed(row, user)},
        "ahead": row.status in AHEAD,
        "about": session_needs.ABOUT[row.form],
        "came_from": [handover.named(obj) for obj in handover.sources_of(row)] if asks else [],
    }
    return found | _inside(request, row, runs, lines) if inside else found


def _inside(request: HttpRequest, row: Any, runs: bool, lines: list[UnitLine]) -> dict[str, Any]:
    """What only those who take part see."""
    user = request.user
    states, own = _attendance(row, user)
    given = Q(handed_in_at__isnull=False) | ~Q(text="")
    speeches = list(row.speeches.select_related("member").defer("text").annotate(given=given))
    spoken = [one for one in speeches if one.way == Speech.Way.SPOKEN]
    files = list(attachments.files_of(row))
    deadlines = list(Deadline.objects.of_case(row).filter(void=False))
    watches = runs or user.has_role(Role.LEADER, Role.DISTRICT_LEADER)
    shown = [one for one in deadlines if watches or one.kind != "notice"]
    seen = session_needs.Seen(
        team=row.team_size, visits=(row.visits_made, row.visits_planned), units=len(lines),
        files=sum(_kind(one) == "material" for one in files), speakers=spoken, deadlines=deadlines,
        has_window=row.form == "network" and hasattr(row, "deliberation"),
    )  # fmt: skip
    return {
        "deadlines": sorted(shown, key=lambda one: (one.met_on is not None, one.due, one.pk)),
        "timeline": _events(row, whole=watches),
        "files": [(label, [one for one in files if _kind(one) == kind]) for kind, label in FILE_KINDS],
        "has_files": bool(files),
        "speakers": spoken,
        "written": [one for one in speeches if one.way == Speech.Way.WRITTEN and _shown(one, row, user, runs)],
        "minutes_in_all": sum(one.minutes or 0 for one in spoken),
        "invited": sum(states.values()),
        "states": states,
        "calendar_url": reverse("consultations:calendar", args=[row.pk]) if row.status != "planned" else "",
        "needs": session_needs.needs_of(row, seen) if runs and row.status in AHEAD else [],
        "material_form": MaterialForm() if runs else None,
        **_answers(row, own),
        **_of_units(user, row, lines, runs),
    }


def _attendance(row: Consultation, user: Any) -> tuple[Counter[str], Attendance | None]:
    """How many stand how, and the person's own attendance; one query."""
    states: Counter[str] = Counter()
    own = None
    if row.activity:
        columns = ("member_id", "state", "changed_at", "reason")
        for member_id, state, changed_at, reason in row.activity.attendances.values_list(*columns):
            states[state] += 1
            if member_id == user.member_id:
                own = Attendance(
                    activity=row.activity, member_id=member_id, state=state, changed_at=changed_at, reason=reason
                )
    return states, own


def _answers(row: Consultation, own: Attendance | None) -> dict[str, Any]:
    """What the member himself may answer here."""
    told = row.status == ConsultationStatus.NOTIFIED and row.activity is not None
    return {
        "activity": row.activity,
        "own": own,
        "own_kind": ATTENDANCE_KINDS[own.state] if own else "",
        "may_answer": bool(told and own),
        "again": bool(told and own and own.state != Attendance.State.INVITED and must_confirm(row, own.changed_at)),
        "answer_url": reverse("consultations:answer", args=[row.pk]),
        "leave_reasons": LEAVE_REASONS,
        "plenary": is_plenary(row.activity) if row.activity else False,
        "shows_code": bool(told and own and row.activity.sign_in_open and own.state != "present"),
        "may_hand_in": bool(own and row.status not in ("planned", "closed", "cancelled")),
        "may_open_activity": row.activity is not None,
    }


def _unit_lines(row: Consultation) -> list[UnitLine]:
    """The invited units, each with its answer; one query."""
    answer = Delegation.objects.filter(consultation=row, unit=OuterRef("pk"))
    names = ("comes", "people", "reason", "answered_at")
    units: Any = row.units.annotate(**{f"told_{name}": Subquery(answer.values(name)[:1]) for name in names})
    return [
        UnitLine(
            unit, unit.told_answered_at is not None, bool(unit.told_comes), unit.told_people or "", unit.told_reason or "",
            must_confirm(row, unit.told_answered_at),
        )
        for unit in units
    ]  # fmt: skip


def _of_units(user: Any, row: Consultation, lines: list[UnitLine], runs: bool) -> dict[str, Any]:
    """Each unit's answer for those who run it; a unit sees its own and answers here."""
    mine = [line for line in lines if line.unit.pk in user.unit_ids()]
    form = None
    if mine and row.status == ConsultationStatus.NOTIFIED:
        first = next((line for line in mine if not line.answered or line.again), mine[0])
        initial = {"unit": first.unit.pk, "people": first.people, "reason": first.reason}
        form = DelegateForm(units=HandlingUnit.objects.filter(pk__in=[line.unit.pk for line in mine]), initial=initial)
    return {"unit_lines": lines if runs else mine, "delegate_form": form}


def _kind(file: Any) -> str:
    """Files that came before kinds were told apart are materials."""
    return file.kind if file.kind in dict(FILE_KINDS) else "material"


def _shown(one: Speech, row: Consultation, user: Any, runs: bool) -> bool:
    """Before the session what was handed in is for its author and those who run it."""
    return runs or row.status not in AHEAD or one.member_id == user.member_id


def _outcomes(request: HttpRequest, row: Consultation) -> list[Outcome]:
    """Outcomes that the person may read, each with what units answered."""
    answers = Prefetch("uptakes", Uptake.objects.select_related("unit").defer("text"), to_attr="answers")
    return list(Outcome.objects.visible_to(request.user).filter(consultation=row).prefetch_related(answers))


def _events(row: Consultation, *, whole: bool) -> list[dict[str, Any]]:
    """The log as ``components/_timeline.html`` takes it, the newest first; the steps alone where not the whole."""
    entries = timeline.latest_first(audit.timeline(row))
    return timeline.told(one for one in entries if whole or one.verb in STEPS and one.summary != "修改")
