"""Everybody signs in and comes to the page of what waits for him."""

import pytest

from tests.conftest import SIZES


@pytest.mark.parametrize("size", SIZES, indirect=True)
def test_everyone_comes_to_what_waits(people, town):
    for name in ("member", "proposal-clerk", "unit-head", "inspection", "leader", "sysadmin"):
        desk = people[name]
        assert desk.page.url.endswith("/home/")
        desk.sees(town[name].name)
