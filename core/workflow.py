"""The one way to move a case: a declarative table per process, one engine, no other writer of status.

A process is data: for each verb, the states it starts from, the state it leads to, the fields it
may write, who may do it (a django-rules permission), a guard and the effects that follow. The same
``refusal()`` that guards the act decides which buttons a page shows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from core import audit, outbox
from core.errors import Refusal

Guard = Callable[[Any, Any], str | None]


@dataclass(frozen=True)
class Transition:
    """One row of a process table.

    ``target`` None leaves the state as it is. ``guard(obj, actor)`` gives a reason against, in words.
    ``permission`` empty means that only the system moves it. ``confirm`` names a consequence that
    cannot be undone; pages ask before the act.
    """

    verb: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    permission: str = ""
    fields: tuple[str, ...] = ()
    guard: Guard | None = None
    effects: tuple[str, ...] = ()
    needs_reason: bool = False
    confirm: str = ""


class Process:
    """The table of one kind of case, registered under its model."""

    registry: dict[str, "Process"] = {}

    def __init__(
        self,
        model: str,
        label: str,
        transitions: Iterable[Transition],
        *,
        root: Callable[[Any], models.Model] = lambda obj: obj,
        guard: Guard | None = None,
    ):
        """``guard`` is a reason against every row of the table, asked before the row's own."""
        self.model = model
        self.label = label
        self.root = root
        self.guard = guard
        self.transitions = {row.verb: row for row in transitions}
        Process.registry[model] = self

    def __getitem__(self, verb: str) -> Transition:
        return self.transitions[verb]


def process_of(obj: models.Model) -> Process:
    """The process that governs a record; a record without one is a programming error."""
    return Process.registry[obj._meta.label_lower]


def refusal(obj, verb: str, actor) -> str | None:
    """Why ``actor`` may not do ``verb`` to ``obj`` now, as a Chinese sentence; None if he may.

    ``actor`` None is the system itself, which needs no permission but obeys states and guards.
    """
    process = process_of(obj)
    row = process[verb]
    if actor is not None and not (row.permission and actor.has_perm(row.permission, obj)):
        return f"您没有“{row.label}”的权限。"
    if obj.status not in row.sources:
        return f"现在是“{obj.get_status_display()}”，不能“{row.label}”。可能有人刚办过，请刷新后再看。"
    if process.guard and (problem := process.guard(obj, actor)):
        return problem
    return row.guard(obj, actor) if row.guard else None


def allowed(obj, actor) -> list[Transition]:
    """The rows that ``actor`` may carry out now, in the table's order."""
    rows = (row for row in process_of(obj).transitions.values() if row.permission and obj.status in row.sources)
    return [row for row in rows if not refusal(obj, row.verb, actor)]


@transaction.atomic
def perform(
    obj,
    verb: str,
    *,
    actor,
    changes: dict[str, Any] | None = None,
    reason: str = "",
    on: date | None = None,
    summary: str = "",
):
    """Do ``verb`` to ``obj`` as ``actor`` and give the record back in its new state.

    The row is locked and read again, so of two people at once the second is refused. Permission is
    checked on the stored values, before ``changes`` (only fields of the table's row) are applied.
    The log entry and the outbox rows are part of the same transaction. ``on`` is the day of an act
    that took place earlier on paper. Raises ``core.errors.Refusal``.
    """
    process = process_of(obj)
    row = process[verb]
    current = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
    if problem := refusal(current, verb, actor):
        raise Refusal(problem)
    if row.needs_reason and not reason.strip():
        raise Refusal(f"请写明“{row.label}”的理由。", field="reason")
    came_from = current.status
    before = _apply(current, row, changes or {})
    if row.target is not None:
        current.status = row.target
    current.save(update_fields=[*before, "status"])
    entry = audit.record(
        verb=f"{process.model.split('.')[1]}.{verb}",
        summary=summary or row.label,
        actor=actor,
        subject=current,
        root=process.root(current),
        reason=reason.strip(),
        detail={"from": came_from, "to": current.status, **_differences(before, current)},
        occurred_on=on,
    )
    for name in row.effects:
        outbox.add(
            name,
            key=f"{name}:{entry.seq}",
            payload={
                "model": process.model,
                "id": current.pk,
                "verb": verb,
                "actor": actor.pk if actor else None,
                "entry": entry.seq,
            },
        )
    _mirror(current, obj)
    return current


def begin(obj, status: str):
    """Give a record that is not yet stored its first state; the caller saves it."""
    if obj.pk is not None:
        raise ValueError("已有的记录只能用 perform 改变状态。")
    obj.status = status
    return obj


def adopt(obj, status: str):
    """Put a record into the state that its papers prove; for paper import only.

    The caller saves the record and logs the dated events that are the proof.
    """
    obj.status = status
    return obj


def _apply(current, row: Transition, changes: dict[str, Any]) -> dict[str, Any]:
    """Set the allowed fields, validate them, and return their values from before."""
    if extra := set(changes) - set(row.fields):
        raise ValueError(f"{row.verb} 不写 {sorted(extra)}")
    before = {name: getattr(current, current._meta.get_field(name).attname) for name in changes}
    for name, value in changes.items():
        setattr(current, name, value)
    untouched = [field.name for field in current._meta.fields if field.name not in changes]
    try:
        current.clean_fields(exclude=untouched)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        label = current._meta.get_field(name).verbose_name
        raise Refusal(f"{label}：{messages[0]}", field=name) from error
    return before


def _differences(before: dict[str, Any], current) -> dict[str, Any]:
    """The fields that changed, each with its value before and after."""
    after = {name: getattr(current, current._meta.get_field(name).attname) for name in before}
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    return {"changes": changed} if changed else {}


def _mirror(current, obj) -> None:
    """Let the caller's copy show what was stored."""
    for field in current._meta.concrete_fields:
        setattr(obj, field.attname, getattr(current, field.attname))
