"""Who reads the materials 会议材料 of a session: those invited, those who run it, and leaders; nobody else.

That a session was held everybody may know; its papers, its record and who came are for those who take part.
"""

from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from consultations.models import Consultation, ConsultationStatus, Speech, TeamMember
from core import attachments
from members.activities.access import run_bodies
from members.models import Attendance, Role

ENTITLED = (Role.LIAISON, Role.LEADER, Role.DISTRICT_LEADER)


def with_own_part(rows: QuerySet, user: Any) -> QuerySet:
    """Sessions that know already whether this person takes part, so that asking costs no query."""
    mine = Q(pk__in=[])
    told = ~Q(status=ConsultationStatus.PLANNED)
    if user.member_id:
        invited = Attendance.objects.filter(activity=OuterRef("activity"), member_id=user.member_id)
        mine |= told & Q(Exists(invited))
        mine |= Q(Exists(TeamMember.objects.filter(consultation=OuterRef("pk"), member_id=user.member_id)))
    if units := user.unit_ids():
        asked = Consultation.units.through.objects.filter(consultation=OuterRef("pk"), handlingunit__in=units)
        mine |= told & Q(Exists(asked))
    return rows.annotate(own_part=ExpressionWrapper(mine, BooleanField()))


def takes_part(user: Any, row: Consultation) -> bool:
    """Whether ``user`` may read what belongs to the session; two queries at most."""
    if user.has_role(*ENTITLED) or row.made_by_id == user.pk or row.organizer_id in run_bodies(user):
        return True
    if hasattr(row, "own_part"):
        return bool(row.own_part)
    told = row.status != ConsultationStatus.PLANNED
    if user.member_id:
        if told and row.activity and row.activity.attendances.filter(member_id=user.member_id).exists():
            return True
        if row.team.filter(member_id=user.member_id).exists():
            return True
    units = user.unit_ids()
    return bool(told and units and row.units.filter(pk__in=units).exists())


def reads_speech(user: Any, speech: Speech) -> bool:
    """Whoever takes part reads what is spoken; what was handed in is for its author and those who run the session."""
    row = speech.consultation
    if user.member_id and speech.member_id == user.member_id:
        return takes_part(user, row)
    if speech.way == Speech.Way.WRITTEN and row.status in (ConsultationStatus.PLANNED, ConsultationStatus.NOTIFIED):
        return user.has_perm("consultations.run", row)
    return takes_part(user, row)


def register() -> None:
    """Files of sessions and speeches are read by this rule alone."""
    attachments.readable("consultations.consultation", takes_part)
    attachments.readable("consultations.speech", reads_speech, root=lambda speech: speech.consultation)
