"""A version of the indicators 评价指标 as a sheet in the browser: its default, its faults, how typing is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from core.rule_sheets import FULL, NOTHING, Fault, Faults, Line, by_place, new_code

MOST_PARTS, MOST_ITEMS, MOST_LEVELS, MOST_BANDS = 12, 15, 8, 8
SPARE_ITEMS = 2
FEWEST_LEVELS = 2
Data = list[dict[str, Any]]

TITLE = "协商议政质量评价指标"


def default() -> tuple[Data, Data, Data]:
    """Parts with seven indicators and the heaviest weight on what was converted, levels, grades (domain rules §3)."""
    parts = (
        ("调研题目", (("q1", "选题契合中心工作和群众关切", 15),)),
        ("活动组织", (("q2", "方案周密，材料提前送达", 10), ("q3", "调查深入，各方参加面广", 10))),
        ("调研成果和发言", (("q4", "情况清楚，分析透彻", 10), ("q5", "意见建议具体可行", 15))),
        ("成果转化", (("q6", "成果报送及时，得到批示采纳", 15), ("q7", "转化为政策、项目或具体措施", 25))),
    )
    return (
        [
            {"label": label, "items": [{"code": c, "label": words, "weight": str(w)} for c, words, w in items]}
            for label, items in parts
        ],
        [{"label": label, "value": value} for label, value in (("优秀", "100"), ("较好", "80"), ("一般", "60"))],
        [{"label": label, "from": start} for label, start in (("优秀", "90"), ("较好", "75"), ("一般", "0"))],
    )


@dataclass
class Typed:
    """What was typed, without the rows left empty or struck out."""

    title: str
    parts: Data
    levels: Data
    bands: Data


@dataclass
class Sheet:
    """The form as the page draws it."""

    parts: list[Line]
    levels: list[Line]
    bands: list[Line]
    faults: list[tuple[str, str]]


def faults(parts: Sequence[Mapping[str, Any]], levels: Sequence[Mapping[str, Any]],
           bands: Sequence[Mapping[str, Any]]) -> list[Fault]:  # fmt: skip
    """All faults of a version, in reading order; none means that it may come into force."""
    found = _Faults()
    found.parts(parts)
    found.levels(levels)
    found.bands(bands)
    return found.list


class _Faults(Faults):
    """Collects faults while it walks through the parts and levels."""

    def parts(self, parts: Sequence[Mapping[str, Any]]) -> None:
        """Names, and weights that add up to 100."""
        if not any(part.get("items") for part in parts):
            self.add("", "至少要有一项指标。")
            return
        labels: set[str] = set()
        asked: set[str] = set()
        codes: set[str] = set()
        total = NOTHING
        known = True
        for at, part in enumerate(parts):
            self.words(f"parts.{at}.label", "部分名称", part.get("label"), labels)
            if not part.get("items"):
                self.add(
                    f"parts.{at}.label", f"“{part.get('label') or '这一部分'}”里还没有指标，请写上，或删去这一部分。"
                )
            for number, item in enumerate(part.get("items") or []):
                place = f"parts.{at}.items.{number}"
                self.words(f"{place}.label", "指标", item.get("label"), asked)
                if item["code"] in codes:
                    self.add(f"{place}.label", f"指标代号“{item['code']}”重复了，请删去其中一项。")
                codes.add(item["code"])
                weight = self.number(
                    f"{place}.weight", f"“{item.get('label') or '指标'}”的权重", item.get("weight", "")
                )
                if weight is None:
                    known = False
                    continue
                if weight <= 0:
                    self.add(f"{place}.weight", f"“{item.get('label')}”的权重要大于0，现在是{weight}。")
                total += weight
        if known:
            self.total("各项指标的权重", total)

    def levels(self, levels: Sequence[Mapping[str, Any]]) -> None:
        """From the best to the worst, each worth less than the one before, within 100."""
        if len(levels) < FEWEST_LEVELS:
            self.add("", "评价档次至少要两档。")
        labels: set[str] = set()
        before = None
        for at, level in enumerate(levels):
            self.words(f"levels.{at}.label", "档次名称", level.get("label"), labels)
            value = self.number(
                f"levels.{at}.value", f"“{level.get('label') or '档次'}”折合的分", level.get("value", "")
            )
            if value is None:
                return
            if not NOTHING <= value <= FULL:
                self.add(f"levels.{at}.value", f"“{level.get('label')}”折合的分要在0到100之间，现在是{value}。")
            if before is not None and value >= before:
                self.add(f"levels.{at}.value", f"档次要从高到低排，“{level.get('label')}”的{value}分不低于上一档。")
            before = value
        self.limit = FULL


def read(post: QueryDict, taken: Iterable[str] = ()) -> Typed:
    """What the form says; numbers stay as typed, so that a fault can be shown with them.

    New indicators get codes that are not among ``taken``.
    """
    parts: Data = []
    codes = set(taken) | {
        post.get(f"p{at}-i{number}-code", "").strip() for at in range(MOST_PARTS) for number in range(MOST_ITEMS)
    }
    for at in range(MOST_PARTS):
        items = [item for number in range(MOST_ITEMS) if (item := _item(post, f"p{at}-i{number}", codes))]
        label = post.get(f"p{at}-label", "").strip()
        if not post.get(f"p{at}-drop") and (label or items):
            parts.append({"label": label, "items": items})
    return Typed(
        post.get("title", "").strip(),
        parts,
        _rows(post, "l", MOST_LEVELS, "value"),
        _rows(post, "b", MOST_BANDS, "from"),
    )


def _rows(post: QueryDict, letter: str, most: int, value: str) -> Data:
    found = []
    for at in range(most):
        row = {name: post.get(f"{letter}{at}-{name}", "").strip() for name in ("label", value)}
        if any(row.values()) and not post.get(f"{letter}{at}-drop"):
            found.append(row)
    return found


def _item(post: QueryDict, prefix: str, codes: set[str]) -> dict[str, str] | None:
    """One indicator as typed; None for a row left empty or struck out."""
    values = {name: post.get(f"{prefix}-{name}", "").strip() for name in ("label", "weight")}
    if post.get(f"{prefix}-drop") or not any(values.values()):
        return None
    return {"code": post.get(f"{prefix}-code", "").strip()[:20] or new_code(codes, "q"), **values}


def lay_out(typed: Typed, found: Iterable[Fault] = ()) -> Sheet:
    """The sheet with empty rows at the end of each part, and the faults where they stand."""
    wrong = list(found)
    placed = by_place(wrong)
    lines = []
    for at, part in enumerate([*typed.parts, {}]):
        line = Line(f"p{at}", part, placed.get(f"parts.{at}", {}), is_spare=not part)
        items = list(part.get("items") or [])
        line.items = [
            Line(f"p{at}-i{number}", item, placed.get(f"parts.{at}.items.{number}", {}))
            for number, item in enumerate(items)
        ]
        line.items += [
            Line(f"p{at}-i{number}", {}, is_spare=True) for number in range(len(items), len(items) + SPARE_ITEMS)
        ]
        lines.append(line)
    return Sheet(
        parts=lines,
        levels=_lines("l", typed.levels, "levels", placed),
        bands=_lines("b", typed.bands, "bands", placed),
        faults=[(anchor(fault.place), fault.message) for fault in wrong],
    )


def _lines(letter: str, rows: Data, place: str, placed: Mapping[str, Mapping[str, list[str]]]) -> list[Line]:
    return [
        Line(f"{letter}{at}", row, placed.get(f"{place}.{at}", {}), is_spare=not row)
        for at, row in enumerate([*rows, {}])
    ]


def anchor(place: str) -> str:
    """The id of the field at a place: "parts.2.items.0.weight" is "p2-i0-weight"."""
    for long, short in (("parts.", "p"), ("levels.", "l"), ("bands.", "b"), (".items.", "-i")):
        place = place.replace(long, short)
    return place.replace(".", "-")
