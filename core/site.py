"""Who runs the site (主办单位): the facts that stand at the foot of every page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """The organiser and how to reach it; an empty fact is left off the page."""

    organiser: str = "政协安康市汉滨区委员会办公室"
    organiser_short: str = "政协安康市汉滨区委员会"
    address: str = ""
    phone: str = ""
    hours: str = ""
    icp: str = ""
    police: str = ""
    site_code: str = ""


def site() -> Site:
    """The facts as they stand now."""
    return Site()
