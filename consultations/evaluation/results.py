"""What follows from anonymous answers 评价结果 under a version of the indicators: pure, exact, no database.

Each answer is worth the weighted mean of the levels chosen, over the indicators of which it says
anything; the session's points are the mean of its answers, to a hundredth. Below the minimum of
answers there is no result, nor is there one for an indicator of which too few said anything.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from members.scores.scoring import CENT, NOTHING, Band, number

UNKNOWN = -1
"""The mark for 不了解: it counts neither for nor against."""

Marks = Mapping[str, int]


@dataclass(frozen=True)
class Indicator:
    """One indicator: what is asked, and its weight out of 100."""

    code: str
    label: str
    weight: Decimal


@dataclass(frozen=True)
class Part:
    """One part of the indicators, such as 成果转化; it weighs what its indicators weigh together."""

    label: str
    indicators: tuple[Indicator, ...]

    @property
    def weight(self) -> Decimal:
        """The weights of its indicators together."""
        return sum((row.weight for row in self.indicators), NOTHING)


@dataclass(frozen=True)
class Level:
    """One level of the scale 档次 with what it is worth out of 100."""

    label: str
    value: Decimal


@dataclass(frozen=True)
class Indicators:
    """A version of the indicators, read from its data."""

    parts: tuple[Part, ...]
    levels: tuple[Level, ...]
    bands: tuple[Band, ...]

    @classmethod
    def read(
        cls,
        parts: Sequence[Mapping[str, Any]],
        levels: Sequence[Mapping[str, Any]],
        bands: Sequence[Mapping[str, Any]],
    ) -> "Indicators":
        """From the JSON of a checked version."""
        return cls(
            tuple(
                Part(
                    str(part["label"]),
                    tuple(Indicator(str(i["code"]), str(i["label"]), number(i["weight"])) for i in part["items"]),
                )
                for part in parts
            ),
            tuple(Level(str(level["label"]), number(level["value"])) for level in levels),
            tuple(Band(str(band["label"]), number(band["from"])) for band in bands),
        )

    @property
    def all(self) -> list[Indicator]:
        """Every indicator in the order of the sheet."""
        return [row for part in self.parts for row in part.indicators]

    def grade(self, points: Decimal) -> str:
        """The grade for so many points; below the last one it is still the last one."""
        return next((band.label for band in self.bands if points >= band.start), self.bands[-1].label)

    def worth(self, marks: Marks) -> Decimal | None:
        """What one answer is worth out of 100; None when it says nothing of any indicator of this version."""
        total = weight = NOTHING
        for row in self.all:
            mark = marks.get(row.code, UNKNOWN)
            if 0 <= mark < len(self.levels):
                total += row.weight * self.levels[mark].value
                weight += row.weight
        return total / weight if weight else None


def cents(value: Decimal | float) -> Decimal:
    """To a hundredth, half up."""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


def spread(values: Sequence[Decimal]) -> dict[str, Any]:
    """How some numbers lie: count, mean, standard deviation and the quartiles, as JSON keeps them."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    return {
        "n": len(values),
        "mean": str(cents(sum(values, NOTHING) / len(values))),
        "sd": str(cents(statistics.pstdev(values))),
        "low": str(cents(low)),
        "median": str(cents(middle)),
        "high": str(cents(high)),
    }


def compute(indicators: Indicators, answers: Iterable[Marks], minimum: int) -> dict[str, Any]:
    """The result of all answers as JSON: spread of the points, and of each indicator with its counts by level.

    Empty below ``minimum`` answers; an indicator with fewer marks than that has no more than their number.
    """
    rows = list(answers)
    worth = [value for marks in rows if (value := indicators.worth(marks)) is not None]
    if len(worth) < minimum:
        return {}
    return {**spread(worth), "items": {row.code: _item(indicators, row.code, rows, minimum) for row in indicators.all}}


def points_of(result: Mapping[str, Any]) -> Decimal | None:
    """The points of a result; None where there is none."""
    return Decimal(result["mean"]) if result else None


def _item(indicators: Indicators, code: str, rows: list[Marks], minimum: int) -> dict[str, Any]:
    levels = range(len(indicators.levels))
    marks = [mark for row in rows if (mark := row.get(code, UNKNOWN)) in levels]
    if len(marks) < minimum:
        return {"n": 0}
    counts = [marks.count(level) for level in levels]
    return {**spread([indicators.levels[mark].value for mark in marks]), "counts": counts}


def sound(indicators: Indicators, marks: Marks) -> bool:
    """Whether the marks are of this version, one for each indicator, and say something of at least one."""
    codes = {row.code for row in indicators.all}
    return (
        set(marks) == codes
        and all(type(mark) is int and UNKNOWN <= mark < len(indicators.levels) for mark in marks.values())
        and any(mark != UNKNOWN for mark in marks.values())
    )
