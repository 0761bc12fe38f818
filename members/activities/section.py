"""A member's activities of this year on his page 委员页: those that the reader may see."""

from django.utils import timezone

from core.navigation import address
from members.models import Member, User
from members.models.activities import Activity, Attendance
from members.people.sections import Section

SHOWN = 30


def activities_of(user: User, member: Member) -> Section:
    """This year's attendances with their activities, the newest first, at most thirty; one query."""
    year = timezone.localdate().year
    seen = Activity.objects.visible_to(user).exclude(status="cancelled")
    rows = (
        Attendance.objects.filter(member=member, activity__on__year=year, activity__in=seen)
        .select_related("activity")
        .defer("activity__text")
        .order_by("-activity__on", "-activity_id")
    )
    found = list(rows[: SHOWN + 1])
    more = address("members:activities", f"year={year}&member={member.code}") if len(found) > SHOWN else ""
    return Section(f"{year}年的活动", "members/activity_section.html", found[:SHOWN], more)
