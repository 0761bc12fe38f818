"""How a deadline (期限) is shown: how long is left first, then the date, then how it came about."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import deadlines, fragments, options, revisions, workdays
from core.templatetags.frame import cn_date

register = template.Library()

LONGEST_TABLE = 70
"""Days beyond which only the last weeks are drawn day by day."""

LAST_WEEKS = 3
"""How many weeks those are."""


def words(due: date, *, today: date, met_on: date | None = None) -> tuple[str, str]:
    """State and wording of a deadline: ("" | "soon" | "over" | "done", "还有3个工作日")."""
    if met_on is not None:
        late = (met_on - due).days
        if late > 0:
            return "over", f"超期{late}天完成"
        return "done", f"提前{-late}天完成" if late < 0 else "按时完成"
    if due < today:
        return "over", f"已超期{(today - due).days}天"
    if due == today:
        return "soon", "今天到期"
    calendar = workdays.current()
    left = calendar.count(today, due)
    # Only days off lie between today and a named day: say the days that really are left.
    text = f"还有{left}个工作日" if left else f"还有{(due - today).days}天"
    return ("soon" if left <= options.value("deadlines.soon_days") else ""), text


@register.simple_tag
def due(day: date | None, met_on: date | None = None, today: date | None = None) -> SafeString | str:
    """A due date as in a list: 还有3个工作日 and the date; nothing for none."""
    if day is None:
        return ""
    calendar, soon = revisions.mark(workdays.TABLE), options.value("deadlines.soon_days")
    return _due(day, met_on, today or timezone.localdate(), calendar, soon)


@lru_cache(maxsize=2000)
def _due(day: date, met_on: date | None, today: date, calendar: str, soon: int) -> SafeString:
    """Drawn once a day for all rows with the same date; the calendar's mark and the option are part of the key."""
    state, text = words(day, today=today, met_on=met_on)
    shown = met_on or day
    return format_html(
        '<span class="due{}"><b>{}</b><time datetime="{}">{}</time></span>',
        f" due-{state}" if state else "",
        text,
        shown.isoformat(),
        cn_date(shown),
    )


class _Shown(NamedTuple):
    """What a deadline's part of a page says of it; pages of many cases share one."""

    label: str
    starts: date
    due: date
    unit: str
    amount: int
    rule: str
    provisional: bool
    met_on: date | None
    void: bool
    pauses: tuple[tuple[str, str], ...]


@register.simple_tag
def deadline_card(deadline: Any) -> SafeString:
    """A core Deadline that explains itself, drawn once a day for all cases that have the same one."""
    values = [getattr(deadline, name) for name in _Shown._fields[:-1]]
    shown = _Shown._make([*values, tuple((asked, decided) for asked, decided in deadline.pauses)])
    return fragments.draw(
        "components/_deadline.html",
        deadline=shown,
        today=timezone.localdate(),
        calendar=revisions.mark(workdays.TABLE),
        soon=options.value("deadlines.soon_days"),
    )


@dataclass(frozen=True)
class Cell:
    """One day of the table: its number, what is said under it, and how it is drawn."""

    label: str = ""
    note: str = ""
    look: str = "none"
    today: bool = False


@dataclass(frozen=True)
class Explanation:
    """What a deadline's page part shows: weeks of seven cells, and what is said beside them.

    ``cut`` tells that the table holds the last weeks only; ``moves`` are the days passed over
    after the last day of a limit in months.
    """

    weeks: list[list[Cell]]
    cut: bool
    moves: list[str]


@register.simple_tag
def deadline_explained(deadline: Any) -> Explanation | None:
    """How a core Deadline came about, day by day, or None where nothing needs reckoning."""
    reckoned = deadlines.explain(deadline)
    if reckoned is None:
        return None
    first_day, last_day = sorted((deadline.starts, deadline.due))
    days = (last_day - first_day).days
    cut = deadline.unit == workdays.MONTHS or days > LONGEST_TABLE
    sunday = last_day + timedelta(days=6 - last_day.weekday())
    monday = first_day - timedelta(days=first_day.weekday())
    if cut:
        first = sunday - timedelta(days=7 * LAST_WEEKS - 1)
        cut, monday = first > monday, max(first, monday)
    steps = {step.date: step for step in reckoned.steps}
    shown = [monday + timedelta(days=n) for n in range((sunday - monday).days + 1)]
    today = timezone.localdate()
    cells = [_cell(day, steps.get(day), deadline, today, shown[0]) for day in shown]
    weeks = [cells[start : start + 7] for start in range(0, len(cells), 7)]
    moves = [f"{cn_date(step.date)}：{step.reason}" for step in reckoned.steps if "顺延" in step.reason]
    return Explanation(weeks, cut, moves)


def _cell(day: date, step: workdays.Step | None, deadline: Any, today: date, first: date) -> Cell:
    """One day as the table draws it."""
    if step is None:
        return Cell()
    named = day.day == 1 or day in (deadline.starts, first)
    label = f"{day.month}/{day.day}" if named else str(day.day)
    note, look = _look(day, step, deadline)
    if look == "work":
        label += "班"
    return Cell(label, note, look, today=day == today)


def _look(day: date, step: workdays.Step, deadline: Any) -> tuple[str, str]:
    """What is said under a day, and the class that draws it."""
    if day == deadline.starts:
        return "当天" if deadline.unit == workdays.DAYS_BEFORE else "起算", "none"
    if day == deadline.due:
        return "到期", "end"
    if not step.counted:
        weekend = step.reason.startswith(workdays.WEEKEND)
        return {workdays.PAUSED: "暂停"}.get(step.reason, "周末" if weekend else "休"), ""
    if deadline.unit == workdays.MONTHS:
        reached = step.reason.partition("，")[0].partition("（")[0]
        return reached if reached.startswith("满") else "计", "yes"
    makeup, _, nth = step.reason.rpartition("，")
    return nth, "work" if makeup else "yes"
