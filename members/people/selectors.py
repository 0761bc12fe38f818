"""Reads for a member's own page 委员页: posts and placements by date, what happened, what may be done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from members.models import (
    Body,
    BranchPlace,
    CorrectionRequest,
    Member,
    Membership,
    MembershipChange,
    PartyContact,
    Placement,
    User,
)
from members.people.political import is_party_member
from members.services.changes import refusal_to_undo
from members.services.membership import MEMBER

ELECTED = Membership.Change.ELECTED


@dataclass(frozen=True)
class Held:
    """One dated row: what he was, from when until when, how it began and ended."""

    what: str
    starts: date | None
    ends: date | None
    note: str


def posts_of(member: Member) -> list[Held]:
    """Posts of the terms, then sectors, committees and studios; present ones first; two queries.

    Whom the old rolls name without a day came in with the term.
    """
    posts = Membership.objects.filter(member=member).select_related("term")
    found = [
        Held(
            f"{row.term}{row.post}", row.starts or (row.term.starts if row.began_by == ELECTED else None), row.ends,
            "，".join(part for part in (_came(row), row.get_ended_by_display(), row.decision) if part),
        )
        for row in posts
    ]  # fmt: skip
    places = Placement.objects.filter(member=member).select_related("body")
    found += [Held(f"{_named(row.body)}{row.post}", row.starts, row.ends, row.reason) for row in places]
    return sorted(found, key=lambda row: row.ends is not None)


def _named(body: Body) -> str:
    """A body's name by which one knows what it is: 教育 is a sector, 教科卫体委员会 says it itself."""
    is_sector = body.kind == Body.Kind.SECTOR and not body.name.endswith("界别")
    return f"{body.name}界别" if is_sector else body.name


def _came(row: Membership) -> str:
    """How a post began: one that was recorded with its decision was given by an election, others came with the term."""
    elected = row.began_by == ELECTED and row.post != MEMBER and row.decision
    return "选举" if elected else row.get_began_by_display()


def own(user: User, member: Member) -> bool:
    """Whether this is the person's own page."""
    return member.user_id is not None and member.user_id == user.pk


def sees_personal(user: User, member: Member) -> bool:
    """Sex, ethnicity and month of birth are for the office that keeps the roll, and for the member himself."""
    return user.has_perm("members.manage_people") or own(user, member)


def sees_history(user: User, member: Member) -> bool:
    """Decisions behind changes are for the office, the leaders, and the member himself."""
    return user.has_perm("members.see_party") or own(user, member)


def actions_for(user: User, member: Member) -> list[tuple[str, str]]:
    """What may be done with this member: words and address."""

    def to(name: str, *args: Any) -> str:
        return reverse(f"members:{name}", args=[member.pk, *args])

    found: list[tuple[str, str]] = []
    if user.has_perm("members.manage_people") and member.is_active:
        found = [(f"{'转任' if kind == Body.Kind.SECTOR else '调整'}{words}", to("change", kind)) for kind, words in
                 ((Body.Kind.SECTOR, "界别"), (Body.Kind.COMMITTEE, "专委会"), (Body.Kind.STUDIO, "工作室"))]  # fmt: skip
        found.append(("登记任职", to("change", "appoint")))
        if Membership.objects.filter(member=member, ends=None).exclude(post=MEMBER).exists():
            found.append(("免去职务", to("change", "dismiss")))
        found.append(("辞去、撤销、去世或调离", to("change", "leave")))
    if sees_history(user, member):
        found.append(("变动经过", to("history")))
    if user.has_perm("members.manage_people") or own(user, member):
        found.append(("照片", to("photo")))
    if own(user, member):
        found.append(("申请更正个人信息", to("correct")))
    return found


@dataclass(frozen=True)
class Line:
    """One change in the history, and whether it can still be taken back."""

    change: MembershipChange
    can_undo: bool
    why_not: str


def party_of(user: User, member: Member) -> list[tuple[str, str]]:
    """The branch and the contact of a member, for those who may see party building; one query."""
    if not user.has_perm("members.see_party"):
        return []
    places = BranchPlace.objects.filter(member=member, ends=None).values_list("branch__name", flat=True)
    links = PartyContact.objects.filter(member=member, ends=None).values_list("contact__name", flat=True)
    if is_party_member(member.political_status):
        return [("党支部", next(iter(places), "没有编入"))]
    return [("党员联系人", next(iter(links), "没有指定"))]


def history(member: Member) -> list[Line]:
    """All changes of a member, the newest first; only the newest standing one is asked whether it can be undone."""
    rows = list(member.changes.select_related("recorded_by", "undone_by"))
    newest = next((row for row in rows if row.undone_at is None), None)
    why_not = refusal_to_undo(newest) or "" if newest else ""
    return [Line(row, row is newest and not why_not, why_not if row is newest else "") for row in rows]


def open_corrections() -> Any:
    """Requests that nobody has decided, the oldest first."""
    return CorrectionRequest.objects.filter(accepted=None).select_related("member").order_by("id")
