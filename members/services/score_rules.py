"""Versions of the scoring rules 计分办法: draft, change, simulate, put into force 施行; in force they never change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, outbox
from core.errors import Refusal
from core.rule_sheets import Fault
from members.models import Member, ScoreRules, ScoreYear, Studio, Term
from members.scores import defaults as scoring_defaults
from members.scores import ledger as score_ledger
from members.scores.check import faults
from members.scores.ledger import MEMBER, STUDIO
from members.services.scores import WORDS, may_manage, read, rules_for

Data = Sequence[Mapping[str, Any]]


class Unsound(Refusal):
    """The version has faults; ``faults`` names each with its place."""

    def __init__(self, found: list[Fault]):
        super().__init__(found[0].message)
        self.faults = found


@dataclass(frozen=True)
class Change:
    """One who would stand in another band: points and band before and after."""

    subject: Member | Studio
    before: Decimal
    after: Decimal
    before_band: str
    after_band: str


@dataclass(frozen=True)
class Simulation:
    """What a version would do to a year: who changes band, how points move, how many stand in each band."""

    year: int
    counted: int
    changes: list[Change]
    moved: int
    before: dict[str, int]
    after: dict[str, int]
    is_first: bool

    @property
    def distribution(self) -> list[tuple[str, int, int]]:
        """Each band with its number before and after."""
        labels = list(dict.fromkeys([*self.after, *self.before]))
        return [(label, self.before.get(label, 0), self.after.get(label, 0)) for label in labels]


@transaction.atomic
def begin_rules() -> int:
    """Put the first version of members' and studios' rules into force where there is none; how many it made."""
    made = 0
    first = Term.objects.order_by("starts").values_list("starts__year", flat=True).first()
    for target in (MEMBER, STUDIO):
        if ScoreRules.objects.filter(target=target).exists():
            continue
        headings, bands = scoring_defaults.rules_of(target)
        ScoreRules.objects.create(
            target=target,
            number=1,
            title=f"{WORDS[target]}办法",
            headings=headings,
            bands=bands,
            from_year=first or timezone.localdate().year,
            in_force_at=timezone.now(),
        )
        made += 1
    return made


@transaction.atomic
def draft_rules(target: str, *, actor) -> ScoreRules:
    """The draft of the next version: the one that is being written, else a copy of the newest in force."""
    may_manage(actor)
    versions = ScoreRules.objects.select_for_update().filter(target=target).order_by("-number")
    newest = versions.first()
    if newest is not None and newest.in_force_at is None:
        return newest
    base = versions.filter(in_force_at__isnull=False).order_by("-from_year", "-number").first()
    headings, bands = (base.headings, base.bands) if base else scoring_defaults.rules_of(target)
    draft = ScoreRules.objects.create(
        target=target,
        number=newest.number + 1 if newest else 1,
        title=base.title if base else f"{WORDS[target]}办法",
        headings=headings,
        bands=bands,
        made_by=actor,
    )
    audit.record(verb="scores.draft", summary=f"起草{draft}", actor=actor, subject=draft)
    return draft


@transaction.atomic
def save_rules(rules: ScoreRules, *, actor, title: str, headings: Data, bands: Data) -> ScoreRules:
    """Keep a draft as typed if it is sound; ``Unsound`` names every fault, and nothing is written."""
    current = _draft(rules, actor)
    title = title.strip()
    if not title or len(title) > 80:
        raise Refusal("请填写办法的名称，最多80字。", field="title")
    if found := faults(headings, bands, target=current.target):
        raise Unsound(found)
    current.title, current.headings, current.bands = title, list(headings), list(bands)
    current.save(update_fields=["title", "headings", "bands"])
    audit.record(verb="scores.save", summary=f"修改{current}", actor=actor, subject=current)
    return current


@transaction.atomic
def drop_rules(rules: ScoreRules, *, actor) -> None:
    """Throw a draft away."""
    current = _draft(rules, actor)
    audit.record(verb="scores.drop", summary=f"删去草稿{current}", actor=actor, detail={"headings": current.headings})
    current.delete()


@transaction.atomic
def put_in_force(rules: ScoreRules, *, actor, from_year: int) -> ScoreRules:
    """Let a sound draft rule from a year on; closed years keep theirs, and the version never changes again."""
    current = _draft(rules, actor)
    if found := faults(current.headings, current.bands, target=current.target):
        raise Unsound(found)
    closed = ScoreYear.objects.filter(target=current.target, closed_at__isnull=False, year__gte=from_year)
    if (last := closed.order_by("-year").values_list("year", flat=True).first()) is not None:
        raise Refusal(f"{last}年已经封存，新办法最早从{last + 1}年起施行。", field="from_year")
    this_year = timezone.localdate().year
    if not this_year - 10 <= from_year <= this_year + 1:
        raise Refusal(f"施行年度只能在{this_year - 10}年至{this_year + 1}年之间。", field="from_year")
    current.from_year, current.in_force_at = from_year, timezone.now()
    current.save(update_fields=["from_year", "in_force_at"])
    for year in range(from_year, this_year + 1):
        outbox.add(
            "members.score_changed",
            key=f"members.score_changed:rules:{current.pk}:{year}",
            payload={"target": current.target, "year": year},
        )
    audit.record(verb="scores.in_force", summary=f"{current}从{from_year}年起施行", actor=actor, subject=current)
    return current


def simulate(rules: ScoreRules, year: int) -> Simulation:
    """What a version would make of a year's rows, beside what is in force for it; writes nothing, four queries."""
    present = rules_for(rules.target, year)
    ids = score_ledger.population(rules.target, year)
    after = score_ledger.results(read(rules), rules.target, year, ids)
    before = score_ledger.results(read(present), rules.target, year, ids) if present else after
    changed = [pk for pk in ids if before[pk].band != after[pk].band]
    people = (Member if rules.target == MEMBER else Studio).objects.in_bulk(changed)
    changes = [
        Change(people[pk], before[pk].points, after[pk].points, before[pk].band, after[pk].band) for pk in changed
    ]
    changes.sort(key=lambda row: (-row.after, str(row.subject)))
    order = [band.label for band in read(rules).bands]
    return Simulation(
        year=year,
        counted=len(ids),
        changes=changes,
        moved=sum(1 for pk in ids if before[pk].points != after[pk].points),
        before=dict(Counter(result.band for result in before.values())),
        after={label: sum(1 for result in after.values() if result.band == label) for label in order},
        is_first=present is None,
    )


def _draft(rules: ScoreRules, actor) -> ScoreRules:
    may_manage(actor)
    current = ScoreRules.objects.select_for_update().filter(pk=rules.pk).first()
    if current is None:
        raise Refusal("这份草稿已经被删去了。")
    if current.in_force_at is not None:
        raise Refusal("施行了的办法不能再改，请另起草一版。")
    return current
