"""Who may do what with people, studios, activities and scores: django-rules predicates (domain rules §8)."""

import rules

from members.matter_access import convened
from members.models import Role


@rules.predicate
def is_liaison(user) -> bool:
    """Staff of the members' liaison office 委员联络室."""
    return user.has_role(Role.LIAISON)


@rules.predicate
def is_leader(user) -> bool:
    """A leader of the committee."""
    return user.has_role(Role.LEADER)


@rules.predicate
def convenes(user, studio) -> bool:
    """The convener of this studio, by post or by granted role."""
    if studio is None:
        return False
    by_post = bool(studio.convener_id) and studio.convener_id == user.member_id
    return by_post or studio.pk in convened(user)


@rules.predicate
def acts_for_organizer(user, activity) -> bool:
    """Staff of the special committee or other body that runs this activity."""
    return activity is not None and bool(activity.organizer_id) and activity.organizer_id in user.body_ids


rules.add_perm("members.manage_people", is_liaison)
rules.add_perm("members.manage_studio", is_liaison | convenes)
rules.add_perm("members.plan_activity", is_liaison | rules.predicate(lambda user: user.has_role(Role.COMMITTEE)))
rules.add_perm("members.run_activity", is_liaison | acts_for_organizer)
rules.add_perm("members.verify_report", is_liaison)
rules.add_perm("members.see_rankings", is_liaison | is_leader)
rules.add_perm("members.manage_scores", is_liaison)
