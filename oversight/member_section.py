"""Where a member is dispatched as a supervisor, on his page 委员页."""

from members.models import Member, User
from members.people.sections import Section
from oversight.models import Supervisor


def posts_of(user: User, member: Member) -> Section | None:
    """The member's posts as supervisor, the newest first; nothing for who never had one. One query."""
    rows = list(
        Supervisor.objects.visible_to(user).filter(member=member).select_related("unit").order_by("-starts", "-id")[:20]
    )
    return Section("派驻民主监督", "oversight/_member_section.html", rows) if rows else None
