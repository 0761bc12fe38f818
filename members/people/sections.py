"""What other apps show on a member's page 委员页: each registers a section, so that members need not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from members.models import Member, User


@dataclass(frozen=True)
class Section:
    """One card of the page: a title, the template of its body, and what that reads as ``section``."""

    title: str
    template: str
    rows: list[Any]
    more_url: str = ""


Maker = Callable[[User, Member], Section | None]
_makers: list[Maker] = []


def register(maker: Maker) -> None:
    """Add a section; registering it again changes nothing. It must keep to a fixed number of queries."""
    if maker not in _makers:
        _makers.append(maker)


def sections(user: User, member: Member) -> list[Section]:
    """The sections that ``user`` may see on this member's page."""
    return [section for maker in _makers if (section := maker(user, member)) is not None]
