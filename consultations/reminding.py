"""Who is told of a term of a consultation 提醒对象."""

from consultations import terms
from consultations.models import Consultation, ConsultationStatus, Outcome, Speech, Uptake
from consultations.outcomes.people import office, runners
from core import deadlines, reminders
from core.models import Deadline
from core.reminders import Line
from members.models import Role, User


def register() -> None:
    """Keep the nearest term on each session, and answer who is told."""
    deadlines.watch(terms.ROOT, terms.keep_next_due)
    reminders.resolve_with(terms.ROOT, lines)
    reminders.resolve_with(terms.OUTCOME, follow_up_lines)


def lines(rows: list[Deadline]) -> dict[int, Line]:
    """Who is told of these deadlines by level.

    Of an uptake first the unit's operators, then its leader, then the inspection office; of a session whoever
    runs its body, then the liaison office; of papers also the speakers whose text is not in yet.
    """
    sessions = Consultation.objects.only("title", "organizer_id").in_bulk({row.root_id for row in rows})
    asked = [row.subject_id for row in rows if row.subject_type == terms.UPTAKE]
    uptakes = Uptake.objects.select_related("outcome").defer("text", "outcome__text").in_bulk(asked)
    inspection, liaison = _with_role(Role.INSPECTION), office()
    units = {pk: _levels_of(pk, inspection) for pk in {uptake.unit_id for uptake in uptakes.values()}}
    bodies: dict[int | None, list[int]] = {}
    awaited = _awaited([row.root_id for row in rows if row.kind == terms.PAPERS])
    found: dict[int, Line] = {}
    for row in rows:
        session = sessions.get(row.root_id)
        if session is None:
            continue
        uptake = uptakes.get(row.subject_id) if row.subject_type == terms.UPTAKE else None
        if uptake is not None:
            line = Line(f"协商成果《{uptake.outcome.title}》", uptake.get_absolute_url(), units[uptake.unit_id])
        else:
            speakers = awaited.get(session.pk, []) if row.kind == terms.PAPERS else []
            people = {1: [*_runners(session, bodies), *speakers], 2: liaison, 3: []}
            line = Line(f"协商《{session.title}》", session.get_absolute_url(), people)
        found[row.pk] = line
    return found


def follow_up_lines(rows: list[Deadline]) -> dict[int, Line]:
    """Who looks back: whoever runs the session, later also the liaison office."""
    outcomes = Outcome.objects.select_related("consultation").defer("text").in_bulk({row.root_id for row in rows})
    liaison = office()
    bodies: dict[int | None, list[int]] = {}
    found: dict[int, Line] = {}
    for row in rows:
        if (outcome := outcomes.get(row.root_id)) is not None:
            people = {1: _runners(outcome.consultation, bodies), 2: liaison, 3: []}
            found[row.pk] = Line(f"协商成果《{outcome.title}》", outcome.get_absolute_url(), people)
    return found


def _awaited(session_ids: list[int]) -> dict[int, list[int]]:
    """Accounts of the members who are to speak at these sessions, know so, and have not handed in their text."""
    rows = Speech.objects.filter(
        consultation__in=session_ids, consultation__status=ConsultationStatus.NOTIFIED, way=Speech.Way.SPOKEN,
        handed_in_at__isnull=True, text="", member__user__is_active=True,
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    for session_id, user_id in rows.values_list("consultation_id", "member__user_id"):
        found.setdefault(session_id, []).append(user_id)
    return found


def _runners(session: Consultation, known: dict[int | None, list[int]]) -> list[int]:
    if session.organizer_id not in known:
        known[session.organizer_id] = runners(session)
    return known[session.organizer_id]


def _levels_of(unit_id: int, inspection: list[int]) -> dict[int, list[int]]:
    leaders = _with_role(Role.UNIT_LEADER, unit_id)
    return {1: _with_role(Role.UNIT_OPERATOR, unit_id) or leaders, 2: leaders, 3: inspection}


def _with_role(role: str, unit_id: int | None = None) -> list[int]:
    rows = User.objects.filter(is_active=True, role_grants__role=role)
    if unit_id is not None:
        rows = User.objects.filter(is_active=True, role_grants__role=role, role_grants__unit=unit_id)
    return list(rows.distinct().values_list("pk", flat=True))
