"""Gapless numbers, alone and among many at once."""

import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from core import numbering
from core.models import Counter


def test_numbers_start_at_one_and_each_scope_has_its_own(db):
    assert [numbering.next_number("case:1") for _ in range(3)] == [1, 2, 3]
    assert numbering.next_number("case:2") == 1
    assert numbering.peek("case:1") == 4
    assert numbering.peek("case:3") == 1


def test_batch_of_numbers_follows_on(db):
    numbering.next_number("case:1")
    assert list(numbering.next_numbers("case:1", 3)) == [2, 3, 4]
    assert numbering.next_number("case:1") == 5


def test_rolled_back_number_is_given_again(db):
    numbering.next_number("case:1")

    with transaction.atomic():
        assert numbering.next_number("case:1") == 2
        transaction.set_rollback(True)
    assert numbering.next_number("case:1") == 2


def test_floor_raises_and_never_lowers(db):
    numbering.set_floor("case:1", 326)
    numbering.set_floor("case:1", 10)
    assert numbering.next_number("case:1") == 327


def test_number_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(TransactionManagementError):
        numbering.next_number("case:1")
    assert not Counter.objects.exists()


def _in_threads(count: int, work) -> None:
    """Run ``work(index)`` in threads at once, each with its own connection."""
    start = threading.Barrier(count)
    failures = []

    def run(index: int) -> None:
        try:
            start.wait(timeout=10)
            work(index)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failures
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.postgres
def test_two_at_once_take_a_hundred_numbers_without_gap_or_double(transactional_db):
    taken: list[int] = []

    def take_fifty(index: int) -> None:
        for _ in range(50):
            with transaction.atomic():
                number = numbering.next_number("case:1")
            taken.append(number)

    _in_threads(2, take_fifty)
    assert sorted(taken) == list(range(1, 101))


@pytest.mark.postgres
def test_failing_acts_among_many_leave_no_gap(transactional_db):
    kept: list[int] = []

    def take_and_often_fail(index: int) -> None:
        for turn in range(20):
            try:
                with transaction.atomic():
                    number = numbering.next_number("case:1")
                    if (turn + index) % 3 == 0:
                        raise LookupError
            except LookupError:
                continue
            kept.append(number)

    _in_threads(4, take_and_often_fail)
    assert sorted(kept) == list(range(1, len(kept) + 1))


@pytest.mark.postgres
def test_first_comers_of_a_new_scope_do_not_collide(transactional_db):
    taken: list[int] = []

    def take_one_of_each(index: int) -> None:
        for scope in range(20):
            with transaction.atomic():
                taken.append(numbering.next_number(f"new:{scope}"))

    _in_threads(4, take_one_of_each)
    assert sorted(taken) == sorted([1, 2, 3, 4] * 20)
