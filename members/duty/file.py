"""Read a member's or a studio's duty file 履职档案 of a year: points by heading with their evidence, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from members.duty import acts as duty_acts
from members.models import Activity, ActivityStatus, DutyEntry, Member, ScoreResult, ScoreRules, ScoreYear, Studio
from members.scores.ledger import MEMBER, STUDIO, row_of
from members.scores.scoring import (
    NOTHING,
    Heading,
    HeadingEvidence,
    Item,
    Part,
    Result,
    Rules,
    evaluate,
    evidence,
    result_of,
    row_points,
)
from members.services.scores import read

SHOWN = 60
"""Rows of one heading that the file shows; the ledger page has them all."""


@dataclass
class Line:
    """One ledger row as the file shows it: its words, its points, where its evidence is."""

    entry: DutyEntry
    points: Decimal
    url: str = ""
    label: str = ""


@dataclass
class HeadingView:
    """One heading: its bar, its rows by item, and the words on how it is counted."""

    heading: Heading
    part: Part
    lines: list[Line] = field(default_factory=list)
    hidden: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How full the heading is, 0 to 100, for its bar."""
        return max(0, min(100, int(self.part.points * 100 / self.heading.cap)))

    @property
    def is_full(self) -> bool:
        """Whether ordinary acts can bring no more."""
        return self.part.raw >= self.heading.cap

    @property
    def ways(self) -> str:
        """How its points are counted, in words."""
        return "；".join(_way(item) for item in self.heading.items) + "。" if self.heading.items else ""


@dataclass
class Missing:
    """A heading without points, how to earn some, and the next occasion if there is one."""

    heading: Heading
    hint: str
    activity: Activity | None = None


@dataclass
class DutyFile:
    """A year of one member or studio."""

    year: int
    rules: ScoreRules | None
    score_year: ScoreYear | None
    headings: list[HeadingView] = field(default_factory=list)
    points: Decimal = NOTHING
    band: str = ""
    to_next: str = ""
    rows: int = 0
    year_before: Decimal | None = None
    others: list[ScoreResult] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    limit: Decimal = NOTHING

    @property
    def closed(self) -> bool:
        """Whether the year is closed 封存."""
        return self.score_year is not None and self.score_year.closed_at is not None


def open_file(subject: Member | Studio, year: int, user: Any) -> DutyFile:
    """The file of ``subject`` for a year as ``user`` may follow its evidence.

    Points of an open year come from the ledger as it is now, those of a closed one from the rows
    and rules it was closed with. A bounded number of queries, whatever the number of rows.
    """
    target = MEMBER if isinstance(subject, Member) else STUDIO
    results = list(
        ScoreResult.objects.filter(score_year__target=target, **{target: subject})
        .select_related("score_year__rules")
        .order_by("-score_year__year")[:12]
    )
    score_year = ScoreYear.objects.select_related("rules").filter(target=target, year=year).first()
    closed = score_year if score_year is not None and score_year.closed_at else None
    versions = list(ScoreRules.objects.filter(target=target, in_force_at__isnull=False))
    rules = closed.rules if closed else _in_force(versions, year)
    file = DutyFile(year, rules, score_year, others=[row for row in results if row.score_year.year != year])
    entries = list(DutyEntry.objects.filter(**{target: subject}, year__in=(year, year - 1)).order_by("-on", "-id"))
    own = [row for row in entries if row.year == year and (closed is None or row.id <= closed.last_entry)]
    file.rows = len(own)
    if rules is None:
        return file
    reading = read(rules)
    _fill(file, reading, own, user)
    file.year_before = _same_day(entries, year, _in_force(versions, year - 1))
    if target == MEMBER and year == timezone.localdate().year:
        file.missing = _missing(file.headings, user)
    return file


def years_of(subject: Member | Studio) -> list[int]:
    """Years with rows, and the present one, the newest first; one query."""
    target = MEMBER if isinstance(subject, Member) else STUDIO
    years = set(DutyEntry.objects.filter(**{target: subject}).order_by().values_list("year", flat=True).distinct())
    return sorted(years | {timezone.localdate().year}, reverse=True)


def lines_of(entries: Iterable[DutyEntry], user: Any) -> list[Line]:
    """Ledger rows with the points of each by the rules of its year, and the address of its evidence."""
    rows = list(entries)
    versions = list(ScoreRules.objects.filter(target=MEMBER, in_force_at__isnull=False))
    readings: dict[int, Rules | None] = {}
    for year in {row.year for row in rows}:
        rules = _in_force(versions, year)
        readings[year] = read(rules) if rules else None
    urls = duty_acts.addresses_of(user, [(row.subject_type, row.subject_id) for row in rows])
    return [
        Line(
            row,
            _worth(readings[row.year], row),
            urls.get((row.subject_type, row.subject_id), ""),
            duty_acts.label_of(row.act),
        )
        for row in rows
    ]


