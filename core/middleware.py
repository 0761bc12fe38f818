"""Middleware of the common floor."""

from time import time

from django.conf import settings

from core import badges, errors_views
from core.context_vars import set_client_ip


class ClientAddressMiddleware:
    """Keep the visitor's address at hand for the operation log.

    Behind ``settings.TRUSTED_PROXIES`` proxies, the address is the entry of X-Forwarded-For that
    the outermost trusted proxy wrote; a header sent by the visitor himself is never believed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Set the address, answer, forget the address."""
        set_client_ip(visitor_address(request))
        try:
            return self.get_response(request)
        finally:
            set_client_ip("")


def visitor_address(request) -> str:
    """The visitor's address as far as trusted proxies vouch for it."""
    hops = getattr(settings, "TRUSTED_PROXIES", 0)
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if hops and len(chain) >= hops:
        return chain[-hops][:45]
    return request.META.get("REMOTE_ADDR", "")[:45]


TOUCH_AFTER = 60
"""Seconds that a session's mark may be old before it is written again."""


class IdleSessionMiddleware:
    """Sign people out after SESSION_COOKIE_AGE seconds of idleness (闲置退出), not of work.

    The mark is renewed at most once a minute, so that reading pages does not write on each one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Renew an old mark; the session is then saved, and its cookie sent, with a new end."""
        # Without the cookie the session is not even opened, and public pages stay cacheable.
        if (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and request.user.is_authenticated
            and time() - request.session.get("seen_at", 0) > TOUCH_AFTER
        ):
            mark_seen(request.session)
        return self.get_response(request)


class BadgeMiddleware:
    """Count what waits for a person anew after everything that the person did."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer, and forget the counts that were kept unless the person was only reading."""
        response = self.get_response(request)
        if (
            request.method not in ("GET", "HEAD", "OPTIONS")
            and settings.SESSION_COOKIE_NAME in request.COOKIES
            and request.user.is_authenticated
        ):
            badges.forget([request.user.pk])
        return response


def mark_seen(session) -> None:
    """Write the present moment into a session; signing in does so too, and saves the first page a write."""
    session["seen_at"] = int(time())


class BodyLimitMiddleware:
    """Answer 413 in words to a request that announces more than MAX_BODY_MEGABYTES, before it is read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Go by the announced length; a body of unknown length is bounded by the server in front."""
        try:
            announced = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            announced = 0
        if announced > settings.MAX_BODY_MEGABYTES * 1024 * 1024:
            return errors_views.too_large(request)
        return self.get_response(request)
