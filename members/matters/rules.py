"""Who may do what with matters 民情事项: django-rules predicates (domain rules §5)."""

import rules

from members.models import Role
from members.rules import convenes, is_liaison


@rules.predicate
def receives(user) -> bool:
    """A member, or the convener of a studio: those who receive visitors."""
    return bool(user.member_id) or user.has_role(Role.CONVENER)


@rules.predicate
def received(user, matter) -> bool:
    """The host of this matter, or the convener of its studio."""
    if matter is None:
        return False
    return (bool(matter.host_id) and matter.host_id == user.member_id) or bool(convenes(user, matter.studio))


@rules.predicate
def of_the_unit(user, matter) -> bool:
    """Operator or leader of the unit to which this matter was sent."""
    return matter is not None and bool(matter.unit_id) and matter.unit_id in user.unit_ids()


@rules.predicate
def has_unit(user) -> bool:
    """Whoever works for a handling unit."""
    return bool(user.unit_ids())


rules.add_perm("members.record_matter", is_liaison | receives)
rules.add_perm("members.handle_matter", is_liaison | received)
rules.add_perm("members.answer_matter", of_the_unit)
rules.add_perm(
    "members.list_matters",
    is_liaison | receives | has_unit | rules.predicate(lambda user: user.has_role(Role.LEADER)),
)
