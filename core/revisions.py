"""Small tables kept in each process and read again only when they changed (缓存).

Each such table has a random mark in ``Revision``, replaced in the same transaction as every
change. A request or task asks for all marks once, in one query; as long as a mark is the one
last seen, the process goes on with what it holds. Outside a request or task (shell, command) the
marks are asked for on every use, unless :func:`scope` is opened around a longer piece of work.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar
from uuid import uuid4

from celery.signals import task_postrun, task_prerun
from django.apps import apps
from django.core.signals import request_finished, request_started
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from core.models import Revision

T = TypeVar("T")


class _Scope:
    """One request or task: the marks once asked for, and the scope around it."""

    def __init__(self, outer: "_Scope | None") -> None:
        self.outer = outer
        self.tokens: dict[str, str] | None = None


_current: ContextVar[_Scope | None] = ContextVar("core_revisions_scope", default=None)


def _tokens() -> dict[str, str]:
    """The marks of all tables, asked for once per scope."""
    scope_now = _current.get()
    if scope_now is not None and scope_now.tokens is not None:
        return scope_now.tokens
    tokens = dict(Revision.objects.values_list("name", "token"))
    if scope_now is not None:
        scope_now.tokens = tokens
    return tokens


def mark(name: str) -> str:
    """The present mark of table ``name``, for what is kept elsewhere as drawn from it."""
    return _tokens().get(name, "")


def forget() -> None:
    """Ask for the marks anew at the next use, here and in the scopes around."""
    scope_now = _current.get()
    while scope_now is not None:
        scope_now.tokens = None
        scope_now = scope_now.outer


def bump(name: str) -> None:
    """Give table ``name`` a new mark; call it in the transaction that changed the table.

    Writers of one table thereby wait for each other, so the last mark belongs to the last change.
    """
    Revision.objects.update_or_create(name=name, defaults={"token": uuid4().hex})
    forget()


def watch(name: str, *models: type[Model]) -> None:
    """Give table ``name`` a new mark whenever a row of ``models`` or their subclasses is saved or deleted.

    Rows written many at once, or by ``update()``, send no word: who does that calls ``bump``.
    """

    def changed(**kwargs: Any) -> None:
        bump(name)

    for model in apps.get_models():
        if issubclass(model, models):
            for number, signal in enumerate((post_save, post_delete)):
                uid = f"core.revisions.{name}.{model._meta.label_lower}.{number}"
                signal.connect(changed, model, weak=False, dispatch_uid=uid)


class Cached(Generic[T]):
    """What ``load`` reads from one table or several, held until the mark of one of them changes."""

    def __init__(self, names: str | tuple[str, ...], load: Callable[[], T]) -> None:
        self.names = (names,) if isinstance(names, str) else names
        self._load = load
        self._held: tuple[tuple[str, ...], T] | None = None

    def get(self) -> T:
        """The present contents."""
        # The mark is read before the contents: a change in between costs one more reading
        # later, while the other order could keep old contents under a new mark for good.
        marks = _tokens()
        present = tuple(marks.get(name, "") for name in self.names)
        held = self._held
        if held is None or held[0] != present:
            held = self._held = (present, self._load())
        return held[1]

    def clear(self) -> None:
        """Drop what is held, for changes made behind the table's services."""
        self._held = None
        forget()


@contextmanager
def scope() -> Iterator[None]:
    """Within it the marks are asked for once only; for commands that compute a lot."""
    _open()
    try:
        yield
    finally:
        _close()


def _open(**kwargs: Any) -> None:
    _current.set(_Scope(_current.get()))


def _close(**kwargs: Any) -> None:
    scope_now = _current.get()
    _current.set(scope_now.outer if scope_now else None)


def _open_request(**kwargs: Any) -> None:
    # A request never lies within another, so one that ended without its signal leaves nothing.
    _current.set(_Scope(None))


request_started.connect(_open_request, dispatch_uid="core.revisions.open")
request_finished.connect(_close, dispatch_uid="core.revisions.close")
task_prerun.connect(_open, weak=False, dispatch_uid="core.revisions.open")
task_postrun.connect(_close, weak=False, dispatch_uid="core.revisions.close")
