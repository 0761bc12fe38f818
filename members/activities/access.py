"""Who may see and run which activities 履职活动 and research topics 调研课题: the start of every list and count."""

from typing import TYPE_CHECKING

from django.db.models import Q

from members.models.accounts import Role

if TYPE_CHECKING:
    from members.models.activities import ActivityQuerySet, TopicQuerySet

SEES_ALL = (Role.LIAISON, Role.LEADER)
"""The members' liaison office, which runs them all, and the committee's leaders."""

RUNS_BODIES = (Role.COMMITTEE, Role.CONVENER)
"""Roles that run the activities of the body for which they are granted."""

CLOSED_TO_MEMBERS = ("planned",)
"""States in which those invited do not see an activity yet."""


def run_bodies(user) -> frozenset[int]:
    """Ids of the bodies whose activities ``user`` runs: committees by role, studios by role or by post.

    Remembered with the user; one query for members who convene a studio, none for others.
    """
    if "run_bodies" not in user.__dict__:
        bodies = {grant.body_id for grant in user.grants if grant.role in RUNS_BODIES and grant.body_id}
        if user.has_role(Role.MEMBER, Role.CONVENER) and user.member_id:
            bodies.update(user.convened_by_post)
        user.__dict__["run_bodies"] = frozenset(bodies)
    return user.__dict__["run_bodies"]


def committee_bodies(user) -> frozenset[int]:
    """Ids of the special committees for which ``user`` is staff."""
    return frozenset(grant.body_id for grant in user.grants if grant.role == Role.COMMITTEE and grant.body_id)


def visible(activities: "ActivityQuerySet", user) -> "ActivityQuerySet":
    """Those of the bodies one runs, those one is invited to or took part in, one's own reports, open sign-ups."""
    if user.has_role(*SEES_ALL):
        return activities
    mine = Q(pk__in=[])
    if bodies := run_bodies(user):
        mine |= Q(organizer_id__in=bodies)
    if user.has_role(Role.MEMBER, Role.CONVENER) and user.member_id:
        from members.models.activities import Attendance

        part = Attendance.objects.filter(member_id=user.member_id).values("activity_id")
        told = ~Q(status__in=CLOSED_TO_MEMBERS)
        mine |= Q(reported_by_id=user.member_id) | told & Q(pk__in=part)
        mine |= Q(status="notified", sign_up_until__isnull=False)
    return activities.filter(mine)


def visible_topics(topics: "TopicQuerySet", user) -> "TopicQuerySet":
    """All for the offices, leaders and committees' staff; for members those in whose team they are."""
    if user.has_role(*SEES_ALL, Role.COMMITTEE):
        return topics
    mine = Q(pk__in=[])
    if user.has_role(Role.MEMBER, Role.CONVENER) and user.member_id:
        from members.models.activities import ResearchTopic

        team = ResearchTopic.team.through.objects.filter(member_id=user.member_id)
        mine |= Q(pk__in=team.values("researchtopic_id")) | Q(leader_id=user.member_id)
    return topics.filter(mine)
