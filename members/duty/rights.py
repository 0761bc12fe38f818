"""Who may do what with duty files 履职档案, scores and appeals (domain rules §8): django-rules predicates.

Points are for the member himself, the liaison office and the committee's leaders; a convener sees
the assessment of his studio and nobody's points.
"""

import rules

from members.rules import convenes, is_leader, is_liaison


@rules.predicate
def is_own_file(user, member) -> bool:
    """The member's own duty file."""
    return member is not None and bool(member.user_id) and member.user_id == user.pk


@rules.predicate
def is_own_paper(user, paper) -> bool:
    """The member who appealed, or whose report it is."""
    return paper is not None and is_own_file(user, paper.member)


rules.add_perm("members.see_duty", is_own_file | is_liaison | is_leader)
rules.add_perm("members.see_studio_score", is_liaison | is_leader | convenes)
rules.add_perm("members.answer_appeal", is_liaison)
rules.add_perm("members.withdraw_appeal", is_own_paper)
rules.add_perm("members.write_yearly_report", is_own_paper)
rules.add_perm("members.keep_yearly_reports", is_liaison)
rules.add_perm("members.read_yearly_reports", is_liaison | is_leader)
