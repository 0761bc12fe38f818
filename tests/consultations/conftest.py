"""The world of consultations for every test here that asks for it."""

import pytest

from tests.consultations import world as worlds


@pytest.fixture
def house(db) -> worlds.World:
    """People of a committee, a studio, a unit."""
    return worlds.build()
