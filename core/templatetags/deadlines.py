"""How a deadline (期限) is shown: how long is left first, then the date, then how it came about."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import workdays
from core.templatetags.frame import cn_date

register = template.Library()

SOON = 3
"""Working days left from which a deadline is shown as 即将到期."""

LONGEST_TABLE = 70
"""Days beyond which no day-by-day table is drawn."""


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
    left = workdays.working_days_between(today, due)
    return ("soon" if left <= SOON else ""), f"还有{left}个工作日"


@register.simple_tag
def due(day: date | None, met_on: date | None = None, today: date | None = None) -> SafeString | str:
    """A due date as in a list: 还有3个工作日 and the date; nothing for none."""
    if day is None:
        return ""
    state, text = words(day, today=today or timezone.localdate(), met_on=met_on)
    shown = met_on or day
    return format_html(
        '<span class="due{}"><b>{}</b><time datetime="{}">{}</time></span>',
        f" due-{state}" if state else "",
        text,
        shown.isoformat(),
        cn_date(shown),
    )


@dataclass(frozen=True)
class Cell:
    """One day of the table: its number, what is said under it, and how it is drawn."""

    label: str = ""
    note: str = ""
    look: str = "none"
    today: bool = False


@register.simple_tag
def deadline_weeks(deadline: Any) -> list[list[Cell]]:
    """The days from the start to the due day of a core Deadline in weeks of seven cells.

    Only for limits in working days that fit the table and that the calendar alone explains;
    otherwise an empty list.
    """
    if deadline.unit != workdays.WORKING_DAYS or (deadline.due - deadline.starts).days > LONGEST_TABLE:
        return []
    reckoned = workdays.add_working_days(deadline.starts, deadline.amount)
    if reckoned.due != deadline.due:
        return []
    steps = {step.date: step for step in reckoned.steps}
    today = timezone.localdate()
    monday = deadline.starts - timedelta(days=deadline.starts.weekday())
    sunday = deadline.due + timedelta(days=6 - deadline.due.weekday())
    days = [monday + timedelta(days=n) for n in range((sunday - monday).days + 1)]
    cells = [_cell(day, steps.get(day), deadline, today) for day in days]
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _cell(day: date, step: workdays.Step | None, deadline: Any, today: date) -> Cell:
    """One day as the table draws it."""
    if step is None:
        return Cell()
    label = f"{day.month}/{day.day}" if day.day == 1 or day == deadline.starts else str(day.day)
    is_today = day == today
    if day == deadline.starts:
        return Cell(label, "起算", "none", is_today)
    if day == deadline.due:
        return Cell(label, "到期", "end", is_today)
    if not step.counted:
        return Cell(label, "周末" if step.reason == workdays.WEEKEND else "休", "", is_today)
    nth = step.reason.rpartition("，")[2]
    if step.reason != nth:
        return Cell(f"{label}班", nth, "work", is_today)
    return Cell(label, nth, "yes", is_today)


@register.simple_tag
def deadline_moves(deadline: Any) -> list[str]:
    """In words, why a limit in months ends on another day than its day number: each day passed."""
    if deadline.unit != workdays.MONTHS:
        return []
    reckoned = workdays.add_months(deadline.starts, deadline.amount)
    if reckoned.due != deadline.due:
        return []
    return [f"{cn_date(step.date)}：{step.reason}" for step in reckoned.steps if "顺延" in step.reason]
