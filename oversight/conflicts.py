"""Conflict of interest 回避: nobody supervises his own employer (domain rules §6)."""

from members.papers.matching import without_place

SHORTEST = 3


def employer(post: str) -> str:
    """The employer in «工作单位及职务»: what stands before the first space, or all of it."""
    words = post.split()
    return words[0] if words else ""


def works_there(post: str, unit: str) -> bool:
    """Whether a post is one at this unit: its name says the unit's, or the unit is a part of the employer.

    Places before the names do not count: 汉滨区税务局 holds 汉滨区税务局第一税务所办税厅.
    """
    own, host = without_place(employer(post)), without_place(unit)
    if min(len(own), len(host)) < SHORTEST:
        return own == host and bool(own)
    return own in host or host in without_place(post)
