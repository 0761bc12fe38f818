"""How a member stands 履职情况, in a few words: for his first page and for his page in the directory; one query each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from members.duty.file import to_next
from members.models import Member, ScoreResult, ScoreYear, User
from members.people.sections import Section
from members.scores.ledger import MEMBER
from members.services.scores import read


@dataclass(frozen=True)
class Standing:
    """Points, band, the headings that are still empty, and the way to the file."""

    year: int
    points: Decimal
    band: str
    closed: bool
    missing: list[tuple[str, str]]
    """Code and words of each heading that is still empty."""
    to_next: str
    url: str


def card(user: Any) -> Standing | None:
    """The standing of the member whose account this is, in the newest year computed; None where there is none."""
    if user.member_id is None:
        return None
    return standing(user.member_id)


def standing(member_id: int) -> Standing | None:
    """A member's newest result; one query."""
    row = (
        ScoreResult.objects.filter(member_id=member_id, score_year__target=MEMBER)
        .select_related("score_year__rules")
        .order_by("-score_year__year")
        .first()
    )
    if row is None:
        return None
    year: ScoreYear = row.score_year
    url = f"{reverse('members:duty', args=[member_id])}?year={year.year}"
    reading = read(year.rules)
    return Standing(
        year.year, row.points, row.band, year.closed_at is not None, _missing(row), to_next(reading, row.points), url
    )


def duty_of(user: User, member: Member) -> Section | None:
    """The card on a member's page, for those who may see his points."""
    if not user.has_perm("members.see_duty", member):
        return None
    found = standing(member.pk)
    rows = [found] if found else []
    return Section("履职档案", "members/_standing.html", rows, reverse("members:duty", args=[member.pk]))


def _missing(row: ScoreResult) -> list[tuple[str, str]]:
    """Headings that count something and brought nothing yet."""
    counting = {heading["code"]: heading["label"] for heading in row.score_year.rules.headings if heading["items"]}
    earned = {part["code"] for part in row.parts if Decimal(part["points"]) > 0}
    return [(code, label) for code, label in counting.items() if code not in earned]
