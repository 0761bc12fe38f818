"""The world of opinion reports for every test here that asks for it."""

import pytest

from tests.sentiment import world as worlds


@pytest.fixture
def house(db) -> worlds.World:
    """People of the office, an author, a unit."""
    return worlds.build()
