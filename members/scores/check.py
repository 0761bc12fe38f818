"""Whether a version of the scoring rules 计分办法 is sound: each fault in a sentence, with the place where it stands."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.rule_sheets import Fault, Faults
from members.duty import acts as duty_acts
from members.scores.scoring import NOTHING, SHARES


def faults(headings: Sequence[Mapping[str, Any]], bands: Sequence[Mapping[str, Any]], *, target: str) -> list[Fault]:
    """All faults of a version, in reading order; none means that it may come into force."""
    found = _Faults(target)
    found.headings(headings)
    found.bands(bands)
    return found.list


class _Faults(Faults):
    """Collects faults while it walks through a version."""

    def __init__(self, target: str):
        super().__init__()
        self.known = {act.code for act in duty_acts.of_target(target)}
        self.acts: dict[str, str] = {}

    def headings(self, headings: Sequence[Mapping[str, Any]]) -> None:
        """Names, caps that add up to 100, items."""
        if not headings:
            self.add("", "至少要有一个项目。")
            return
        labels: set[str] = set()
        codes: set[str] = set()
        total: Decimal | None = NOTHING
        for at, heading in enumerate(headings):
            place = f"headings.{at}"
            self.words(f"{place}.label", "项目名称", heading.get("label"), labels)
            self._code(place, str(heading.get("code") or ""), codes)
            name = str(heading.get("label") or "") or f"第{at + 1}个项目"
            cap = self.number(f"{place}.cap", f"“{name}”的上限", heading.get("cap", ""))
            if cap is not None and cap <= 0:
                self.add(f"{place}.cap", f"“{name}”的上限要大于0，现在是{cap}。")
            total = None if cap is None or total is None else total + cap
            self._extras(place, name, heading, cap)
            for number, item in enumerate(heading.get("items") or []):
                self._item(f"{place}.items.{number}", name, item)
        if total is not None:
            self.total("各项目的上限", total, "分")

    def _code(self, place: str, code: str, codes: set[str]) -> None:
        if not code:
            self.add(f"{place}.label", "这个项目没有代号，请删去后重新添加。")
        elif code in codes:
            self.add(f"{place}.label", f"项目代号“{code}”重复了，请删去其中一个。")
        codes.add(code)

    def _extras(self, place: str, name: str, heading: Mapping[str, Any], cap: Decimal | None) -> None:
        """Bonus on top and floor below."""
        bonus = self.number(f"{place}.bonus", f"“{name}”的加分上限", heading.get("bonus") or 0)
        if bonus is not None and bonus < 0:
            self.add(f"{place}.bonus", f"“{name}”的加分上限不能是负数，没有加分就填0。")
        floor = self.number(f"{place}.floor", f"“{name}”的最低分", heading.get("floor") or 0)
        if floor is not None and floor > 0:
            self.add(f"{place}.floor", f"“{name}”的最低分不能大于0。")
        if any(item.get("bonus") for item in heading.get("items") or []) and bonus == 0:
            self.add(f"{place}.bonus", f"“{name}”里有加分事项，加分上限不能是0。")
        self.limit += (cap or NOTHING) + (bonus or NOTHING)

    def _item(self, place: str, heading: str, item: Mapping[str, Any]) -> None:
        act = str(item.get("act") or "")
        label = str(item.get("label") or "").strip() or duty_acts.label_of(act) or "新事项"
        if len(label) > 40:
            self.add(f"{place}.label", f"事项名称最多40字，现在{len(label)}字。")
        if act not in self.known:
            self.add(f"{place}.act", f"“{heading}”里的事项“{act or '（没有选）'}”系统里没有，记不到分，请重新选择。")
        elif act in self.acts:
            self.add(f"{place}.act", f"事项“{label}”已经在“{self.acts[act]}”里计分，一件事不能计两次。")
        else:
            self.acts[act] = heading
        points = self.number(f"{place}.points", f"“{label}”每次的分", item.get("points", ""))
        if points == 0:
            self.add(f"{place}.points", f"“{label}”每次0分，记了也没有分；不计分就删去这一行。")
        most = item.get("most")
        if most not in (None, ""):
            limit = self.number(f"{place}.most", f"“{label}”全年最多", most)
            if limit is not None and limit <= 0:
                self.add(f"{place}.most", f"“{label}”全年最多要大于0；不限就空着。")
        if str(item.get("share") or "") not in SHARES:
            self.add(f"{place}.share", f"“{label}”的联名记分方法不对，请重新选择。")
