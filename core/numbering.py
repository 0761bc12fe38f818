"""Gapless numbers (编号) given out under a row lock: a number that was given is never lost or
given twice, and an act that fails gives its number back."""

from django.db import transaction
from django.db.transaction import TransactionManagementError

from core.models import Counter


def next_number(scope: str) -> int:
    """Take the next number of ``scope``, starting at 1.

    Holds the scope's row until the surrounding transaction ends, so numbers follow the order of
    commits; outside a transaction raises ``TransactionManagementError``, because a number taken
    apart from the record that bears it would leave a gap.
    """
    return next_numbers(scope, 1)[0]


def next_numbers(scope: str, count: int) -> range:
    """Take ``count`` successive numbers of ``scope`` at once (成批立案), under one lock."""
    if count < 1:
        raise ValueError("count must be 1 or more")
    counter = _locked(scope)
    first = counter.value + 1
    counter.value += count
    counter.save(update_fields=["value"])
    return range(first, first + count)


def peek(scope: str) -> int:
    """The number that ``next_number`` would give now; somebody else may take it first."""
    taken = Counter.objects.filter(scope=scope).values_list("value", flat=True).first()
    return (taken or 0) + 1


def set_floor(scope: str, number: int) -> None:
    """Make ``next_number`` go on after ``number``, which papers already bear; never lowers."""
    counter = _locked(scope)
    if number > counter.value:
        counter.value = number
        counter.save(update_fields=["value"])


def _locked(scope: str) -> Counter:
    """The scope's row, made if need be, locked until the transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("core.numbering needs a surrounding transaction")
    locked = Counter.objects.select_for_update().filter(scope=scope)
    counter = locked.first()
    if counter is None:
        # Two first comers: the second insert waits for the first to commit, then does nothing.
        Counter.objects.bulk_create([Counter(scope=scope)], ignore_conflicts=True)
        counter = locked.get()
    return counter
