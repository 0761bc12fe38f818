"""Offer 记作别名 beside a unit's name that a paper gives and the list of units does not know."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.papers import fixes
from members.selectors import MANAGES_UNITS


def _address(value: str, job: int) -> str:
    return f"{reverse('members:unit_alias')}?{urlencode({'name': value, 'job': job})}"


def _may(user: Any) -> bool:
    return user.has_role(*MANAGES_UNITS)


def register() -> None:
    """Make the remedy known to the pages of the import."""
    fixes.register("unit", fixes.Fix("记作别名", _address, _may))
