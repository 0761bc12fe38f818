"""Who is told of a term of a consultation 提醒对象."""

from consultations import terms
from consultations.effects import units_of
from consultations.models import Consultation, Uptake
from core import deadlines, reminders
from core.models import Deadline
from core.reminders import Line
from members.models import Role, RoleGrant, User

UPTAKE = "consultations.uptake"


def register() -> None:
    """Keep the nearest term on each session, and answer who is told."""
    deadlines.watch(terms.ROOT, terms.keep_next_due)
    reminders.resolve_with(terms.ROOT, lines)


def lines(rows: list[Deadline]) -> dict[int, Line]:
    """Who is told of these deadlines by level: the unit that answers, or whoever runs the session's body."""
    sessions = Consultation.objects.only("title", "organizer_id").in_bulk({row.root_id for row in rows})
    uptakes = Uptake.objects.in_bulk([row.subject_id for row in rows if row.subject_type == UPTAKE])
    office = _with_role(Role.LIAISON)
    inspection = _with_role(Role.INSPECTION)
    units = {uptake.unit_id: units_of([uptake.unit_id]) for uptake in uptakes.values()}
    bodies: dict[int, list[int]] = {}
    grants = RoleGrant.objects.filter(body__in={row.organizer_id for row in sessions.values()}, user__is_active=True)
    for body_id, user_id in grants.values_list("body_id", "user_id"):
        bodies.setdefault(body_id, []).append(user_id)
    found: dict[int, Line] = {}
    for row in rows:
        session = sessions.get(row.root_id)
        if session is None:
            continue
        uptake = uptakes.get(row.subject_id) if row.subject_type == UPTAKE else None
        if uptake is not None:
            people = {1: units[uptake.unit_id], 2: units[uptake.unit_id], 3: inspection}
        else:
            people = {1: bodies.get(session.organizer_id, office), 2: office, 3: []}
        found[row.pk] = Line(f"协商《{session.title}》", session.get_absolute_url(), people)
    return found


def _with_role(role: str) -> list[int]:
    rows = User.objects.filter(is_active=True, role_grants__role=role)
    return list(rows.distinct().values_list("pk", flat=True))
