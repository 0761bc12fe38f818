"""Take turns 排队: a named lock for the rest of a transaction, where no row stands for what is counted."""

import hashlib

from django.db import connection
from django.db.transaction import TransactionManagementError


def hold(*names: str) -> None:
    """Wait until nobody else holds any of ``names``, and hold them until the surrounding transaction ends.

    Always taken in the same order, so that two who need both never wait in a ring. SQLite lets one
    writer in at a time and needs none.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("core.locks needs a surrounding transaction")
    if connection.vendor != "postgresql":
        return
    numbers = {int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True) for name in names}
    with connection.cursor() as cursor:
        for number in sorted(numbers):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
