"""Versions of rules kept as data 办法: what is wrong in one, with its place, and its rows as a form draws them.

Members' scoring rules and the indicators of consultations share this: names that are there and unique,
numbers with two decimals, grades 等次 from the highest to the lowest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

NOTHING = Decimal(0)
FULL = Decimal(100)
HIGHEST = Decimal(1000)


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: "headings.2.cap", "headings.0.items.1.points", "bands.3.from", or "" for the whole."""

    place: str
    message: str


@dataclass
class Line:
    """One row of a sheet: the prefix of its fields, its values, and the faults of each field."""

    prefix: str
    data: Mapping[str, Any]
    faults: Mapping[str, list[str]] = field(default_factory=dict)
    items: list["Line"] = field(default_factory=list)
    is_spare: bool = False


class Faults:
    """Collects faults while it walks through a version; ``limit`` is the most that anybody can reach."""

    def __init__(self) -> None:
        self.list: list[Fault] = []
        self.limit = NOTHING

    def add(self, place: str, message: str) -> None:
        """One fault more."""
        self.list.append(Fault(place, message))

    def number(self, place: str, label: str, value: Any) -> Decimal | None:
        """A number with at most two decimals; None where it is none, which is said."""
        try:
            read = Decimal(str(value).strip())
        except InvalidOperation:
            read = None
        if read is None or not read.is_finite():
            self.add(place, f"{label}要填数字，现在是“{value}”。")
            return None
        if abs(read) > HIGHEST:  # before the places are counted: a number of forty digits has no hundredths
            self.add(place, f"{label}不能超过{HIGHEST}，现在是{str(value)[:20]}。")
            return None
        if read != read.quantize(Decimal("0.01")):
            self.add(place, f"{label}最多两位小数，现在是{value}。")
        return read

    def words(self, place: str, label: str, value: Any, taken: set[str]) -> None:
        """A name that is there, short enough, and not used twice."""
        name = str(value or "").strip()
        if not name:
            self.add(place, f"请填写{label}。")
        elif len(name) > 40:
            self.add(place, f"{label}最多40字，现在{len(name)}字。")
        elif name in taken:
            self.add(place, f"{label}“{name}”重复了，请改一个。")
        taken.add(name)

    def total(self, what: str, total: Decimal, unit: str = "") -> None:
        """Parts that must add up to exactly 100."""
        if total != FULL:
            gap = FULL - total
            way = f"还差{plain(gap)}{unit}" if gap > 0 else f"多了{plain(-gap)}{unit}"
            self.add("", f"{what}合计要正好100{unit}，现在是{plain(total)}{unit}，{way}。")

    def bands(self, bands: Sequence[Mapping[str, Any]]) -> None:
        """Names, from the highest to the lowest, the last from 0."""
        if not bands:
            self.add("", "至少要有一个等次。")
            return
        labels: set[str] = set()
        before: Decimal | None = None
        for at, band in enumerate(bands):
            self.words(f"bands.{at}.label", "等次名称", band.get("label"), labels)
            if len(str(band.get("label") or "")) > 10:
                self.add(f"bands.{at}.label", "等次名称最多10字。")
            start = self.number(f"bands.{at}.from", f"“{band.get('label') or '等次'}”的起点", band.get("from", ""))
            if start is None:
                return
            if before is not None and start >= before:
                self.add(f"bands.{at}.from", f"等次要从高到低排，“{band.get('label')}”的{plain(start)}分不低于上一等。")
            before = start
        if before != 0:
            self.add(f"bands.{len(bands) - 1}.from", "最后一个等次要从0分起，否则有的没有等次。")
        elif self.limit and number_or_zero(bands[0].get("from")) > self.limit:
            self.add("bands.0.from", f"最高也只能得{plain(self.limit)}分，没有谁够得上这个等次。")


def number_or_zero(value: Any) -> Decimal:
    """A number, or zero where there is none."""
    try:
        read = Decimal(str(value))
    except InvalidOperation:
        return NOTHING
    return read if read.is_finite() else NOTHING


def plain(value: Decimal) -> str:
    """12.50 as «12.5», 100.00 as «100»."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def by_place(faults: Iterable[Fault]) -> dict[str, dict[str, list[str]]]:
    """The messages by row ("headings.2") and field of the row ("cap")."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        row, _, name = fault.place.rpartition(".")
        found[row][name].append(fault.message)
    return found


def new_code(taken: set[str], letter: str) -> str:
    """A code that nothing of the sheet bears, which it then bears."""
    number = 1
    while f"{letter}{number}" in taken:
        number += 1
    taken.add(f"{letter}{number}")
    return f"{letter}{number}"
