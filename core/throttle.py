"""Slow down 限流: how often one address may ask for a costly page that anyone may open."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from core import errors_views
from core.middleware import visitor_address

View = Callable[..., HttpResponse]


def throttled(
    name: str, *, most: int, seconds: int = 60, when: Callable[[HttpRequest], bool] = lambda request: True
) -> Callable[[View], View]:
    """Let an address open the view ``most`` times in each ``seconds``; then 429 until the next window.

    Only requests for which ``when(request)`` holds are counted. Without a cache nobody is held up.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if when(request):
                window, passed = divmod(int(time()), seconds)
                if tries(f"{name}:{window}:{visitor_address(request)}", seconds) > most:
                    return errors_views.too_many(request, retry_after=seconds - passed)
            return view(request, *args, **kwargs)

        return counted

    return wrap


def tries(name: str, seconds: int) -> int:
    """How often ``name`` was tried in ``seconds``, this time included; of many at once each counts.

    Zero without a cache.
    """
    key = f"throttle:{name}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        cache.set(key, 1, seconds)
        return 1


def forget(name: str) -> None:
    """Begin to count ``name`` anew: it was tried by who knew."""
    cache.delete(f"throttle:{name}")
