"""Pages for what went wrong (出错页): what happened, what was kept, what to do next.

Each page is in plain Chinese without codes. Those for 500 and 503 are rendered without any
context, so that they appear when the database or the session is away.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read."""
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: refused; the words are those of 404, which never tells whether a thing exists."""
    return render(request, "404.html", status=404)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page for this person."""
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest, *, name: str = "", limit_mb: int = 20) -> HttpResponse:
    """413: an upload above the limit (``limit_mb`` megabytes) was not taken."""
    return render(request, "413.html", {"name": name, "limit_mb": limit_mb}, status=413)


def too_many(request: HttpRequest, *, retry_after: int = 60) -> HttpResponse:
    """429: too many requests; ``retry_after`` seconds until the next is taken."""
    response = render(request, "429.html", {"minutes": max(1, -(-retry_after // 60))}, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the page is rendered without context: whatever broke may be what a frame needs."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: under maintenance."""
    response = HttpResponse(loader.get_template("503.html").render(), status=503)
    response["Retry-After"] = "600"
    return response


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is out of date: say that nothing was saved and how to keep the text."""
    return render(request, "403_csrf.html", status=403)
