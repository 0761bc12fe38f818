"""Ways on 去向 of a matter into records of other apps: each registers the page on which its record is begun.

Until an app registers for a way, the page of a matter shows no button for it, and the studio writes
the outcome down by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from core import navigation
from core.subjects import subject_key


@dataclass(frozen=True)
class Onward:
    """A way on: the route of ``Matter.Route``, the button's words, the page that takes ``?from=``, who may begin."""

    route: str
    target_type: str
    label: str
    url_name: str
    may: Callable[[Any], bool]


_ways: dict[str, Onward] = {}


def register(way: Onward) -> None:
    """Offer a way on; registering it again changes nothing."""
    _ways[way.route] = way


def ways_for(user: Any) -> list[Onward]:
    """The ways on which ``user`` may begin a record, in the order of registration."""
    return [way for way in _ways.values() if way.may(user) and navigation.address(way.url_name)]


def offered() -> list[str]:
    """The routes for which some app takes the matter over."""
    return list(_ways)


def address(way: Onward, matter: models.Model) -> str:
    """The page on which the record is begun from ``matter``."""
    kind, number = subject_key(matter)
    return navigation.address(way.url_name, f"from={kind}:{number}")


def route_of(target: models.Model) -> str:
    """The route that ends in records such as ``target``; empty where none was registered."""
    kind = subject_key(target)[0]
    return next((way.route for way in _ways.values() if way.target_type == kind), "")
