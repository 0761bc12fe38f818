"""The year's ranking 排名 of reporters and of submitting bodies, by what their reports prove.

Points are those of the scoring rules in force for the year, before any cap of a heading: one report
brings what it brings in the duty ledger 履职台账. Residents are not ranked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from core import options
from members.models import Role
from members.scores.defaults import rules_of
from members.scores.scoring import NOTHING, Row, Rules, row_points
from members.services import scores
from sentiment import duty, figures
from sentiment.models import LeaderNote, Level, OpinionReport, Reporter

LEVELS = tuple(level.value for level in Level)
NO_RANK = (OpinionReport.Source.PUBLIC,)


@dataclass(frozen=True)
class Fact:
    """What one report of the year counts for: the levels that took it up, those of its notes."""

    pk: int
    source: str
    category: str
    status: str
    submitted_on: Any
    body_id: int | None
    body_name: str
    levels: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass
class Place:
    """One line of a ranking; ``key`` is what the list takes as ``by``: m12 a member, u5 an account, b3 a body."""

    key: str
    name: str
    rank: int = 0
    submitted: int = 0
    adopted: int = 0
    by_level: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))
    noted: int = 0
    points: Decimal = NOTHING
    url: str = ""

    def count(self, fact: Fact) -> None:
        """Take one report in."""
        self.submitted += 1
        self.adopted += bool(fact.levels)
        self.noted += bool(fact.notes)
        for level in fact.levels:
            self.by_level[level] += 1


def facts(year: int) -> list[Fact]:
    """Every report that came in within a year, without any text column; one query however many."""
    rows = figures.submitted(year).order_by("pk")
    columns = ("pk", "source", "category", "status", "submitted_on", "body_id", "body__name")
    notes = LeaderNote.objects.filter(removed_at__isnull=True, report=OuterRef("pk"))
    flags = {f"at_{level}": figures.flag(figures.taken_up(level)) for level in LEVELS}
    flags |= {f"noted_{level}": figures.flag(Q(Exists(notes.filter(level=level)))) for level in LEVELS}
    found = []
    for pk, source, category, status, on, body, name, *is_set in rows.annotate(**flags).values_list(*columns, *flags):
        levels = tuple(level for level, is_at in zip(LEVELS, is_set[: len(LEVELS)], strict=True) if is_at)
        marks = tuple(level for level, is_at in zip(LEVELS, is_set[len(LEVELS) :], strict=True) if is_at)
        found.append(Fact(pk, source, category, status, on, body, name or "", levels, marks))
    return found


def reporters(year: int, found: Iterable[Fact], rules: Rules) -> list[Place]:
    """Members and informants, the most points first; who reports together shares as the rules say."""
    by_report: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Reporter.objects.filter(report__in=figures.submitted(year).values("pk"), body__isnull=True)
    rows = rows.exclude(member__isnull=True, user__isnull=True).order_by("report_id", "order")
    for report, member, user, name in rows.values_list("report_id", "member_id", "user_id", "name"):
        by_report[report].append((f"m{member}" if member else f"u{user}", name))
    places: dict[str, Place] = {}
    for fact in found:
        named = by_report.get(fact.pk, [])
        members = [key for key, _ in named if key.startswith("m")]
        for key, name in named:
            place = places.setdefault(key, Place(key, name))
            place.count(fact)
            first = not members or key == members[0]
            place.points += points(rules, fact, "first" if first else "joint", max(len(members), 1))
    return ranked(places.values())


def bodies(found: Iterable[Fact], rules: Rules) -> list[Place]:
    """Studios, special committees, sectors, parties and townships that handed in, the most points first."""
    places: dict[int, Place] = {}
    for fact in found:
        if fact.body_id and fact.source not in NO_RANK:
            place = places.setdefault(fact.body_id, Place(f"b{fact.body_id}", fact.body_name))
            place.count(fact)
            place.points += points(rules, fact)
    return ranked(places.values())


def ranked(places: Iterable[Place]) -> list[Place]:
    """By points, then by how many were adopted and handed in; equal points share a rank."""
    ordered = sorted(places, key=lambda row: (-row.points, -row.adopted, -row.submitted, row.name))
    before = None
    for at, row in enumerate(ordered, 1):
        row.rank = before.rank if before and before.points == row.points else at
        before = row
    return ordered


def rules_of_year(year: int) -> Rules:
    """The scoring rules of members in force for a year, else those that a new installation begins with."""
    row = scores.rules_for("member", year)
    return scores.read(row) if row else Rules.read(*rules_of("member"))


def points(rules: Rules, fact: Fact, role: str = "first", signers: int = 1) -> Decimal:
    """What one report brings to one who reports it."""
    levels = fact.levels
    if levels and options.value("sentiment.best_level_only"):
        levels = levels[-1:]
    acts = [duty.SUBMITTED, *(f"{duty.ADOPTED}.{x}" for x in levels), *(f"{duty.NOTED}.{x}" for x in fact.notes)]
    worth = (row_points(rules.place[act][1], Row(act, Decimal(1), role, signers)) for act in acts if act in rules.place)
    return sum(worth, NOTHING)


def named(key: str) -> dict[str, int] | None:
    """The columns of ``Reporter`` that a ``by`` of an address stands for; None where it is none."""
    column = {"m": "member_id", "u": "user_id", "b": "body_id"}.get(key[:1])
    return {column: int(key[1:])} if column and key[1:].isdecimal() and len(key) < 18 else None


def may_see(user: Any) -> bool:
    """Whether the person may read rankings."""
    return user.has_perm("sentiment.see_rankings")


def opens_lists(user: Any) -> bool:
    """Whether the person may open the reports behind a name: only who may know who reported them."""
    return user.has_role(Role.INFO_EDITOR, Role.INFO_CHECKER, Role.INFO_SIGNER)


def summed(found: Iterable[Fact], attribute: str) -> Mapping[str, list[Fact]]:
    """The reports by an attribute such as "source"."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in found:
        groups[getattr(fact, attribute)].append(fact)
    return groups
