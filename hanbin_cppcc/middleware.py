"""Two small steps in every request: the true client address, and a session that slides."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

TOUCH_AFTER = 60  # seconds: how stale an idle mark may grow before it is written again


class ProxyAddressMiddleware:
    """Behind a trusted proxy, take the client's address from the hop that the proxy added.

    Only the last entry of X-Forwarded-For is the proxy's own word; earlier ones are the client's.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.TRUST_PROXY and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rsplit(",", 1)[-1].strip()
        return self.get_response(request)


class IdleSessionMiddleware:
    """Sign people out after SESSION_COOKIE_AGE seconds of idleness (闲置退出), not of work.

    The mark is renewed at most once a minute, so that reading pages does not write on each one.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if time() - request.session.get("seen_at", 0) > TOUCH_AFTER:
                request.session["seen_at"] = int(time())
        return self.get_response(request)
