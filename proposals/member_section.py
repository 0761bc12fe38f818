"""A member's proposals on his page 委员页: those that the reader may see."""

from urllib.parse import urlencode

from core.navigation import address
from members.models import Member, User
from members.people.sections import Section
from proposals.models import Proposal

SHOWN = 20


def proposals_of(user: User, member: Member) -> Section:
    """The newest of the member's confirmed proposals, at most twenty; one query."""
    own = Proposal.objects.filter(proposers__member=member, proposers__state="confirmed")
    rows = list(own.visible_to(user).for_list().order_by("-id")[: SHOWN + 1])
    more = address("proposals:list", urlencode({"q": member.name})) if len(rows) > SHOWN else ""
    return Section("提出和联名的提案", "proposals/_member_section.html", rows[:SHOWN], more)
