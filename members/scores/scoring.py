"""How points 履职积分 follow from the duty ledger and a version of the rules 计分办法: pure, exact, no database.

A rule version is data: headings 项目 with a cap and items, each item an act with its points. The
ordinary items of a heading never bring more than its cap, nor its bonus items 加分 more than its
bonus; deductions never take a heading below its floor. Every row has points of its own, rounded to
a hundredth, so that whoever adds up the evidence finds the result. Domain rules §4 and §5.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
NOTHING = Decimal(0)
FULL = Decimal(100)

EACH, HALF, FIRST = "", "half", "first"
SHARES = {EACH: "各记全分", HALF: "第一位记一半，其余平分另一半", FIRST: "只记第一位"}


@dataclass(frozen=True)
class Item:
    """One act that counts: points for one, the most it may bring in a year, how joint acts share."""

    act: str
    label: str
    points: Decimal
    most: Decimal | None = None
    share: str = EACH
    bonus: bool = False


@dataclass(frozen=True)
class Heading:
    """One heading 项目: its cap, its bonus on top, and the floor that deductions cannot pass."""

    code: str
    label: str
    cap: Decimal
    items: tuple[Item, ...]
    bonus: Decimal = NOTHING
    floor: Decimal = NOTHING

    @property
    def limit(self) -> Decimal:
        """The most that the heading can bring."""
        return self.cap + self.bonus


@dataclass(frozen=True)
class Band:
    """A grade 等次, from so many points on."""

    label: str
    start: Decimal


@dataclass(frozen=True)
class Rules:
    """A version of the rules, read from its data; ``place`` finds heading and item of an act."""

    headings: tuple[Heading, ...]
    bands: tuple[Band, ...]
    place: Mapping[str, tuple[int, Item]]

    @classmethod
    def read(cls, headings: Sequence[Mapping[str, Any]], bands: Sequence[Mapping[str, Any]]) -> "Rules":
        """From the JSON of a checked version."""
        found = tuple(_heading(data) for data in headings)
        place = {item.act: (at, item) for at, heading in enumerate(found) for item in heading.items}
        ladder = tuple(Band(str(data["label"]), number(data["from"])) for data in bands)
        return cls(found, ladder, place)

    def band(self, points: Decimal) -> str:
        """The grade for so many points; below the last one it is still the last one."""
        return next((band.label for band in self.bands if points >= band.start), self.bands[-1].label)

    @property
    def limit(self) -> Decimal:
        """The most that anybody can reach, bonus included."""
        return sum((heading.limit for heading in self.headings), NOTHING)


@dataclass(frozen=True)
class Row:
    """One ledger row as far as it counts; ``quantity`` is negative in a reversal."""

    act: str
    quantity: Decimal
    role: str = ""
    signers: int = 1


@dataclass(frozen=True)
class Part:
    """What one heading brought: ``raw`` before cap and floor, ``points`` after them, bonus included."""

    code: str
    raw: Decimal
    bonus: Decimal
    points: Decimal


@dataclass(frozen=True)
class Result:
    """Points in all, by heading in the order of the rules, and the grade."""

    points: Decimal
    parts: tuple[Part, ...]
    band: str


@dataclass
class ItemEvidence:
    """One item with the rows that count for it and the points of each."""

    item: Item
    rows: list[tuple[Any, Decimal]] = field(default_factory=list)

    @property
    def raw(self) -> Decimal:
        """The sum of its rows."""
        return sum((points for _, points in self.rows), NOTHING)

    @property
    def points(self) -> Decimal:
        """The sum within the item's own limit."""
        return within(self.raw, self.item.most)


@dataclass
class HeadingEvidence:
    """One heading with its items that have rows, and what it brought."""

    heading: Heading
    part: Part
    items: list[ItemEvidence]


def number(value: Any) -> Decimal:
    """A number of the rules' JSON, exactly."""
    return Decimal(str(value))


def row_points(item: Item, row: Row) -> Decimal:
    """Points of one row: points × quantity × share, to a hundredth, half up and the same for its reversal."""
    return (item.points * row.quantity * _share(item, row)).quantize(CENT, ROUND_HALF_UP)


def within(total: Decimal, most: Decimal | None) -> Decimal:
    """A total within the limit of its item, which bounds deductions as well."""
    return total if most is None else max(-most, min(most, total))


def evaluate(rules: Rules, rows: Iterable[Row]) -> Result:
    """The result of a year's rows, whatever their order; acts outside the rules bring nothing."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if (place := rules.place.get(row.act)) is not None:
            totals[row.act] += row_points(place[1], row)
    return result_of(rules, totals)


def result_of(rules: Rules, totals: Mapping[str, Decimal]) -> Result:
    """The result of the points that the rows of each act add up to."""
    parts = tuple(_part(heading, totals) for heading in rules.headings)
    points = sum((part.points for part in parts), NOTHING).quantize(CENT)
    return Result(points, parts, rules.band(points))


def evidence(rules: Rules, rows: Iterable[tuple[Any, Row]]) -> list[HeadingEvidence]:
    """Each heading with the rows behind its points; ``rows`` are pairs of anything and the row it stands for."""
    found: dict[str, ItemEvidence] = {}
    for thing, row in rows:
        if (place := rules.place.get(row.act)) is not None:
            item = place[1]
            found.setdefault(row.act, ItemEvidence(item)).rows.append((thing, row_points(item, row)))
    totals = {act: entry.raw for act, entry in found.items()}
    return [
        HeadingEvidence(
            heading, _part(heading, totals), [found[item.act] for item in heading.items if item.act in found]
        )
        for heading in rules.headings
    ]


def canonical(key: str, result: Result, rank: int | None) -> str:
    """One result as a line of text that is the same for ever, for the digest of a year."""
    parts = ";".join(f"{part.code}={part.points.quantize(CENT)}" for part in result.parts)
    return f"{key}|{result.points.quantize(CENT)}|{result.band}|{rank or '-'}|{parts}"


def _heading(data: Mapping[str, Any]) -> Heading:
    return Heading(
        code=str(data["code"]),
        label=str(data["label"]),
        cap=number(data["cap"]),
        bonus=number(data.get("bonus") or 0),
        floor=number(data.get("floor") or 0),
        items=tuple(_item(item) for item in data["items"]),
    )


def _item(data: Mapping[str, Any]) -> Item:
    most = data.get("most")
    return Item(
        act=str(data["act"]),
        label=str(data["label"]),
        points=number(data["points"]),
        most=None if most in (None, "") else number(most),
        share=str(data.get("share") or EACH),
        bonus=bool(data.get("bonus")),
    )


def _share(item: Item, row: Row) -> Decimal:
    """What of an act this person's share is: alone it is whole."""
    if item.share == EACH or row.signers <= 1:
        return Decimal(1)
    if row.role == "first":
        return Decimal("0.5") if item.share == HALF else Decimal(1)
    return Decimal("0.5") / (row.signers - 1) if item.share == HALF else NOTHING


def _part(heading: Heading, totals: Mapping[str, Decimal]) -> Part:
    raw = bonus = NOTHING
    for item in heading.items:
        points = within(totals.get(item.act, NOTHING), item.most)
        if item.bonus:
            bonus += points
        else:
            raw += points
    kept = max(heading.floor, min(heading.cap, raw))
    extra = max(NOTHING, min(heading.bonus, bonus))
    return Part(heading.code, raw, extra, kept + extra)
