"""Tests in real transactions leave the reference rows of the migrations to the tests after them."""

import pytest

from core.models import CalendarDay


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_reference_rows_outlive_a_flush(run: int) -> None:
    """The first run flushes the database at its end; the second still finds the calendar."""
    assert CalendarDay.objects.filter(date__year=2022).exists()
