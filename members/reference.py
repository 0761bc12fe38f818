"""The mark of the reference tables 届次、组织、单位: processes that hold their rows learn by it that one changed."""

from core import revisions
from members.models import Body, HandlingUnit, Session

NAME = "members.reference"


def changed() -> None:
    """Say that rows were written many at once; saving or deleting a row says so by itself."""
    revisions.bump(NAME)


revisions.watch(NAME, Session, Body, HandlingUnit)
