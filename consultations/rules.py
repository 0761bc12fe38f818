"""Who may do what with consultations: django-rules predicates (domain rules §8)."""

import rules

from consultations.models import WATCHERS
from consultations.models.plans import PLAN_READERS
from members.activities.access import run_bodies
from members.models import Role


@rules.predicate
def is_liaison(user) -> bool:
    """The members' liaison office, which keeps the plan."""
    return user.has_role(Role.LIAISON)


@rules.predicate
def runs_a_body(user) -> bool:
    """Staff of a special committee, or a studio's convener."""
    return bool(run_bodies(user))


@rules.predicate
def runs_it(user, consultation) -> bool:
    """Whoever runs the body that holds it."""
    return (
        consultation is not None and bool(consultation.organizer_id) and consultation.organizer_id in run_bodies(user)
    )


@rules.predicate
def runs_its_session(user, outcome) -> bool:
    """Whoever runs the session of an outcome."""
    return outcome is not None and runs_it(user, outcome.consultation)


@rules.predicate
def answers_for_unit(user, uptake) -> bool:
    """Operator or leader of the unit that is to take it up."""
    return uptake is not None and uptake.unit_id in user.unit_ids()


@rules.predicate
def put_it_in(user, topic) -> bool:
    """Whoever put a topic in from this account."""
    return topic is not None and topic.user_id is not None and topic.user_id == user.pk


@rules.predicate
def may_suggest(user) -> bool:
    """Members, and whoever acts for a body or a unit; the liaison office enters what came on paper."""
    return user.has_role(Role.MEMBER, Role.LIAISON) or bool(user.unit_ids()) or bool(user.body_ids)


@rules.predicate
def reads_plans(user) -> bool:
    """Whoever reads plans before their issue, and with them the board."""
    return user.has_role(*PLAN_READERS)


@rules.predicate
def reads_notes(user, outcome) -> bool:
    """Leaders and the offices that report to them, and whoever runs the session; units read what goes along to them."""
    return user.has_role(*WATCHERS)


rules.add_perm("consultations.manage_plan", is_liaison)
rules.add_perm("consultations.suggest", may_suggest)
rules.add_perm("consultations.own_topic", put_it_in)
rules.add_perm("consultations.see_board", reads_plans)
rules.add_perm("consultations.see_contact", is_liaison)
rules.add_perm("consultations.add", is_liaison | runs_a_body)
rules.add_perm("consultations.run", is_liaison | runs_it)
rules.add_perm("consultations.write_outcome", is_liaison | runs_its_session)
rules.add_perm("consultations.see_notes", reads_notes | runs_its_session)
rules.add_perm("consultations.answer", answers_for_unit)
rules.add_perm("consultations.import_paper", is_liaison)
