"""What of the roll waits for the liaison office 待办: corrections that members asked for."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from core import todos
from core.todos import Todo
from members.models import CorrectionRequest
from members.selectors_people import open_corrections

MOST = 20


def waiting(user: Any, today: date) -> Iterator[Todo]:
    """Open requests for the office, the oldest first; nothing, without a query, for everybody else."""
    if not user.has_perm("members.manage_people"):
        return
    for row in open_corrections()[:MOST]:
        yield Todo(
            "个人信息更正", f"{row.member.name}申请更正个人信息", row.note[:60], row.get_absolute_url(), "办理",
            since=timezone.localdate(row.made_at),
        )  # fmt: skip


def count(user: Any) -> int | None:
    """How many wait, for the menu; no number when none does."""
    if not user.has_perm("members.manage_people"):
        return None
    return CorrectionRequest.objects.filter(accepted=None).count() or None


def register() -> None:
    """Put them among what waits for a person."""
    todos.provide(waiting)
