"""Reads of party building 党建: the two coverages 两个全覆盖 by sector and by committee, and the branches."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from members.models import Body, Member, PartyBranch
from members.people.filters import lacking
from members.people.political import party_members


@dataclass(frozen=True)
class Number:
    """A number and the address of the rows that it counts."""

    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """One sector, committee, or all together: who is there, and the two gaps."""

    name: str
    everybody: Number
    party: Number
    without_branch: Number
    without_contact: Number


COUNTS = {
    "everybody": (Q(), {}),
    "party": (party_members(), {"party": "yes"}),
    "without_branch": (lacking("branch"), {"gap": "branch"}),
    "without_contact": (lacking("contact"), {"gap": "contact"}),
}


def _address(**conditions: object) -> str:
    query = urlencode({name: value for name, value in conditions.items() if value})
    return f"{reverse('members:list')}?{query}" if query else reverse("members:list")


def _line(row: dict, name: str, **where: object) -> Line:
    return Line(name, **{key: Number(row[key], _address(**where, **query)) for key, (_, query) in COUNTS.items()})


def _counted(rows: QuerySet) -> QuerySet:
    return rows.annotate(**{key: Count("pk", filter=condition) for key, (condition, _) in COUNTS.items()})


def overall() -> Line:
    """The numbers of all members in office; one query."""
    totals = {key: Count("pk", filter=condition) for key, (condition, _) in COUNTS.items()}
    return _line(Member.objects.filter(is_active=True).aggregate(**totals), "全体")


def by_body(kind: str) -> list[Line]:
    """The numbers by sector or by committee, those of the most gaps first; one query.

    Members without one are counted in the whole only.
    """
    rows = Member.objects.filter(is_active=True, **{f"{kind}__isnull": False})
    counted = _counted(rows.order_by().values(f"{kind}_id", f"{kind}__name"))
    lines = [_line(row, row[f"{kind}__name"], **{kind: row[f"{kind}_id"]}) for row in counted]
    return sorted(lines, key=lambda line: -(line.without_branch.value + line.without_contact.value))


def branches() -> list[PartyBranch]:
    """Branches in order with the number of their present members; one query."""
    present = Count("places", filter=Q(places__ends=None))
    return list(PartyBranch.objects.select_related("body", "secretary").annotate(size=present).order_by("order", "id"))


def members_of(branch: PartyBranch) -> QuerySet[Member]:
    """Who belongs to a branch now, by code."""
    rows = Member.objects.filter(branch_places__branch=branch, branch_places__ends=None)
    return rows.select_related("sector", "committee").order_by("code")


BY = ((Body.Kind.SECTOR, "按界别"), (Body.Kind.COMMITTEE, "按专委会"))
