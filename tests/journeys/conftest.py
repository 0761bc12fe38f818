"""A small town for the stories: offices, units and one account for each kind of work."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from members.demo.people import seed_accounts, seed_offices, seed_terms
from members.models import User
from proposals.seeds import load_reference
from tests.conftest import SIZES
from tests.journeys.people import PASSWORD, People


@pytest.fixture
def town(transactional_db) -> dict[str, User]:
    """Everybody by the name of his account."""
    load_reference()
    seed_terms(timezone.localdate())
    seed_offices()
    return {user.username: user for user in seed_accounts(PASSWORD)}


@pytest.fixture
def size(request) -> str:
    """The screen of the story; a test may be parametrized over it."""
    return getattr(request, "param", "desktop")


@pytest.fixture
def people(browser, live_server, browser_context_args, axe, town, size) -> Iterator[People]:
    """Everybody's devices, of the story's size; at the end what was wrong on their pages is told."""
    them = People(browser, live_server.url, {**browser_context_args, "viewport": SIZES[size]}, axe)
    yield them
    them.close()
