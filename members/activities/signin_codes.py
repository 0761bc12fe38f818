"""Rotating sign-in codes 动态码: eight digits that prove one member at one activity for fifteen seconds.

The digits are an HMAC of the activity's secret over member and window, so nothing is stored and a
code of another activity, of another member or of an earlier moment does not fit.
"""

import hmac
import time
from collections.abc import Iterable

SECONDS = 15
"""How long a code shows."""

TOLERANCE = 1
"""Windows before and after the present one that are still taken: the time to hold up a phone."""

REMEMBERED = 40
"""Windows back (ten minutes) in which an outdated code is still known as one."""

DIGITS = 8


def window_at(moment: float | None = None) -> int:
    """The number of the window in which ``moment`` (seconds since 1970; now) lies."""
    return int((time.time() if moment is None else moment) // SECONDS)


def seconds_left(moment: float | None = None) -> int:
    """Whole seconds until the window ends, at least one."""
    now = time.time() if moment is None else moment
    return max(1, int(SECONDS - now % SECONDS))


def code(secret: str, member_id: int, window: int) -> str:
    """The eight digits of a member in a window."""
    digest = hmac.digest(secret.encode(), f"{member_id}:{window}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def find(secret: str, digits: str, member_ids: Iterable[int], windows: Iterable[int]) -> list[tuple[int, int]]:
    """Pairs (member id, window) whose code the digits are; two people share one very rarely."""
    spans = tuple(windows)
    return [
        (pk, window) for pk in member_ids for window in spans if hmac.compare_digest(code(secret, pk, window), digits)
    ]


def taken_windows(now: int) -> range:
    """The windows whose codes are taken at window ``now``."""
    return range(now - TOLERANCE, now + TOLERANCE + 1)


def old_windows(now: int) -> range:
    """The windows whose codes are known as outdated at window ``now``, the newest last."""
    return range(now - REMEMBERED, now - TOLERANCE)
