"""Receipt codes 回执号: ten digits with which whoever holds them sees at /track/ where a matter stands."""

import secrets

from members.models import Booking, Matter

DIGITS = 10
CODES = 10**DIGITS


def new_code() -> str:
    """A code that no booking and no matter bears yet; drawn at random, so that none follows from another.

    The unique columns guard against two that are drawn at the same moment.
    """
    while True:
        code = f"{secrets.randbelow(CODES):0{DIGITS}d}"
        if not _is_taken(code):
            return code


def _is_taken(code: str) -> bool:
    return Matter.objects.filter(receipt_code=code).exists() or Booking.objects.filter(receipt_code=code).exists()
