"""Outbox: consequences of an act, written with the act and carried out after it.

A row outlives a dead broker and a killed worker: the sweep of every minute finds what was not
done. An effect may therefore run more than once, and each handler must be idempotent.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from core.models import Effect

logger = logging.getLogger(__name__)

_handlers: dict[str, Callable[[dict], None]] = {}
_RETRY_MINUTES = (1, 2, 5, 15, 60)


def effect(name: str):
    """Register a handler ``(payload) -> None`` under ``name``; two of one name is an error."""

    def register(handler: Callable[[dict], None]):
        if name in _handlers:
            raise ValueError(f"重名的事项：{name}")
        _handlers[name] = handler
        return handler

    return register


def registered() -> set[str]:
    """Names of all handlers, for the check that every table names a real one."""
    return set(_handlers)


def add(name: str, *, key: str, payload: dict) -> None:
    """Write one effect in the current transaction and ask for it after commit; a known key adds nothing."""
    row, created = Effect.objects.get_or_create(key=key, defaults={"name": name, "payload": payload})
    if created:
        transaction.on_commit(lambda: _request(row.pk), robust=True)


def run(effect_id: int) -> bool:
    """Carry out one effect unless it is done or in other hands; True when it was done now."""
    with transaction.atomic():
        rows = Effect.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        row = rows.filter(pk=effect_id, done_at__isnull=True).first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                _handlers[row.name](row.payload)
        except Exception as error:  # the cause is kept with the row and tried again later
            logger.exception("effect %s failed", row.key)
            wait = _RETRY_MINUTES[min(row.attempts, len(_RETRY_MINUTES) - 1)]
            row.attempts += 1
            row.last_error = f"{type(error).__name__}: {error}"[:2000]
            row.run_after = timezone.now() + timedelta(minutes=wait)
            row.save(update_fields=["attempts", "last_error", "run_after"])
            return False
        row.done_at = timezone.now()
        row.save(update_fields=["done_at"])
        return True


def run_pending(limit: int = 500) -> int:
    """Carry out what is due and not done, oldest first; the number done."""
    due = Effect.objects.filter(done_at__isnull=True, run_after__lte=timezone.now())
    return sum(run(pk) for pk in due.order_by("run_after", "id").values_list("pk", flat=True)[:limit])


def _request(effect_id: int) -> None:
    """Ask a worker to run an effect now; without a broker the sweep will find it."""
    from core.tasks import run_effect

    try:
        run_effect.apply_async((effect_id,), retry=False)
    except Exception:
        logger.warning("no broker: effect %s waits for the sweep", effect_id)
