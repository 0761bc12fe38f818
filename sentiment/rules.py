"""Who may do what with opinion reports: django-rules predicates, role × relation (domain rules §2 and §8)."""

import rules

from members.models import Role
from sentiment.models.queries import OUT

SUBMITTERS = (Role.MEMBER, Role.CONVENER, Role.BODY_CONTACT, Role.COMMITTEE, Role.INFORMANT)


def _has(*roles: str):
    return rules.predicate(lambda user: user.has_role(*roles), name="_".join(roles))


is_editor = _has(Role.INFO_EDITOR)
is_checker = _has(Role.INFO_CHECKER, Role.INFO_SIGNER, Role.INFO_EDITOR)
is_signer = _has(Role.INFO_SIGNER)
is_submitter = _has(*SUBMITTERS)


@rules.predicate
def is_author(user, report) -> bool:
    """Whoever wrote it, or is its first reporter (himself or by his body)."""
    if report is None:
        return False
    if report.created_by_id == user.pk:
        return True
    first = next((row for row in report.reporters.all() if row.order == 0), None)
    if first is None:
        return False
    named = (first.member_id and first.member_id == user.member_id) or first.user_id == user.pk
    return bool(named or (first.body_id and first.body_id in user.body_ids))


@rules.predicate
def edits_now(user, report) -> bool:
    """The editor while it is edited; whoever checks while it waits for the check."""
    if report is None:
        return False
    if report.status == report.Status.EDITED:
        return is_checker(user) and report.editor_id != user.pk
    return is_editor(user)


@rules.predicate
def answers_for_unit(user, forward) -> bool:
    """Operator or leader of the unit that it was sent to."""
    return forward is not None and forward.unit_id in user.unit_ids()


@rules.predicate
def author_of_forwarded(user, forward) -> bool:
    """The author of the report that was forwarded."""
    return forward is not None and is_author(user, forward.report)


@rules.predicate
def left_the_house(user, report) -> bool:
    """Once the report was issued."""
    return report is not None and report.status in OUT


rules.add_perm("sentiment.add_report", is_submitter | is_editor)
rules.add_perm("sentiment.write", is_author)
rules.add_perm("sentiment.edit", is_editor)
rules.add_perm("sentiment.edit_text", edits_now)
rules.add_perm("sentiment.check", is_checker)
rules.add_perm("sentiment.sign", is_signer)
rules.add_perm("sentiment.send_back", is_checker)
rules.add_perm("sentiment.issue", is_editor | is_signer)
rules.add_perm("sentiment.forward", is_editor | is_signer)
rules.add_perm("sentiment.publish", is_signer)
rules.add_perm("sentiment.record_aftermath", is_editor | is_signer)
rules.add_perm("sentiment.write_note", _has(Role.LEADER, Role.DISTRICT_LEADER) & left_the_house)
rules.add_perm("sentiment.see_contacts", is_editor | is_signer)
rules.add_perm("sentiment.see_notes", is_editor | is_signer | _has(Role.LEADER, Role.DISTRICT_LEADER))
rules.add_perm("sentiment.answer", answers_for_unit)
rules.add_perm("sentiment.judge_answer", author_of_forwarded | is_editor)
rules.add_perm("sentiment.see_board", is_checker | _has(Role.LEADER, Role.DISTRICT_LEADER))
rules.add_perm("sentiment.see_rankings", is_editor | is_signer | _has(Role.LEADER))
