"""Measure the comparison 文字对照 of two wordings of 5,000 characters, the longest that an office compares in earnest."""

import random
import statistics
import time

from core.comparing import compare
from sentiment.demo_texts import STORIES

LENGTH = 5000
CHANGES = 300
LIMIT = 200.0
"""Milliseconds that the comparison may take."""
RUNS, WARM_UP = 15, 2


def wordings(seed: int = 1) -> tuple[str, str]:
    """A text of ``LENGTH`` characters in the words of reports, and the same after ``CHANGES`` changes of an editor."""
    chance = random.Random(seed)  # noqa: S311 - the same text in every run
    source = "。".join(f"{story.situation}{story.analysis}{story.suggestions}" for story in STORIES)
    sentences = [part for part in source.replace("\n", "").split("。") if part]
    text = ""
    while len(text) < LENGTH:
        text += f"{chance.choice(sentences)}。"
    before = text[:LENGTH]
    after = list(before)
    for _ in range(CHANGES):
        after[chance.randrange(LENGTH)] = chance.choice(before)
    return before, "".join(after)


def milliseconds(runs: int = RUNS) -> float:
    """The median time of one comparison."""
    before, after = wordings()
    times = []
    for run in range(WARM_UP + runs):
        start = time.perf_counter()
        compare(before, after)
        if run >= WARM_UP:
            times.append(time.perf_counter() - start)
    return round(statistics.median(times) * 1000, 2)
