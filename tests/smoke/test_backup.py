"""Back-up and restore on SQLite too: the development database, and small offices."""

import pytest

from core import audit, backups, restoring
from proposals.models import Proposal
from tests.proposals.story import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_backed_up_comes_back(tmp_path):
    world = World()
    world.replied()
    root = audit.root_hash()
    backups.write(tmp_path / "one.zip")
    world.submitted(world.other)
    restoring.restore(tmp_path / "one.zip", replace=True)
    assert audit.verify(root) == []
    assert Proposal.objects.get().status == "replied"
    assert world.submitted(world.other).intake_no.endswith("-0002")
