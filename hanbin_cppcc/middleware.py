"""A session that ends by idleness, not by work (闲置退出)."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

TOUCH_AFTER = 60  # seconds: how stale an idle mark may grow before it is written again


class IdleSessionMiddleware:
    """Sign people out after SESSION_COOKIE_AGE seconds of idleness (闲置退出), not of work.

    The mark is renewed at most once a minute, so that reading pages does not write on each one.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the cookie the session is not even opened, and public pages stay cacheable.
        if (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and request.user.is_authenticated
            and time() - request.session.get("seen_at", 0) > TOUCH_AFTER
        ):
            request.session["seen_at"] = int(time())
        return self.get_response(request)
