"""What of the roll waits for the liaison office 待办: corrections that members asked for."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models.functions import Left, TruncDate

from core import todos
from core.todos import Rows, Todo
from members.models import CorrectionRequest
from members.people.selectors import open_corrections

MOST = 20


def waiting(user: Any, today: date) -> Iterator[Rows]:
    """Open requests for the office, the oldest first; nothing for everybody else."""
    if user.has_perm("members.manage_people"):
        columns = {"pk": "pk", "name": "member__name", "note": Left("note", 60), "made": TruncDate("made_at")}
        yield Rows(open_corrections(), columns, _todo, days=("made",), most=MOST)


def _todo(row: Any) -> Todo:
    url = CorrectionRequest(pk=row.pk).get_absolute_url()
    return Todo("个人信息更正", f"{row.name}申请更正个人信息", row.note, url, "办理", since=row.made)


def count(user: Any) -> int | None:
    """How many wait, for the menu; no number when none does."""
    if not user.has_perm("members.manage_people"):
        return None
    return CorrectionRequest.objects.filter(accepted=None).count() or None


def register() -> None:
    """Put them among what waits for a person."""
    todos.provide(waiting)
