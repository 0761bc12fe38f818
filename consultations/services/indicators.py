"""Versions of the indicators 评价指标: draft, change, simulate, put into force 施行; in force they never change."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from consultations.evaluation import indicator_sheet
from consultations.evaluation.indicator_sheet import Data
from consultations.evaluation.results import Indicators, compute, points_of
from consultations.models import Evaluation, EvaluationAnswer, IndicatorSet
from core import audit
from core.acts import require, words
from core.errors import Refusal
from core.rule_sheets import Fault

RIGHT = "consultations.manage_indicators"
YEARS_BACK = 10


class Unsound(Refusal):
    """The version has faults; ``faults`` names each with its place."""

    def __init__(self, found: list[Fault]):
        super().__init__(found[0].message)
        self.faults = found


@dataclass(frozen=True)
class Change:
    """One evaluation that would get another grade: points and grade before and after."""

    evaluation: Evaluation
    before: Decimal
    after: Decimal
    before_grade: str
    after_grade: str


@dataclass(frozen=True)
class Simulation:
    """What a version would do to a year: whose grade changes, how many move, how many stand in each grade.

    ``left_out`` had a result, but not enough of its answers speak of any indicator of the version.
    """

    year: int
    counted: int
    moved: int
    left_out: int
    changes: list[Change]
    distribution: list[tuple[str, int, int]]


def reading(row: IndicatorSet) -> Indicators:
    """A version, ready to compute with."""
    return Indicators.read(row.parts, row.levels, row.bands)


def in_force(year: int) -> IndicatorSet | None:
    """The version for sessions of a year: the newest from that year or before, else the earliest there is."""
    rows = IndicatorSet.objects.filter(in_force_at__isnull=False)
    fitting = rows.filter(from_year__lte=year).order_by("-from_year", "-number").first()
    return fitting or rows.order_by("from_year", "number").first()


@transaction.atomic
def begin() -> IndicatorSet:
    """The first version, in force from this year, where there is none yet; who is too late finds the other's."""
    parts, levels, bands = indicator_sheet.default()
    row, _ = IndicatorSet.objects.get_or_create(
        number=1,
        defaults={
            "title": indicator_sheet.TITLE, "parts": parts, "levels": levels, "bands": bands,
            "from_year": timezone.localdate().year, "in_force_at": timezone.now(),
        },
    )  # fmt: skip
    return row


def codes_ever_used() -> set[str]:
    """Codes of indicators of every version: a new indicator takes none of them, for old answers bear them."""
    rows = IndicatorSet.objects.values_list("parts", flat=True)
    return {item["code"] for parts in rows for part in parts for item in part["items"]}


@transaction.atomic
def draft(*, actor) -> IndicatorSet:
    """The draft of the next version: the one that is being written, else a copy of the newest in force."""
    require(actor, RIGHT, act="修改评价指标")
    if not IndicatorSet.objects.exists():
        begin()
    newest = IndicatorSet.objects.select_for_update().order_by("-number")[0]
    if newest.in_force_at is None:
        return newest
    base = IndicatorSet.objects.filter(in_force_at__isnull=False).order_by("-from_year", "-number")[0]
    row = IndicatorSet.objects.create(
        number=newest.number + 1,
        title=base.title,
        parts=base.parts,
        levels=base.levels,
        bands=base.bands,
        made_by=actor,
    )
    audit.record(verb="indicators.draft", summary=f"起草{row}"[:200], actor=actor, subject=row)
    return row


@transaction.atomic
def save(row: IndicatorSet, *, actor, title: str, parts: Data, levels: Data, bands: Data) -> IndicatorSet:
    """Keep a draft as typed if it is sound; ``Unsound`` names every fault, and nothing is written."""
    current = _draft(row, actor)
    current.title = words(title, "名称", field_name="title", limit=80)
    if found := indicator_sheet.faults(parts, levels, bands):
        raise Unsound(found)
    current.parts, current.levels, current.bands = parts, levels, bands
    current.save(update_fields=["title", "parts", "levels", "bands"])
    audit.record(verb="indicators.save", summary=f"修改{current}"[:200], actor=actor, subject=current)
    return current


@transaction.atomic
def drop(row: IndicatorSet, *, actor) -> None:
    """Throw a draft away."""
    current = _draft(row, actor)
    audit.record(
        verb="indicators.drop", summary=f"删去草稿{current}"[:200], actor=actor, detail={"parts": current.parts}
    )
    current.delete()


@transaction.atomic
def put_in_force(row: IndicatorSet, *, actor, from_year: int) -> IndicatorSet:
    """Let a sound draft rule evaluations opened from now on for sessions of a year and later ones."""
    current = _draft(row, actor)
    if found := indicator_sheet.faults(current.parts, current.levels, current.bands):
        raise Unsound(found)
    this_year = timezone.localdate().year
    if not this_year - YEARS_BACK <= from_year <= this_year + 1:
        raise Refusal(f"施行年度只能在{this_year - YEARS_BACK}年至{this_year + 1}年之间。", field="from_year")
    current.from_year, current.in_force_at = from_year, timezone.now()
    current.save(update_fields=["from_year", "in_force_at"])
    audit.record(
        verb="indicators.in_force", summary=f"{current}从{from_year}年起施行"[:200], actor=actor, subject=current
    )
    return current


def simulate(row: IndicatorSet, year: int) -> Simulation:
    """What a version would make of the finished evaluations of a year; writes nothing, three queries.

    Only evaluations that have a result are looked at, and only as wholes, so that nothing shows that was hidden.
    Answers given on a scale with another number of levels keep the worth of their own scale.
    """
    indicators = reading(row)
    own = {one.pk: reading(one).levels for one in IndicatorSet.objects.all()}
    done = list(Evaluation.objects.with_result().filter(consultation__on__year=year).for_list().order_by("id"))
    marks: dict[int, list] = defaultdict(list)
    found = EvaluationAnswer.objects.filter(evaluation__in=[one.pk for one in done]).order_by()
    for evaluation_id, one in found.values_list("evaluation_id", "marks"):
        marks[evaluation_id].append(one)
    changes: list[Change] = []
    before, after = Counter[str](), Counter[str]()
    moved = left_out = 0
    for evaluation in done:
        levels = own[evaluation.indicators_id]
        fitting = indicators if len(levels) == len(indicators.levels) else replace(indicators, levels=levels)
        points = points_of(compute(fitting, marks[evaluation.pk], evaluation.minimum))
        if points is None or evaluation.points is None:
            left_out += 1
            continue
        grade = indicators.grade(points)
        before[evaluation.grade] += 1
        after[grade] += 1
        moved += points != evaluation.points
        if grade != evaluation.grade:
            changes.append(Change(evaluation, evaluation.points, points, evaluation.grade, grade))
    labels = list(dict.fromkeys([*(band.label for band in indicators.bands), *before]))
    return Simulation(
        year=year, counted=sum(after.values()), moved=moved, left_out=left_out,
        changes=sorted(changes, key=lambda change: -change.after),
        distribution=[(label, before[label], after[label]) for label in labels],
    )  # fmt: skip


def _draft(row: IndicatorSet, actor) -> IndicatorSet:
    require(actor, RIGHT, act="修改评价指标")
    current = IndicatorSet.objects.select_for_update().filter(pk=row.pk).first()
    if current is None:
        raise Refusal("这份草稿已经被删去了。")
    if current.in_force_at is not None:
        raise Refusal("施行了的指标不能再改，请另起草一版。")
    return current
