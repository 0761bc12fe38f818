"""Reads of people and bodies: who sees which number, studios, units, pages of a list."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from members.models import HandlingUnit, Member, Role, Studio, User

SEES_PHONES = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF, Role.INSPECTION, Role.INFO_EDITOR, Role.LIAISON)
MANAGES_UNITS = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)
SEES_UNITS = (*MANAGES_UNITS, Role.INSPECTION)


def mask_phone(phone: str) -> str:
    """«138****5678»; a number too short to mask so keeps only its last two digits (domain rules §8)."""
    digits = phone.strip()
    if not digits:
        return ""
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-2:]}"


def sees_phone(user: User, member: Member) -> bool:
    """Whether ``user`` may read this member's number in full: the offices, and the member himself."""
    return user.has_role(*SEES_PHONES) or member.user_id == user.pk


def studios() -> QuerySet[Studio]:
    """Studios in use with their convener and the number of members in office."""
    return (
        Studio.objects.filter(is_active=True)
        .select_related("convener", "sector")
        .annotate(size=Count("members", filter=Q(members__is_active=True)))
        .order_by("order", "id")
    )


def units(q: str = "", side: str = "") -> QuerySet[HandlingUnit]:
    """Handling units by order; ``q`` also finds their other names."""
    found = HandlingUnit.objects.order_by("order", "id")
    if side:
        found = found.filter(side=side)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(short_name__icontains=q) | Q(aliases__icontains=q))
    return found


@dataclass(frozen=True)
class Page:
    """One page of a list with what its foot needs."""

    rows: list
    total: int
    number: int
    pages: int
    previous_url: str
    next_url: str
    capped: bool = False


def page_of(queryset: QuerySet, params, size: int = 50) -> Page:
    """The page that ``params`` (a QueryDict) asks for by ``page``, out of range brought back; two queries."""
    total = queryset.count()
    pages = max(1, -(-total // size))
    asked = params.get("page", "1")
    number = min(max(int(asked) if asked.isdecimal() and len(asked) < 8 else 1, 1), pages)

    def url(wanted: int) -> str:
        query = params.copy()
        query["page"] = str(wanted)
        return f"?{query.urlencode()}" if 1 <= wanted <= pages else ""

    rows = list(queryset[(number - 1) * size : number * size])
    return Page(rows, total, number, pages, url(number - 1), url(number + 1))
