"""Pages for what went wrong (出错页): what happened, what was kept, what to do next.

Each page is in plain Chinese without codes. Those for 500 and 503 ask neither database nor session,
so that they appear when these are away; what they say of the organiser is what the process last read.
"""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from core import options, site

TOO_MUCH_TYPED = (RequestDataTooBig, TooManyFieldsSent)
UNREACHABLE = (OperationalError, InterfaceError)
"""The database is away or overloaded: it passes, and the person should come again."""


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read; 413 where that is because it holds too much."""
    if isinstance(exception, (*TOO_MUCH_TYPED, TooManyFilesSent)):
        return too_large(request, typed=isinstance(exception, TOO_MUCH_TYPED))
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: refused; the words are those of 404, which never tells whether a thing exists."""
    return render(request, "404.html", status=404)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page for this person."""
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest, *, typed: bool = False) -> HttpResponse:
    """413: files above the limits, or (``typed``) more text than one form takes; nothing was taken."""
    context = {
        "typed": typed,
        "limit_mb": options.value("files.max_megabytes"),
        "total_mb": settings.MAX_BODY_MEGABYTES,
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
    return render(request, "413.html", context, status=413)


def too_many(request: HttpRequest, *, retry_after: int = 60) -> HttpResponse:
    """429: too many requests; ``retry_after`` seconds until the next is taken."""
    response = render(request, "429.html", {"minutes": max(1, -(-retry_after // 60))}, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: whatever broke may be what a frame needs, so there is none; 503 while the database is away."""
    if isinstance(sys.exception(), UNREACHABLE):
        return unavailable(request)
    return HttpResponse(_bare("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: under maintenance."""
    response = HttpResponse(_bare("503.html"), status=503)
    response["Retry-After"] = "600"
    return response


def _bare(name: str) -> str:
    return loader.get_template(name).render({"site": site.last_known()})


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is out of date: say that nothing was saved and how to keep the text."""
    return render(request, "403_csrf.html", status=403)
