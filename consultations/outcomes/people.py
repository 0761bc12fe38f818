"""Who is told about an outcome 成果告知谁: those who took part hear what came of it, those who run it hear of answers."""

from django.db.models import Q

from consultations.models import Consultation, Opinion, OpinionStatus, Outcome, Speech
from members.models import Attendance, Member, Role, RoleGrant, User


def heard(outcome: Outcome) -> list[int]:
    """Accounts of the members who came, spoke, handed in something, or whose opinion online was shown."""
    session = outcome.consultation
    shown = Opinion.objects.filter(
        deliberation__consultation=session, status__in=(OpinionStatus.PUBLISHED, OpinionStatus.MERGED)
    )
    who = Q(pk__in=Speech.objects.filter(consultation=session).values("member")) | Q(pk__in=shown.values("member"))
    if session.activity_id:
        came = Attendance.objects.filter(activity=session.activity_id, state=Attendance.State.PRESENT)
        who |= Q(pk__in=came.values("member"))
    members = Member.objects.filter(who).values("pk")
    return list(User.objects.filter(is_active=True, member__in=members).values_list("pk", flat=True).distinct())


def runners(session: Consultation) -> list[int]:
    """Accounts of those who run the session's body; the liaison office where it has none."""
    grants = RoleGrant.objects.filter(user__is_active=True, body__isnull=False, body=session.organizer_id)
    found = set(grants.filter(role__in=(Role.COMMITTEE, Role.CONVENER)).values_list("user", flat=True))
    return sorted(found) or office()


def office() -> list[int]:
    """Accounts of the liaison office."""
    rows = User.objects.filter(is_active=True, role_grants__role=Role.LIAISON)
    return list(rows.distinct().values_list("pk", flat=True))
