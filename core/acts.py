"""What services of every app share: the day of an act, a permission, a text, batches row by row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from core.errors import Refusal

T = TypeVar("T", bound=models.Model)


@dataclass
class BatchResult:
    """What became of the rows of a batch: those done, and those refused with the reason."""

    done: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)


def run_batch(rows: Iterable[T], act: Callable[[T], Any]) -> BatchResult:
    """Do ``act`` to each row in a transaction of its own, so that one refusal stops no other."""
    result = BatchResult()
    for row in rows:
        try:
            with transaction.atomic():
                result.done.append(act(row))
        except Refusal as refusal:
            result.refused.append((row, str(refusal)))
    return result


def fresh(obj: T) -> T:
    """The record as it is stored now, without anything remembered of its relations."""
    return type(obj)._base_manager.get(pk=obj.pk)


def day(on: date | None) -> date:
    """The day of an act: today, or the earlier day on which it took place on paper.

    Raises ``Refusal`` for a day to come.
    """
    today = timezone.localdate()
    if on is None:
        return today
    if on > today:
        raise Refusal(f"日期{on.isoformat()}还没有到，请填今天或以前的日期。", field="on")
    return on


def require(actor: Any, permission: str, obj: Any = None, *, act: str) -> None:
    """Refuse whoever lacks a permission for something that is no move of a process."""
    if not actor.has_perm(permission, obj):
        raise Refusal(f"您没有“{act}”的权限。")


def words(text: str | None, label: str, *, field_name: str = "", limit: int = 20000) -> str:
    """Text that must not be blank nor too long, trimmed."""
    text = (text or "").strip()
    if not text:
        raise Refusal(f"请填写{label}。", field=field_name or None)
    if len(text) > limit:
        raise Refusal(f"{label}最多{limit}字，现在{len(text)}字。", field=field_name or None)
    return text
