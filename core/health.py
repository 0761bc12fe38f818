"""Whether the site lives and whether it is ready to serve (健康检查)."""

import logging
from collections.abc import Callable
from time import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from kombu import Connection

logger = logging.getLogger(__name__)

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_MAX_AGE = 90  # seconds without a sign of life before a worker counts as down


def beat() -> None:
    """Leave the worker's sign of life where every process can read it."""
    cache.set(HEARTBEAT_KEY, time(), timeout=24 * 3600)


def forget() -> None:
    """Drop the last sign of life, so that one from an earlier run does not count."""
    cache.delete(HEARTBEAT_KEY)


def _check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _check_broker() -> None:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)


def _check_worker() -> None:
    seen = cache.get(HEARTBEAT_KEY)
    if seen is None:
        raise RuntimeError("no worker has been seen")
    if time() - seen > HEARTBEAT_MAX_AGE:
        raise RuntimeError(f"last seen {time() - seen:.0f} s ago")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _check_database,
    "broker": _check_broker,
    "worker": _check_worker,
}


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that this process answers; asks nothing of any other service."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Check database, broker and worker; 503 with `down` naming what does not answer.

    The reason stays in the log: an address anyone may read must not tell about the inside.
    """
    down = [name for name, check in CHECKS.items() if not _passes(name, check)]
    body = {"status": "down" if down else "ok", "down": down}
    return JsonResponse(body, status=503 if down else 200)


def _passes(name: str, check: Callable[[], None]) -> bool:
    """Run one check; a failure of any kind is logged and means down."""
    try:
        check()
    except Exception:
        logger.exception("Readiness check failed: %s", name)
        return False
    return True
