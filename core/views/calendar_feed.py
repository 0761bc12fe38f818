"""A person's calendar 日历订阅: the page on which its secret address is made, and the file behind it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import calendar_feed
from core.throttle import throttled

ONCE = "calendar_address"
READS_A_MINUTE = 60


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Make, renew or end the address; it is shown once, right after it was made."""
    if request.method == "POST":
        if request.POST.get("act") == "revoke":
            calendar_feed.revoke(request.user)
            messages.success(request, "原来的日历地址已经停用。")
        else:
            token = calendar_feed.make_link(request.user)
            request.session[ONCE] = request.build_absolute_uri(reverse("calendar_feed", args=[token]))
        return redirect("accounts:calendar")
    address = request.session.pop(ONCE, "")
    context = {
        "address": address,
        "phone_address": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        "link": calendar_feed.link_of(request.user),
    }
    return render(request, "core/calendar_settings.html", context)


@login_not_required
@require_safe
@throttled("calendar", most=READS_A_MINUTE)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever made this address; 404 for one that was renewed or ended."""
    user = calendar_feed.owner(token)
    if user is None:
        raise Http404
    events = calendar_feed.events_for(user, timezone.localdate())
    return as_file(calendar_feed.render("汉滨智慧政协", events, base=request.build_absolute_uri("/")[:-1]), "calendar")


def as_file(content: bytes, name: str) -> HttpResponse:
    """An .ics file that no cache keeps."""
    response = HttpResponse(content, content_type=calendar_feed.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