def _fill(file: DutyFile, rules: Rules, own: list[DutyEntry], user: Any) -> None:
    """Points, band and headings of the year's rows."""
    found = evidence(rules, [(row, row_of(row.act, row.quantity, row.detail)) for row in own])
    shown: list[DutyEntry] = []
    for entry in found:
        view = HeadingView(entry.heading, entry.part, notes=_notes(entry))
        lines = [Line(row, points, label=item.item.label) for item in entry.items for row, points in item.rows]
        lines.sort(key=lambda line: (line.entry.on, line.entry.id), reverse=True)
        view.lines, view.hidden = lines[:SHOWN], max(0, len(lines) - SHOWN)
        shown += [line.entry for line in view.lines]
        file.headings.append(view)
    urls = duty_acts.addresses_of(user, [(row.subject_type, row.subject_id) for row in shown])
    for view in file.headings:
        for line in view.lines:
            line.url = urls.get((line.entry.subject_type, line.entry.subject_id), "")
    result = _total(found, rules)
    file.points, file.band, file.limit = result.points, result.band, rules.limit
    file.to_next = to_next(rules, result.points)


def _total(found: list[HeadingEvidence], rules: Rules) -> Result:
    return result_of(rules, {item.item.act: item.raw for entry in found for item in entry.items})


def _in_force(versions: list[ScoreRules], year: int) -> ScoreRules | None:
    begun = [row for row in versions if row.from_year is not None and row.from_year <= year]
    return max(begun, key=lambda row: (row.from_year, row.number), default=None)


def _worth(rules: Rules | None, entry: DutyEntry) -> Decimal:
    place = rules.place.get(entry.act) if rules else None
    return row_points(place[1], row_of(entry.act, entry.quantity, entry.detail)) if place else NOTHING


def _same_day(entries: list[DutyEntry], year: int, rules: ScoreRules | None) -> Decimal | None:
    """Points on the same day of the year before, in a year that still runs; None where there is nothing to compare."""
    today = timezone.localdate()
    if rules is None or year != today.year:
        return None
    until = date(year - 1, today.month, min(today.day, 28) if today.month == 2 else today.day)
    rows = [row for row in entries if row.year == year - 1 and row.on <= until]
    if not any(row.year == year - 1 for row in entries):
        return None
    return evaluate(read(rules), [row_of(row.act, row.quantity, row.detail) for row in rows]).points


def _notes(entry: HeadingEvidence) -> list[str]:
    """What the caps cut off, in words."""
    notes = [
        f"“{found.item.label}”合计{plain(found.raw)}分，全年最多记{plain(found.item.most)}分。"
        for found in entry.items
        if found.item.most is not None and found.raw > found.item.most
    ]
    if entry.part.raw > entry.heading.cap:
        notes.append(f"合计{plain(entry.part.raw)}分，超过上限，记{plain(entry.heading.cap)}分。")
    if entry.part.raw < entry.heading.floor:
        notes.append(f"合计{plain(entry.part.raw)}分，最低记{plain(entry.heading.floor)}分。")
    if entry.part.bonus:
        notes.append(f"另加{plain(entry.part.bonus)}分，加分最多{plain(entry.heading.bonus)}分。")
    return notes


def _missing(headings: list[HeadingView], user: Any) -> list[Missing]:
    """Headings without a point, each with the next activity to which members may still come; one query."""
    empty = [view for view in headings if view.part.points <= 0 and view.heading.items]
    acts = {item.act: view.heading.code for view in empty for item in view.heading.items if item.points > 0}
    kinds = [act.removeprefix("activity.") for act in acts if act.startswith("activity.")]
    nearest: dict[str, Activity] = {}
    if kinds:
        coming = Activity.objects.visible_to(user).filter(
            status=ActivityStatus.NOTIFIED, kind__in=kinds, on__gte=timezone.localdate()
        )
        for activity in coming.order_by("on", "id").only("kind", "title", "on", "sign_up_until", "places")[:30]:
            nearest.setdefault(acts[f"activity.{activity.kind}"], activity)
    found = [Missing(view.heading, _hint(view.heading), nearest.get(view.heading.code)) for view in empty]
    found.sort(key=lambda row: row.activity.on if row.activity else date.max)
    return found


def _hint(heading: Heading) -> str:
    """The first two ways to earn points."""
    earning = [item for item in heading.items if item.points > 0 and not item.bonus]
    return "如" + "，".join(f"{item.label}每次{plain(item.points)}分" for item in earning[:2]) if earning else ""


def _way(item: Item) -> str:
    words = f"{item.label}每次{plain(item.points)}分"
    if item.bonus:
        words += "（加分）"
    return words + (f"，全年最多{plain(item.most)}分" if item.most is not None else "")


def to_next(rules: Rules, points: Decimal) -> str:
    """What is lacking to the next better band, in words; empty in the best one."""
    better = [band for band in rules.bands if band.start > points]
    if not better:
        return ""
    return f"{better[-1].label}要{plain(better[-1].start)}分，还差{plain(better[-1].start - points)}分"


def plain(value: Decimal | None) -> str:
    """12.50 as «12.5», 15.00 as «15», with the typographic minus; empty for none."""
    if value is None:
        return ""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−") if text != "-0" else "0"
