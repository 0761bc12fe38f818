"""Residents take part in an online deliberation 网络议政: no sign-in, a consent, a token in this browser only."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.deliberation import forms, selectors
from consultations.deliberation.participants import enter, new_token, token_key
from consultations.models import Deliberation, DeliberationStatus, DeliberationSummary
from consultations.services import deliberation
from consultations.views.deliberation import LATEST, PAGE, said_value
from core import paging
from core.acting import attempt
from core.errors import Refusal
from core.throttle import throttled

COOKIE = "deliberation"
SALT = "portal.deliberation"
DAYS = 60
MOST = 30
VOTES_A_MINUTE, OPINIONS_A_MINUTE, BEGIN_AN_HOUR = 120, 6, 60
"""From one address, behind which a whole village may stand; twice as fast as thumbs can be."""


def token_of(request: HttpRequest) -> str:
    """The token in the signed cookie; empty where there is none or it is forged."""
    return request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=DAYS * 86400) or ""


def _find(pk: int) -> Deliberation:
    return get_object_or_404(Deliberation.objects.public().select_related("consultation"), pk=pk)


@login_not_required
@require_safe
def deliberation_list(request: HttpRequest) -> HttpResponse:
    """Deliberations that residents may join, and those that are over."""
    rows = list(Deliberation.objects.public().select_related("consultation")[:MOST])
    context = {"going": [row for row in rows if row.is_open()], "rest": [row for row in rows if not row.is_open()]}
    return render(request, "portal/deliberation_list.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("deliberation_begin", most=BEGIN_AN_HOUR, seconds=3600, when=lambda request: request.method == "POST")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """Consent first, then one opinion at a time; after closing what came of it."""
    row = _find(pk)
    token = token_of(request)
    if row.is_open() and not token:
        form = forms.ConsentForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            response = redirect("portal:deliberation", row.pk)
            response.set_signed_cookie(
                COOKIE, new_token(), salt=SALT, max_age=DAYS * 86400, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
            return response
        return render(request, "portal/deliberation_item.html", {"row": row, "consent": form, "is_open": True})
    context: dict[str, Any] = {
        "row": row, "is_open": row.is_open(), "soon": row.status == "open" and row.opens_at > timezone.now(), "token": token,
        "vote_url": reverse("portal:deliberation_vote", args=[row.pk]),
        "say_url": reverse("portal:deliberation_say", args=[row.pk]),
        "mine_url": reverse("portal:deliberation_mine", args=[row.pk]),
    }  # fmt: skip
    if context["is_open"]:
        context |= selectors.progress(row, selectors.seat(row, token_key(row, token))) | {"form": forms.SayForm()}
    elif row.status == DeliberationStatus.CLOSED:
        found = DeliberationSummary.objects.filter(deliberation=row).first()
        context["told"] = selectors.picture(row, found) if found else None
    return render(request, "portal/deliberation_item.html", context)


@login_not_required
@require_POST
@throttled("deliberation_vote", most=VOTES_A_MINUTE)
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a resident's vote."""
    row = _find(pk)
    if token := token_of(request):
        try:
            opinion, value = said_value(request)
            deliberation.vote(row, opinion, value, key=token_key(row, token))
        except Refusal as problem:
            messages.error(request, str(problem))
        if request.POST.get("next") == "mine":
            return redirect("portal:deliberation_mine", row.pk)
    return redirect("portal:deliberation", row.pk)


@login_not_required
@require_POST
@throttled("deliberation_say", most=OPINIONS_A_MINUTE)
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a resident's opinion."""
    row = _find(pk)
    token = token_of(request)
    form = forms.SayForm(request.POST)
    if not token:
        return redirect("portal:deliberation", row.pk)

    def act() -> None:
        deliberation.check_open(row)
        who = enter(row, token_key(row, token), is_member=False)
        deliberation.say(row, text=form.cleaned_data["text"], participant=who)

    if not form.is_valid():
        messages.error(request, "请先写意见。")
    elif not attempt(request, act, "收到了，审核、公开到哪一步在“我的意见和表态”里看。", form):
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    return redirect("portal:deliberation", row.pk)


@login_not_required
@never_cache
@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """What this browser's token put and said."""
    row = _find(pk)
    token = token_of(request)
    if not token:
        return redirect("portal:deliberation", row.pk)
    at = selectors.seat(row, token_key(row, token))
    page = paging.turn(selectors.own_votes(at), request.GET, LATEST, size=PAGE)
    context = {
        "row": row, "is_open": row.is_open(), "opinions": selectors.own_opinions(row, at), "rows": page.rows, "page": page,
        "vote_url": reverse("portal:deliberation_vote", args=[row.pk]), "unit_word": "条",
    }  # fmt: skip
    return render(request, "portal/deliberation_mine.html", context)
