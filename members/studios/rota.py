"""Rota rules 接待日规则: a text such as 每月15日 or 每周三下午, read by its meaning into days.

Days that fall on a day off move to the next working day (``core.workdays``) with the reason kept;
two days never meet on one date. A text that cannot be read is refused with examples.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from core import workdays
from core.errors import Refusal
from core.workdays import WEEKEND, Calendar
from members.studios.rota_parts import WEEKDAYS, MonthDay, NthWeekday, NthWorkday, Part, Weekly

EXAMPLES = "每月15日；每周三下午；每月第二个周五；每月5日、20日；每月最后一个周四上午；双周周二；每季度第一个周五"
MARGIN = 45
"""Days beyond the asked stretch that are planned along, so that its edges come out the same every time."""
FURTHEST = 20
"""Days that a reception day may move at most; with no working day free until then it lapses."""

HALVES: dict[str, tuple[time, time]] = {
    "上午": (time(9), time(11, 40)),
    "下午": (time(14, 30), time(17, 10)),
    "晚上": (time(19), time(20, 40)),
    "全天": (time(9), time(17)),
}
"""The hours of a half day where the rule names none: eight visitors at twenty minutes, five in the evening."""

_NUMBER = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_AND = r"(?:、|,|和|及|与|以及|/)"
_ORDINAL = rf"(?:倒数第{_NUMBER}|第{_NUMBER}|最后一?)个?"
_DAY = rf"[{WEEKDAYS}](?![日月个])"
_TOKENS = {
    "period": r"每月|每周|每?双周|每?单周|隔周|每隔一周|每两周|每季度?(?:的?(?:第[一二三123]个|首|末)月)?|每?双月|每?单月|每年",
    "ordinal": rf"{_ORDINAL}(?:{_AND}(?:{_ORDINAL}|{_NUMBER}个?))*",
    "workday": r"工作日",
    "weekdays": rf"周?{_DAY}(?:(?:至|到|-)周?{_DAY}|(?:{_AND}周?{_DAY})*)",
    "dates": rf"{_NUMBER}月{_NUMBER}日",
    "days": rf"逢?(?:{_NUMBER}日?{_AND})*{_NUMBER}日",
    "half": "|".join(HALVES),
    "hours": r"([0-9]{1,2})(?:[:点时]([0-9]{1,2}|半)?分?)(?:至|到|-)([0-9]{1,2})(?:[:点时]([0-9]{1,2}|半)?分?)",
    "between": rf"{_AND}|;|。|\(|\)|:|接待日?|为|是|定于|固定|轮流|集中",
}
_ORDER = ("period", "dates", "hours", "days", "ordinal", "workday", "weekdays", "half", "between")
_SAME = (
    (r"\s+|的(?!话)", ""), ("每个?(?:星期|礼拜|周)", "每周"), ("星期|礼拜", "周"), ("周天", "周日"), ("号", "日"),
    ("每个月", "每月"), ("每个季度?", "每季度"), ("[~～—–－−]+", "-"), ("[；。]", ";"),
)  # fmt: skip
_QUARTER_MONTHS = {
    "首": (1, 4, 7, 10),
    "一": (1, 4, 7, 10),
    "二": (2, 5, 8, 11),
    "三": (3, 6, 9, 12),
    "末": (3, 6, 9, 12),
}
_WEEKS = {"双": "even", "单": "odd", "隔": "other", "两": "other"}


@dataclass(frozen=True)
class Rota:
    """A rule that was read: its parts, each of which gives days."""

    text: str
    parts: tuple[Part, ...]

    @property
    def half(self) -> str:
        """The half of the day if all parts agree on one, else ""."""
        halves = {part.half for part in self.parts}
        return halves.pop() if len(halves) == 1 else ""

    def hours(self) -> tuple[time, time]:
        """When a day of this rule begins and ends by its own words: the forenoon where it says nothing."""
        return next((part.hours for part in self.parts if part.hours), None) or HALVES[self.half or "上午"]


@dataclass(frozen=True)
class Planned:
    """One day: what the rule gives, when it takes place (None: it lapses), why not that day, and its hours."""

    planned_on: date
    on: date | None
    moved_because: str
    part: Part


# --- Reading ------------------------------------------------------------------------------------


def read(text: str) -> Rota:
    """Read a rule; raises ``Refusal`` (field "text") that says what was not understood, with examples."""
    plain = unicodedata.normalize("NFKC", text)
    for pattern, same in _SAME:
        plain = re.sub(pattern, same, plain)
    reader = _Reader(text.strip(), plain)
    return Rota(text.strip(), reader.parts())


class _Reader:
    """Goes through a text word by word, keeping the period and ordinals that the next word belongs to."""

    def __init__(self, written: str, plain: str) -> None:
        self.written, self.plain = written, plain
        self.period = ""
        self.bare = False  # a period whose days have not come yet
        self.ordinals: list[int] = []
        self.found: list[Part] = []
        self.open = 0  # parts from here on have no half or hours yet

    def parts(self) -> tuple[Part, ...]:
        """All parts of the text, each once."""
        at = 0
        while at < len(self.plain):
            for name in _ORDER:
                match = re.compile(_TOKENS[name]).match(self.plain, at)
                if match and match.end() > at and self._fits(name, match.group()):
                    getattr(self, f"_{name}")(match)
                    at = match.end()
                    break
            else:
                raise self._refusal(f"“{self.plain[at : at + 8]}”没有读懂")
        if not self.found or self.bare or self.ordinals:
            raise self._refusal("没有说是哪一天" if self.plain else "接待日没有填")
        return tuple(dict.fromkeys(self.found))

    def _refusal(self, what: str) -> Refusal:
        shown = f"“{self.written}”里，" if self.written else ""
        return Refusal(f"{shown}{what}。可以这样写：{EXAMPLES}。几条合用，中间用分号隔开。", field="text")

    def _fits(self, name: str, word: str) -> bool:
        """A weekday without 周 follows only a weekly period."""
        weekly = self.bare and "周" in self.period
        return name != "weekdays" or word.startswith("周") or weekly

    def _add(self, parts: Sequence[Part]) -> None:
        self.found += parts
        self.bare, self.ordinals = False, []

    def _months(self) -> frozenset[int]:
        if "季" in self.period and self.period.endswith("月"):
            return frozenset(_QUARTER_MONTHS[next(sign for sign in _QUARTER_MONTHS if sign in _chinese(self.period))])
        if "月" in self.period and self.period[-2] in "双单":
            return frozenset(range(2 if "双" in self.period else 1, 13, 2))
        return frozenset(range(1, 13))

    def _of_quarter(self) -> bool:
        return "季" in self.period and not self.period.endswith("月")

    def _period(self, match: re.Match[str]) -> None:
        if self.bare:
            raise self._refusal(f"“{self.period}{match.group()}”连在一起，没有读懂")
        self.period, self.bare, self.ordinals, self.open = match.group(), True, [], len(self.found)

    def _ordinal(self, match: re.Match[str]) -> None:
        if "周" in self.period or self.period == "每年":
            raise self._refusal(f"“{self.period}{match.group()}”没有读懂，第几个要和每月或每季度一起用")
        for one in re.finditer(rf"(倒数)?第?({_NUMBER})|最后", match.group()):
            number = -1 if one.group() == "最后" else _value(one.group(2))
            if one.group() == "最后" or not match.group()[: one.start()].endswith("最后"):
                self.ordinals.append(-number if one.group(1) else number)

    def _workday(self, match: re.Match[str]) -> None:
        if not self.ordinals:
            raise self._refusal("没有说是第几个工作日")
        self._add([NthWorkday(nth, self._months(), self._of_quarter()) for nth in self.ordinals])

    def _weekdays(self, match: re.Match[str]) -> None:
        signs = [sign for sign in match.group() if sign in WEEKDAYS]
        chosen = [WEEKDAYS.index(sign) for sign in signs]
        if re.search("[至到-]", match.group()):
            if chosen[0] >= chosen[-1]:
                raise self._refusal(f"“{match.group()}”的先后不对")
            chosen = list(range(chosen[0], chosen[-1] + 1))
        if self.ordinals:
            most = 13 if self._of_quarter() else 5
            if any(not 1 <= abs(nth) <= most for nth in self.ordinals):
                raise self._refusal(f"“第{max(self.ordinals)}个{match.group()}”没有这一天")
            months, quarter = self._months(), self._of_quarter()
            self._add([NthWeekday(nth, day, months, quarter) for nth in self.ordinals for day in chosen])
        elif self.period and "周" not in self.period:
            raise self._refusal(f"没有说是{self.period}第几个{match.group()}；每个星期都接待，请写“每{match.group()}”")
        else:
            weeks = next((kind for sign, kind in _WEEKS.items() if sign in self.period), "")
            self._add([Weekly(day, weeks) for day in chosen])

    def _dates(self, match: re.Match[str]) -> None:
        if self.period != "每年":
            raise self._refusal(f"“{match.group()}”前面请写“每年”；只接待一次的，请在轮值表里直接加一天")
        month, day = (_value(part) for part in re.findall(_NUMBER, match.group()))
        try:
            date(2024, month, day)
        except ValueError as error:
            raise self._refusal(f"没有“{match.group()}”这一天") from error
        self._add([MonthDay(day, frozenset({month}))])

    def _days(self, match: re.Match[str]) -> None:
        if "周" in self.period or self.period == "每年" or self._of_quarter():
            hint = "，请写明是第几个月，如“每季度首月10日”" if self._of_quarter() else ""
            raise self._refusal(f"“{self.period}{match.group()}”没有读懂{hint}")
        numbers = [_value(part) for part in re.findall(_NUMBER, match.group())]
        if wrong := [number for number in numbers if not 1 <= number <= 31]:
            raise self._refusal(f"没有{wrong[0]}日这一天")
        self._add([MonthDay(number, self._months()) for number in numbers])

    def _half(self, match: re.Match[str]) -> None:
        if len(self.found) == self.open:
            raise self._refusal(f"“{match.group()}”前面没有说是哪一天")
        self.found[self.open :] = [replace(part, half=match.group()) for part in self.found[self.open :]]
        self.open = len(self.found)

    def _hours(self, match: re.Match[str]) -> None:
        opens, closes = (_clock(match.group(place), match.group(place + 1)) for place in (1, 3))
        last = self.found[-1].half if self.found else ""
        if last in ("下午", "晚上"):
            opens, closes = (
                moment if moment is None or moment.hour >= 12 else moment.replace(hour=moment.hour + 12)
                for moment in (opens, closes)
            )
        if not self.found or opens is None or closes is None or opens >= closes:
            raise self._refusal(f"“{match.group()}”不是一段时间")
        half = "上午" if opens.hour < 12 else "下午" if opens.hour < 18 else "晚上"
        # Hours stand behind the half that they explain, else behind the days themselves.
        start = self.open if len(self.found) > self.open else _group_start(self.found)
        self.found[start:] = [
            replace(part, half=part.half or half, hours=(opens, closes)) for part in self.found[start:]
        ]
        self.open = len(self.found)

    def _between(self, match: re.Match[str]) -> None:
        if match.group() == ";":
            self.open = len(self.found)


def _group_start(parts: Sequence[Part]) -> int:
    """Where the last parts of the same half begin."""
    start = len(parts) - 1
    while start > 0 and parts[start - 1].half == parts[-1].half and parts[start - 1].hours is None:
        start -= 1
    return start


def _value(text: str) -> int:
    """1 to 99 in Arabic or Chinese digits: 15, 十五, 二十."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    digits = "零一二三四五六七八九"
    if not ten:
        return digits.index(text) if len(text) == 1 else 99
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)


