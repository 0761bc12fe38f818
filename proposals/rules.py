"""Who may do what to proposals, tasks and replies: django-rules predicates, role × relation (domain rules §8)."""

import rules

from members.models import Role

CLERK, CHIEF = Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF


@rules.predicate
def is_proposals_office(user) -> bool:
    """The proposals committee's staff or head."""
    return user.has_role(CLERK, CHIEF)


@rules.predicate
def is_proposals_chief(user) -> bool:
    """The head of the proposals committee."""
    return user.has_role(CHIEF)


@rules.predicate
def is_inspection(user) -> bool:
    """Staff of an inspection office."""
    return user.has_role(Role.INSPECTION)


@rules.predicate
def is_first_proposer(user, proposal) -> bool:
    """The first proposer, the contact of the proposing body, or the office that entered it from paper."""
    if proposal is None:
        return False
    if proposal.created_by_id == user.pk and proposal.status in ("draft", "cosigning", "returned"):
        return True
    first = next((row for row in proposal.proposers.all() if row.order == 0), None)
    if first is None:
        return False
    return bool((first.member_id and first.member_id == user.member_id) or first.body_id in user.body_ids)


@rules.predicate
def is_proposer(user, proposal) -> bool:
    """Any confirmed proposer of the case."""
    if proposal is None:
        return False
    return any(
        row.state == "confirmed"
        and ((row.member_id and row.member_id == user.member_id) or (row.body_id and row.body_id in user.body_ids))
        for row in proposal.proposers.all()
    )


@rules.predicate
def is_draft_author(user, proposal) -> bool:
    """Whoever may still change the text: its proposer or the staff who entered it."""
    return is_first_proposer(user, proposal)


@rules.predicate
def is_task_operator(user, task) -> bool:
    """A desk officer or the leader of the unit that has the task."""
    return task is not None and task.unit_id in user.unit_ids()


@rules.predicate
def is_task_leader(user, task) -> bool:
    """The leader of the unit that has the task."""
    return task is not None and task.unit_id in user.unit_ids(Role.UNIT_LEADER)


@rules.predicate
def is_reply_operator(user, reply) -> bool:
    """A desk officer or the leader of the unit that replies."""
    return reply is not None and is_task_operator(user, reply.task)


@rules.predicate
def is_reply_leader(user, reply) -> bool:
    """The leader 主要负责人 of the unit that replies."""
    return reply is not None and is_task_leader(user, reply.task)


@rules.predicate
def may_propose(user) -> bool:
    """Members, contacts of bodies, conveners, and staff on somebody's behalf."""
    return user.has_role(Role.MEMBER, Role.BODY_CONTACT, Role.CONVENER, CLERK, CHIEF)


@rules.predicate
def sees_figures(user) -> bool:
    """Whoever reads the leadership page."""
    return user.has_role(Role.LEADER, Role.DISTRICT_LEADER, CLERK, CHIEF, Role.INSPECTION, Role.COMMITTEE)


rules.add_perm("proposals.add_proposal", may_propose)
rules.add_perm("proposals.write_draft", is_draft_author)
rules.add_perm("proposals.submit", is_first_proposer)
rules.add_perm("proposals.review", is_proposals_office)
rules.add_perm("proposals.assign", is_proposals_office | is_inspection)
rules.add_perm("proposals.withdraw", is_first_proposer | is_proposals_office)
rules.add_perm("proposals.approve_withdrawal", is_proposals_chief)
rules.add_perm("proposals.answer_feedback", is_proposer)
rules.add_perm("proposals.enter_feedback", is_proposals_office)
rules.add_perm("proposals.archive", is_proposals_office)
rules.add_perm("proposals.edit_wording", is_proposals_office)
rules.add_perm("proposals.mark_key", is_proposals_chief)
rules.add_perm("proposals.mark_excellent", is_proposals_office)
rules.add_perm("proposals.publish", is_proposals_office)
rules.add_perm("proposals.record_promise", is_proposals_office)
rules.add_perm("proposals.see_figures", sees_figures)
rules.add_perm("proposals.work_task", is_task_operator)
rules.add_perm("proposals.lead_task", is_task_leader)
rules.add_perm("proposals.decide_task", is_inspection)
rules.add_perm("proposals.urge", is_inspection | is_proposals_office)
rules.add_perm("proposals.approve_extension", is_inspection | is_proposals_office)
rules.add_perm("proposals.write_reply", is_reply_operator)
rules.add_perm("proposals.sign_reply", is_reply_leader)
rules.add_perm("proposals.check_reply", is_inspection)
rules.add_perm("core.change_option", is_proposals_chief | rules.predicate(lambda u: u.has_role(Role.SECADMIN)))
rules.add_perm("core.import_papers", is_proposals_office)
