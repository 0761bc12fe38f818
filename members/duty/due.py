"""What a member still owes this year beside points 今年还缺: other apps add their lines, such as feedback that is due."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from members.models import Member


@dataclass(frozen=True)
class Due:
    """One thing that waits for the member: what, where it is done, until when."""

    words: str
    url: str
    until: date | None = None


Maker = Callable[[Member], Iterable[Due]]
_makers: list[Maker] = []


def provide(maker: Maker) -> None:
    """Add a source; registering it again changes nothing. One query each."""
    if maker not in _makers:
        _makers.append(maker)


def of(member: Member) -> list[Due]:
    """What all apps know for a member, the nearest day first."""
    found = [due for maker in _makers for due in maker(member)]
    return sorted(found, key=lambda due: (due.until is None, due.until or date.max, due.url))
