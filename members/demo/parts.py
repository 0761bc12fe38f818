"""What other apps add to the demo world 演示环境: each registers a function, so that the command need not know them."""

from collections.abc import Callable
from datetime import date

Part = Callable[[date], None]
_parts: dict[str, Part] = {}


def add(name: str, seed: Part) -> None:
    """Let ``seed(today)`` add to the full demo world; it makes what is missing and doubles nothing."""
    _parts[name] = seed


def parts() -> list[Part]:
    """Everything that was registered, in that order."""
    return list(_parts.values())
