"""The deadlines (期限) of cases read from papers: those met long ago in bulk, the open ones as always.

A case that its papers show as answered gets the terms that held then, met on the days given, so
that rates and item pages can tell what was in time. A case still open gets what its units owe now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from core import options, reminders, workdays
from core.models import Deadline
from core.papers.importing import Plan
from proposals import terms
from proposals.models import Feedback, Promise, Proposal, TaskStatus, UnitTask

_BATCH = 500


class _Reckoner:
    """Working-day and month terms, each reckoned once: most cases of a year start on one day."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, dt.date, int], workdays.Due] = {}

    def due(self, unit: str, start: dt.date, amount: int) -> workdays.Due:
        """The term of ``amount`` working days or months from ``start``."""
        key = (unit, start, amount)
        if key not in self._known:
            self._known[key] = workdays.compute(unit, start, amount)
        return self._known[key]


def store(
    plans: Sequence[Plan],
    cases: Mapping[str, Proposal],
    tasks: Mapping[int, Sequence[UnitTask]],
    promises: Sequence[Promise],
) -> None:
    """Write the deadlines of cases with their ``tasks`` by case and the ``promises`` of their replies."""
    reckoner = _Reckoner()
    rows: list[Deadline] = []
    for plan in plans:
        case, payload = cases[plan.key], plan.payload
        for task in tasks.get(case.pk, ()):
            rows += _met(task, payload, reckoner)
    by_case = {cases[plan.key].pk: plan.payload for plan in plans}
    for promise in promises:
        payload = by_case[promise.reply.task.proposal_id]
        rows.append(_promise(promise, payload["replied_on"], payload["status"]))
    Deadline.objects.bulk_create(rows, batch_size=_BATCH)
    for plan in plans:
        case = cases[plan.key]
        _open(case, plan.payload, tasks.get(case.pk, ()))


def _met(task: UnitTask, payload: Mapping[str, Any], reckoner: _Reckoner) -> list[Deadline]:
    """Receipt and reply of a unit that answers, where the register dates them."""
    if not task.replies:
        return []
    start, rows = task.assigned_on, []
    if task.signed_on:
        days = options.value("proposals.receipt_days")
        due = reckoner.due(workdays.WORKING_DAYS, start, days)
        rows.append(_row(task, "receipt", due, task.signed_on, f"交办次日起{days}个工作日"))
    if payload["replied_on"]:
        months = options.value("proposals.extension_months" if payload["extended"] else "proposals.reply_months")
        rule = f"同意延期，交办起{months}个月" if payload["extended"] else f"交办起{months}个月"
        due = reckoner.due(workdays.MONTHS, start, months)
        rows.append(_row(task, "reply", due, payload["replied_on"], rule))
    return rows


def _row(task: UnitTask, kind: str, due: workdays.Due, met_on: dt.date, rule: str) -> Deadline:
    return Deadline(
        subject_type=task._meta.label_lower,
        subject_id=task.pk,
        root_type="proposals.proposal",
        root_id=task.proposal_id,
        kind=kind,
        label=terms.LABELS[kind],
        starts=due.starts,
        due=due.due,
        unit=due.unit,
        amount=due.amount,
        rule=rule,
        provisional=due.provisional,
        met_on=met_on,
        stage=reminders.first_stage(due.starts, due.due),
    )


def _promise(promise: Promise, given_on: dt.date, status: str) -> Deadline:
    """A promise runs on until somebody records that it was kept; one in a closed case is void, and so is
    one of which an old register leaves the outcome open."""
    return Deadline(
        subject_type="proposals.promise",
        subject_id=promise.pk,
        root_type="proposals.proposal",
        root_id=promise.reply.task.proposal_id,
        kind="promise",
        label=terms.LABELS["promise"],
        starts=given_on,
        due=promise.due_on,
        unit=Deadline.Unit.DATE,
        rule="答复函中承诺的日期",
        void=status != "follow_up" or promise.unrecorded,
        stage=reminders.first_stage(given_on, promise.due_on),
    )


def _open(case: Proposal, payload: Mapping[str, Any], tasks: Sequence[UnitTask]) -> None:
    """What is owed in a case that is still open, by the same rules as any other case."""
    if case.status == "filed" and case.filed_on:
        terms.open_assignment(case, start=case.filed_on)
    elif case.status in ("assigned", "handling"):
        for task in tasks:
            terms.open_task(task, start=task.assigned_on)
            if payload["extended"] and task.replies:
                terms.extend_reply(task, until=terms.latest_extension(task))
    elif case.status == "rehandling":
        for task in tasks:
            if task.status == TaskStatus.WORKING:
                terms.open_second_reply(task, start=payload["replied_on"])
    elif case.status == "replied":
        for feedback in Feedback.objects.filter(proposal=case, state=Feedback.State.WAITING):
            terms.open_feedback(feedback, start=payload["replied_on"])
