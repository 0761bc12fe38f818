"""The measure of a large deliberation's summary 议政摘要: two thousand participants by five hundred opinions."""

import random
import time
from collections.abc import Iterator

PEOPLE, OPINIONS, SEEN = 2000, 500, 0.3
CAMPS = (0.5, 0.3, 0.2)
LIMIT = 10.0
"""Seconds that the background job may take."""


def votes(seed: int = 7) -> Iterator[tuple[int, int, int]]:
    """Votes of three camps that agree on every third opinion and stand apart on the others."""
    dice = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    bounds = [sum(CAMPS[: number + 1]) * PEOPLE for number in range(len(CAMPS))]
    for person in range(PEOPLE):
        camp = next(number for number, bound in enumerate(bounds) if person < bound)
        for opinion in range(OPINIONS):
            if dice.random() < SEEN:
                likes = 0.95 if opinion % 3 == 0 else (0.92 if (opinion + camp) % len(CAMPS) == 0 else 0.08)
                yield person, opinion, 1 if dice.random() < likes else -1


def seconds() -> float:
    """How long one summary takes, the loading of its libraries included."""
    cast = list(votes())
    start = time.perf_counter()
    from consultations.deliberation.summary import Limits, summarise

    summarise(cast, range(OPINIONS), Limits())
    return round(time.perf_counter() - start, 2)
