"""Where a matter stands 查办理进度, for whoever holds a receipt code: plain words, no names, nothing kept."""

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultations.models import TopicSender
from core import tracking
from core.throttle import throttled
from members.matters.receipts import DIGITS
from members.models import Booking, Matter
from sentiment.models import OpinionReport

A_MINUTE = 15
A_DAY = 300
"""From one address: a code of ten digits is not found by trying (domain rules §5)."""


@login_not_required
@never_cache
@require_safe
@throttled("track", most=A_MINUTE, when=lambda request: bool(request.GET.get("code")))
@throttled("track_day", most=A_DAY, seconds=24 * 3600, when=lambda request: bool(request.GET.get("code")))
def track(request: HttpRequest) -> HttpResponse:
    """Ask for a receipt code, and tell the whole story from the visit to the promise.

    A wrong code and one that nobody bears are answered with the same words.
    """
    given = request.GET.get("code", "")[:40]
    code = "".join(char for char in given if not char.isspace() and char not in "-－—")
    start = found(code)
    steps = in_order(tracking.story(start)) if start is not None else []
    context = {
        "given": given.strip(),
        "asked": bool(given.strip()),
        "done": [step for step in steps if not step.open],
        "ahead": [step for step in steps if step.open],
    }
    response = render(request, "portal/track.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def in_order(steps: list[tracking.Step]) -> list[tracking.Step]:
    """Steps by day; one without a day stays behind the one before it."""
    dated, day = [], dt.date.min
    for place, step in enumerate(steps):
        day = step.on or day
        dated.append((day, place, step))
    return [step for _, _, step in sorted(dated, key=lambda row: row[:2])]


def found(code: str) -> Matter | Booking | OpinionReport | TopicSender | None:
    """The matter, booking, resident's letter or topics for the yearly plan that bear a code."""
    if len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
        return None
    matters = Matter.objects.select_related("studio", "unit", "host")
    if matter := matters.filter(receipt_code=code).first():
        return matter
    if booking := Booking.objects.select_related("slot__day__studio").filter(receipt_code=code).first():
        return booking
    if report := OpinionReport.objects.select_related("combined_into").filter(receipt_code=code).first():
        return report
    return TopicSender.objects.select_related("plan").filter(receipt_code=code).first()
