"""The scoring rules 计分办法 as a form in the browser: read what was typed, lay it out again with faults beside fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from core.rule_sheets import Fault, Line, by_place, new_code
from members.duty import acts as duty_acts
from members.scores.scoring import SHARES

MOST_HEADINGS, MOST_ITEMS, MOST_BANDS = 20, 40, 10
SPARE_ITEMS = 2
Data = list[dict[str, Any]]


@dataclass
class Typed:
    """What was typed: a title, headings and bands, without the rows left empty or struck out."""

    title: str
    headings: Data
    bands: Data


@dataclass
class Sheet:
    """The form as the page draws it."""

    headings: list[Line]
    bands: list[Line]
    acts: list[tuple[str, str]]
    shares: list[tuple[str, str]]
    faults: list[tuple[str, str]]


def read(post: QueryDict) -> Typed:
    """What the form says; numbers stay as typed, so that a fault can be shown with them."""
    headings: Data = []
    codes = {post.get(f"h{at}-code", "") for at in range(MOST_HEADINGS)}
    for at in range(MOST_HEADINGS):
        prefix = f"h{at}"
        items = [item for number in range(MOST_ITEMS) if (item := _item(post, f"{prefix}-i{number}"))]
        values = {name: post.get(f"{prefix}-{name}", "").strip() for name in ("label", "cap", "bonus", "floor")}
        if post.get(f"{prefix}-drop") or not (values["label"] or values["cap"] or items):
            continue
        code = post.get(f"{prefix}-code", "").strip()[:20] or new_code(codes, "h")
        headings.append(
            {"code": code, **values, "bonus": values["bonus"] or "0", "floor": values["floor"] or "0", "items": items}
        )
    bands = []
    for at in range(MOST_BANDS):
        label, start = (post.get(f"b{at}-{name}", "").strip() for name in ("label", "from"))
        if (label or start) and not post.get(f"b{at}-drop"):
            bands.append({"label": label, "from": start})
    return Typed(post.get("title", "").strip(), headings, bands)


def lay_out(headings: Sequence[Mapping[str, Any]], bands: Sequence[Mapping[str, Any]], *, target: str,
            faults: Iterable[Fault] = ()) -> Sheet:  # fmt: skip
    """The sheet with empty rows at the end of each part, and the faults where they stand."""
    found = list(faults)
    placed = by_place(found)
    lines = []
    for at, heading in enumerate([*headings, {}]):
        line = Line(f"h{at}", heading, placed.get(f"headings.{at}", {}), is_spare=not heading)
        items = list(heading.get("items") or [])
        line.items = [
            Line(f"h{at}-i{number}", item, placed.get(f"headings.{at}.items.{number}", {}))
            for number, item in enumerate(items)
        ]
        line.items += [
            Line(f"h{at}-i{number}", {}, is_spare=True) for number in range(len(items), len(items) + SPARE_ITEMS)
        ]
        lines.append(line)
    return Sheet(
        headings=lines,
        bands=[
            Line(f"b{at}", band, placed.get(f"bands.{at}", {}), is_spare=not band)
            for at, band in enumerate([*bands, {}])
        ],
        acts=[(act.code, act.label) for act in duty_acts.of_target(target)],
        shares=list(SHARES.items()),
        faults=[(anchor(fault.place), fault.message) for fault in found],
    )


def anchor(place: str) -> str:
    """The id of the field at a place: "headings.2.items.0.points" is "h2-i0-points"."""
    words = place.replace("headings.", "h").replace("bands.", "b").replace(".items.", "-i").split(".")
    return "-".join(words)


def _item(post: QueryDict, prefix: str) -> dict[str, Any] | None:
    """One item as typed; None for a row left empty or struck out."""
    values = {name: post.get(f"{prefix}-{name}", "").strip() for name in ("act", "label", "points", "most", "share")}
    if post.get(f"{prefix}-drop") or not any(values[name] for name in ("act", "points", "most")):
        return None
    label = values["label"] or (duty_acts.label_of(values["act"]) if values["act"] else "")
    return {**values, "label": label, "bonus": bool(post.get(f"{prefix}-bonus"))}