def _clock(hour: str, minute: str | None) -> time | None:
    minutes = 30 if minute == "半" else int(minute or 0)
    return time(int(hour), minutes) if int(hour) < 24 and minutes < 60 else None


def _chinese(text: str) -> str:
    return text.translate(str.maketrans("123", "一二三"))


# --- Planning -----------------------------------------------------------------------------------


def plan(
    rota: Rota,
    first: date,
    last: date,
    *,
    calendar: Calendar | None = None,
    anchor: date | None = None,
    taken: Collection[date] = (),
    settled: Collection[date] = (),
) -> list[Planned]:
    """The days of a rule whose planned date lies from ``first`` to ``last``, in their order, none on one date.

    ``anchor`` is the day from which 隔周 counts. On a date of ``taken`` there is a day already: one
    that the rule gives there is left out, one that moves goes past it. Planned dates in ``settled``
    are done with. The same stretch asked for in pieces gives the same days.
    """
    calendar = calendar or workdays.current()
    anchor = anchor or first
    wide = first - timedelta(MARGIN), last + timedelta(MARGIN)
    wished: dict[date, tuple[str, Part]] = {}
    for part in rota.parts:
        for day, note in part.days(*wide, calendar=calendar, anchor=anchor):
            if day not in settled:
                wished.setdefault(day, (note, part))
    stays = {day for day, (_, part) in wished.items() if _may_stay(day, part, calendar)}
    full = stays | set(taken)
    found = []
    for day, (note, part) in sorted(wished.items()):
        if day in stays:
            if day not in taken:
                found.append(Planned(day, day, note, part))
            continue
        target, why = _move(day, full, calendar)
        if target is not None:
            full.add(target)
        found.append(Planned(day, target, "；".join(filter(None, (note, why))), part))
    return [row for row in found if first <= row.planned_on <= last]


def _may_stay(day: date, part: Part, calendar: Calendar) -> bool:
    judged = calendar.day(day)
    return judged.works or (part.on_weekend and judged.reason == WEEKEND)


def _move(day: date, full: set[date], calendar: Calendar) -> tuple[date | None, str]:
    """The next working day after ``day`` that is free, and the sentence that says so."""
    reason = calendar.day(day).reason
    provisional = "（暂定）" if reason.endswith("（暂定）") else ""
    name = reason.removesuffix("（暂定）").removesuffix("放假")
    why = f"{_said(day)}是{'星期' + WEEKDAYS[day.weekday()] if reason == WEEKEND else name + '假期' + provisional}"
    target, passed = calendar.next_workday(day), []
    while target in full:
        passed.append(target)
        target = calendar.next_workday(target + timedelta(1))
    if (target - day).days > FURTHEST:
        return None, f"{why}，后面没有空着的工作日，这一次不接待"
    if passed:
        why += f"，{_said(passed[0])}已有接待"
    return target, f"{why}，改到{_said(target)}"


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
