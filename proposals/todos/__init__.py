"""What waits for a person 待办 and since when: all duties of all roles, read in one query."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from core import todos as common
from proposals.todos import cases, handling, lines
from proposals.todos.lines import COUNT_CAP, TOGETHER_FROM, Duty, Line

DUTIES: tuple[Duty, ...] = (*cases.PROPOSERS, *cases.OFFICES, *handling.INSPECTION, *handling.UNITS)
_BY_KIND = {duty.kind: duty for duty in DUTIES}
MOST = 50


@dataclass(frozen=True)
class Todo(common.Todo):
    """One thing that waits, and the proposal that it belongs to."""

    proposal_id: int = 0


def todos(user: Any, today: date, limit: int = MOST) -> list[Todo]:
    """What waits for ``user``, the nearest day first, at most ``limit`` in all."""
    read = lines.read(DUTIES, user, limit)
    counted = {line.kind.removesuffix("#"): line.row for line in read if line.kind.endswith("#")}
    many = {kind: number for kind, number in counted.items() if number > TOGETHER_FROM}
    apart = [line for line in read if line.kind in _BY_KIND and line.kind not in many]
    found = [_one(_BY_KIND[line.kind], line) for line in apart]
    for kind, number in many.items():
        first = min((line for line in read if line.kind == kind), key=lambda line: line.began or today)
        found.append(_together(_BY_KIND[kind], first, number))
    found.sort(key=lambda todo: (*common.urgency(todo, today), todo.proposal_id))
    return found[:limit]


def counts(user: Any) -> dict[str, int]:
    """How many wait for ``user`` by kind, each counted up to a cap; kinds that are not his are absent."""
    asked = ((duty.kind, duty.rows(user)) for duty in DUTIES)
    return {kind: rows.order_by()[:COUNT_CAP].count() for kind, rows in asked if rows is not None}


def register() -> None:
    """Put proposals among what waits for a person on the first page."""
    common.provide(todos)


def _one(duty: Duty, line: Line) -> Todo:
    return Todo(
        kind=duty.kind,
        title=line.title or "（还没有案由）",
        sub=duty.tell(line),
        url=reverse(f"proposals:{duty.page}", args=[line.row]),
        action=duty.action,
        due=line.due,
        since=line.began,
        tidying=duty.tidying,
        proposal_id=line.proposal,
    )


def _together(duty: Duty, line: Line, many: int) -> Todo:
    """One line for work that is done many at a time, once there are more than a few."""
    return Todo(
        kind=duty.kind,
        title=f"{many}件等着{duty.action}" if many < COUNT_CAP else f"{COUNT_CAP}件以上等着{duty.action}",
        sub="可以在清单里成批办",
        url=f"{reverse('proposals:list')}?{duty.together}",
        action=f"成批{duty.action}",
        since=line.began,
        tidying=duty.tidying,
        proposal_id=line.proposal,
    )
