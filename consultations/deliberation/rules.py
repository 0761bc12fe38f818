"""Who may do what in an online deliberation 网络议政: django-rules predicates."""

import rules

from consultations.rules import is_liaison, runs_it
from members.models import Role

READERS = (Role.LEADER, Role.DISTRICT_LEADER, Role.COMMITTEE, Role.INFO_EDITOR, Role.INFO_SIGNER)


@rules.predicate
def runs_the_session(user, deliberation) -> bool:
    """Whoever runs the body of its session."""
    return deliberation is not None and runs_it(user, deliberation.consultation)


@rules.predicate
def runs_the_opinions_session(user, opinion) -> bool:
    """Whoever runs the body of the session in which an opinion was put."""
    return opinion is not None and runs_it(user, opinion.deliberation.consultation)


@rules.predicate
def takes_part(user) -> bool:
    """Members in office."""
    return bool(user.member_id)


@rules.predicate
def reads(user) -> bool:
    """Members, leaders, committees: whoever reads the summary after closing."""
    return bool(user.member_id) or user.has_role(*READERS)


rules.add_perm("consultations.run_deliberation", is_liaison | runs_the_session)
rules.add_perm("consultations.moderate", is_liaison | runs_the_opinions_session)
rules.add_perm("consultations.take_part", takes_part)
rules.add_perm("consultations.read_deliberation", is_liaison | reads)
