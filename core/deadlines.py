"""Set, meet and void deadlines 期限; each change tells whoever watches the case."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache

from django.db import transaction
from django.db.models import Model

from core import options, workdays
from core.models import Deadline
from core.prepared import Prepared
from core.subjects import subject_key
from core.workdays import Pause

options.declare(
    "deadlines.soon_days",
    type="int",
    default=3,
    label="还剩几个工作日时标“即将到期”",
    group="提醒",
    minimum=0,
    maximum=30,
)

Watcher = Callable[[list[int]], None]
_watchers: dict[str, Watcher] = {}


def watch(root_type: str, watcher: Watcher) -> None:
    """Call ``watcher(root_ids)`` in the same transaction whenever deadlines of such cases change."""
    _watchers[root_type] = watcher


@transaction.atomic
def set_working_days(
    subject,
    kind: str,
    *,
    root,
    label: str,
    start: date,
    days: int,
    event: str,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Open a deadline of ``days`` working days after ``start``; ``event`` names what started it."""
    due = workdays.add_working_days(start, days, pauses=pauses)
    return _open(
        subject,
        kind,
        root=root,
        label=label,
        starts=start,
        due=due.due,
        unit=Deadline.Unit.WORKING_DAYS,
        amount=days,
        rule=f"{event}次日起{days}个工作日",
        provisional=due.provisional,
        pauses=pauses,
    )


@transaction.atomic
def set_days_before(
    subject, kind: str, *, root, label: str, day: date, days: int, event: str, opened: date
) -> Deadline:
    """Open a deadline ``days`` working days before ``day``, on which ``event`` takes place; known since ``opened``."""
    due = workdays.days_before(day, days)
    return _open(
        subject,
        kind,
        root=root,
        label=label,
        starts=day,
        due=due.due,
        unit=Deadline.Unit.DAYS_BEFORE,
        amount=days,
        rule=f"{event}前{days}个工作日",
        provisional=due.provisional,
        opened=opened,
    )


@transaction.atomic
def set_months(
    subject,
    kind: str,
    *,
    root,
    label: str,
    start: date,
    months: int,
    event: str,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Open a deadline of ``months`` calendar months after ``start``, rolled to a working day."""
    due = workdays.add_months(start, months, pauses=pauses)
    return _open(
        subject,
        kind,
        root=root,
        label=label,
        starts=start,
        due=due.due,
        unit=Deadline.Unit.MONTHS,
        amount=months,
        rule=f"{event}起{months}个月",
        provisional=due.provisional,
        pauses=pauses,
    )


@transaction.atomic
def set_date(subject, kind: str, *, root, label: str, start: date, due: date, rule: str) -> Deadline:
    """Open a deadline on a named day; ``rule`` says who named it."""
    return _open(
        subject,
        kind,
        root=root,
        label=label,
        starts=start,
        due=due,
        unit=Deadline.Unit.DATE,
        amount=0,
        rule=rule,
        provisional=False,
    )


def meet(subject, *kinds: str, on: date) -> None:
    """Mark the open deadlines of ``kinds`` kept (or overrun) by what happened on ``on``."""
    _close(Deadline.objects.of(subject).open().filter(kind__in=kinds), met_on=on)


def void(subject, *kinds: str) -> None:
    """Drop the open deadlines of ``kinds`` (all when none is named): nobody waits for them any more."""
    rows = Deadline.objects.of(subject).open()
    _close(rows.filter(kind__in=kinds) if kinds else rows, void=True)


def void_case(root) -> None:
    """Drop every open deadline of a case."""
    _close(Deadline.objects.of_case(root).open(), void=True)


def changed(root_type: str, root_ids: Iterable[int]) -> None:
    """Tell the watcher of ``root_type`` that deadlines of these cases changed."""
    ids = sorted(set(root_ids))
    if ids and (watcher := _watchers.get(root_type)):
        watcher(ids)


def _open(subject, kind: str, *, root, pauses: Sequence[Pause] = (), opened: date | None = None, **values) -> Deadline:
    """Replace the open deadline of this kind, if any, by a new one; ``opened`` is the start where that is another day."""
    from core.reminders import first_stage

    _close(Deadline.objects.of(subject).open().filter(kind=kind), void=True, tell=False)
    subject_type, subject_id = subject_key(subject)
    root_type, root_id = subject_key(root)
    row = Deadline.objects.create(
        subject_type=subject_type,
        subject_id=subject_id,
        root_type=root_type,
        root_id=root_id,
        kind=kind,
        stage=first_stage(opened or values["starts"], values["due"]),
        pauses=[[pause.asked.isoformat(), pause.decided.isoformat()] for pause in pauses],
        **values,
    )
    changed(root_type, [root_id])
    return row


def of_case(root: Model) -> list[Deadline]:
    """What a case's page shows of its deadlines: the open ones first, then what was met; none that is void."""
    label, pk = subject_key(root)
    return sorted(_of_case(label).rows(pk), key=lambda row: (row.met_on is not None, row.due, row.pk))


@cache
def _of_case(label: str) -> Prepared[Deadline]:
    rows = Deadline.objects.filter(root_type=label, void=False).order_by()
    return Prepared(lambda pk: rows.filter(root_id=pk))


def pauses_of(row: Deadline) -> list[Pause]:
    """The times in which the clock of a deadline stood still."""
    return [Pause(date.fromisoformat(asked), date.fromisoformat(decided)) for asked, decided in row.pauses]


def soon_until(today: date) -> date:
    """The last due day that is marked 即将到期 on ``today``."""
    days = options.value("deadlines.soon_days")
    return workdays.add_working_days(today, days).due if days else today


def explain(row: Deadline) -> workdays.Due | None:
    """How a deadline came about, day by day; None where today's calendar gives another day
    (the calendar changed after it was met) and for named days, which need no reckoning."""
    if row.unit == Deadline.Unit.DATE:
        return None
    due = workdays.compute(row.unit, row.starts, row.amount, pauses=pauses_of(row))
    return due if due.due == row.due else None


def _close(rows, *, tell: bool = True, **values) -> None:
    roots = list(rows.values_list("root_type", "root_id"))
    if not roots:
        return
    rows.update(**values)
    if tell:
        for root_type in {root for root, _ in roots}:
            changed(root_type, [pk for root, pk in roots if root == root_type])
