"""Who may do what with people, studios, activities and scores: django-rules predicates (domain rules §8)."""

import rules

from members.activities.access import committee_bodies, run_bodies
from members.matters.access import convened
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
def is_proposals_office(user) -> bool:
    """Staff of the proposals committee 提案委."""
    return user.has_role(Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)


@rules.predicate
def is_proposals_chief(user) -> bool:
    """The head of the proposals committee 提案委主任."""
    return user.has_role(Role.PROPOSAL_CHIEF)


@rules.predicate
def convenes(user, studio) -> bool:
    """The convener of this studio, by post or by granted role."""
    if studio is None:
        return False
    by_post = bool(studio.convener_id) and studio.convener_id == user.member_id
    return by_post or studio.pk in convened(user)


@rules.predicate
def acts_for_organizer(user, activity) -> bool:
    """Staff of the special committee, or convener of the studio, that runs this activity."""
    return activity is not None and bool(activity.organizer_id) and activity.organizer_id in run_bodies(user)


@rules.predicate
def staff_of_organizer(user, activity) -> bool:
    """Staff of the special committee that runs this activity."""
    return activity is not None and bool(activity.organizer_id) and activity.organizer_id in committee_bodies(user)


@rules.predicate
def reported_it(user, activity) -> bool:
    """The member who reported this activity himself."""
    return activity is not None and bool(activity.reported_by_id) and activity.reported_by_id == user.member_id


@rules.predicate
def staff_of_topic(user, topic) -> bool:
    """Staff of the special committee that does this research topic."""
    return topic is not None and bool(topic.body_id) and topic.body_id in committee_bodies(user)


rules.add_perm("members.manage_people", is_liaison)
rules.add_perm("members.release_photos", is_liaison)
rules.add_perm("members.import_rolls", is_liaison | is_proposals_office)
rules.add_perm("members.manage_party", is_liaison)
rules.add_perm("members.see_party", is_liaison | is_leader)
rules.add_perm("members.manage_terms", is_liaison | is_proposals_chief)
rules.add_perm("members.manage_studio", is_liaison | convenes)
rules.add_perm("members.plan_activity", is_liaison | rules.predicate(lambda user: bool(run_bodies(user))))
rules.add_perm("members.run_activity", is_liaison | acts_for_organizer)
rules.add_perm("members.verify_report", is_liaison | staff_of_organizer)
rules.add_perm("members.write_report", reported_it)
rules.add_perm("members.plan_topic", is_liaison | rules.predicate(lambda user: bool(committee_bodies(user))))
rules.add_perm("members.run_topic", is_liaison | staff_of_topic)
rules.add_perm("members.see_rankings", is_liaison | is_leader)
rules.add_perm("members.manage_scores", is_liaison)
