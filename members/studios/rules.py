"""Who may do what on a reception day 接待日: its studio's convener, the liaison office and its hosts."""

import rules

from members.models import Member, ReceptionDay, Role, Studio
from members.rules import convenes, is_liaison

READS_LEDGERS = (
    Role.LIAISON, Role.LEADER, Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.INFO_EDITOR, Role.INFO_SIGNER,
    Role.COMMITTEE, Role.NEWS_EDITOR, Role.NEWS_REVIEW1, Role.NEWS_REVIEW2, Role.NEWS_CHIEF,
)  # fmt: skip
"""Offices that read what studios keep (domain rules §8); others read their own studio's."""


@rules.predicate
def convenes_day(user, day: ReceptionDay) -> bool:
    """The convener of the day's studio."""
    return day is not None and convenes(user, day.studio)


@rules.predicate
def hosts_day(user, day: ReceptionDay) -> bool:
    """A member who sits on that day."""
    return day is not None and bool(user.member_id) and day.seats.filter(member_id=user.member_id).exists()


@rules.predicate
def reads_ledgers(user, studio: Studio) -> bool:
    """The committee's offices, and the members of the studio."""
    if studio is None:
        return False
    own = bool(user.member_id) and Member.objects.filter(pk=user.member_id, studio_id=studio.pk).exists()
    return user.has_role(*READS_LEDGERS) or own


rules.add_perm("members.read_ledgers", reads_ledgers | convenes)
rules.add_perm("members.manage_day", is_liaison | convenes_day)
rules.add_perm("members.receive_on", is_liaison | convenes_day | hosts_day)
rules.add_perm("members.keep_studios", is_liaison)
