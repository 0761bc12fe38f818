"""Results of quality evaluations 质量评价 side by side: one session's table, a year by committee, grade and indicator.

Everything is read from the results that were computed on closing; answers are not touched, so that what was
hidden there stays hidden here: sessions below their minimum count in no mean, which could otherwise be undone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from consultations.evaluation.results import Indicators, cents
from consultations.figures import HELD
from consultations.models import Consultation, Evaluation, EvaluationStatus, IndicatorSet
from consultations.services.indicators import in_force, reading
from members.models import Body

COLOURS = ("f-green", "f-blue", "f-amber", "f-over")


@dataclass(frozen=True)
class Share:
    """How many chose one level: the number, its percentage, where its piece of the bar begins."""

    label: str
    count: int
    percent: int
    start: int
    colour: str


@dataclass(frozen=True)
class ItemLine:
    """One indicator of a session's result; without ``shares`` too few said anything."""

    code: str
    label: str
    weight: Decimal
    shares: list[Share]
    n: int
    mean: Decimal | None
    sd: Decimal | None


@dataclass
class Group:
    """Some sessions together: how many were held, evaluated, and the mean of their points with the year before's."""

    key: Any
    label: str
    held: int = 0
    evaluated: int = 0
    points: list[Decimal] = field(default_factory=list)
    before: list[Decimal] = field(default_factory=list)

    @property
    def mean(self) -> Decimal | None:
        """The mean of its sessions' points."""
        return _mean(self.points)

    @property
    def mean_before(self) -> Decimal | None:
        """That of the year before."""
        return _mean(self.before)

    @property
    def change(self) -> Decimal | None:
        """Against the year before; None where one of the two is missing."""
        now, then = self.mean, self.mean_before
        return None if now is None or then is None else now - then


@dataclass
class Year:
    """A year at a glance."""

    year: int
    total: Group
    committees: list[Group]
    grades: list[tuple[str, int, int]]
    indicators: list[Group]
    given: int
    invited: int

    @property
    def rate(self) -> int | None:
        """Percentage of the links that were used, over evaluations that ended."""
        return percent(self.given, self.invited)


def percent(part: int, whole: int) -> int | None:
    """A whole percentage; None of nothing."""
    return round(100 * part / whole) if whole else None


def lines(result: Mapping[str, Any], indicators: Indicators) -> list[tuple[str, Decimal, list[ItemLine]]]:
    """A result as parts with their indicators, for the page and the sheet."""
    return [
        (
            part.label,
            part.weight,
            [_line(result["items"].get(row.code, {"n": 0}), row, indicators) for row in part.indicators],
        )
        for part in indicators.parts
    ]


def _line(data: Mapping[str, Any], row: Any, indicators: Indicators) -> ItemLine:
    if not data["n"]:
        return ItemLine(row.code, row.label, row.weight, [], 0, None, None)
    shares, start = [], 0
    for at, count in enumerate(data["counts"]):
        end = round(100 * sum(data["counts"][: at + 1]) / data["n"])
        colour = COLOURS[min(at, len(COLOURS) - 1)]
        shares.append(Share(indicators.levels[at].label, count, end - start, start, colour))
        start = end
    return ItemLine(row.code, row.label, row.weight, shares, data["n"], Decimal(data["mean"]), Decimal(data["sd"]))


def year_before(evaluation: Evaluation) -> list[Evaluation]:
    """What the same body's sessions came to in the year before, the newest first; at most ten."""
    session = evaluation.consultation
    rows = Evaluation.objects.with_result().filter(
        consultation__on__year=session.on.year - 1, consultation__organizer=session.organizer_id
    )
    return list(rows.for_list().order_by("-consultation__on", "-id")[:10])


def of_year(year: int) -> Year:
    """A year by committee, grade and indicator, beside the year before; four queries whatever the number."""
    done = list(
        Evaluation.objects.exclude(status=EvaluationStatus.OPEN)
        .filter(consultation__on__year__in=(year - 1, year))
        .values_list(
            "consultation__on", "consultation__organizer", "points", "grade", "answered", "invited", "result__items"
        )
    )
    held = Consultation.objects.filter(on__year=year, status__in=HELD).exclude(form__in=Consultation.LIGHT)
    total = Group(None, "全部")
    groups: dict[int | None, Group] = {}
    for organizer in held.values_list("organizer", flat=True):
        for group in (total, groups.setdefault(organizer, Group(organizer, "政协机关"))):
            group.held += 1
    version = in_force(year)
    indicators = reading(version) if version else None
    items = {row.code: Group(row.code, row.label) for row in indicators.all} if indicators else {}
    grades: dict[str, list[int]] = {band.label: [0, 0] for band in indicators.bands} if indicators else {}
    given = invited = 0
    for on, organizer, points, grade, answered, asked, parts in done:
        is_now = on.year == year
        both = (total, groups.setdefault(organizer, Group(organizer, "政协机关")))
        if is_now:
            given, invited = given + answered, invited + asked
        if points is None:
            continue
        grades.setdefault(grade, [0, 0])[0 if is_now else 1] += 1
        for group in both:
            group.evaluated += is_now
            (group.points if is_now else group.before).append(points)
        for code, data in (parts or {}).items():
            if data["n"] and code in items:
                (items[code].points if is_now else items[code].before).append(Decimal(data["mean"]))
                items[code].evaluated += is_now
    names = Body.objects.in_bulk([key for key in groups if key])
    for key, group in groups.items():
        if key:
            group.label = str(names[key])
    order = sorted(groups.values(), key=lambda group: (group.mean is None, -(group.mean or 0), group.label))
    return Year(
        year, total, order, [(label, now, then) for label, (now, then) in grades.items()], list(items.values()), given,
        invited,
    )  # fmt: skip


def of_indicator(year: int, code: str) -> tuple[str, list[tuple[Evaluation, Mapping[str, Any]]]]:
    """An indicator's words, and the year's sessions by its mean, the lowest first."""
    rows = Evaluation.objects.with_result().filter(consultation__on__year=year).for_list()
    found = [(row, row.result["items"].get(code) or {"n": 0}) for row in rows.defer(None).select_related("indicators")]
    words = ""
    for version in IndicatorSet.objects.order_by("number"):
        words = next((row.label for row in reading(version).all if row.code == code), words)
    return words, sorted((pair for pair in found if pair[1]["n"]), key=lambda pair: Decimal(pair[1]["mean"]))


def years() -> list[int]:
    """The years of which there are evaluations, the newest first."""
    return [day.year for day in Evaluation.objects.dates("consultation__on", "year", order="DESC")]


def _mean(points: Iterable[Decimal]) -> Decimal | None:
    values = list(points)
    return cents(sum(values, Decimal(0)) / len(values)) if values else None
