"""Pages that anyone may read (门户): front page, published proposals, studios, about the site."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import paging
from core.throttle import throttled
from members.matters.receipts import DIGITS
from portal import selectors
from portal.forms import OpenFilter

NEWEST = (paging.Key("published_on", True), paging.Key("id", True))
PAGE = 20
STUDIOS_SHOWN = 4
SEARCHES_A_MINUTE = 60
"""From one address; an office behind one address shares it."""


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: the newest reply, notices, figures, proposals, cleared abstracts, studios, the receipt box."""
    today, opened, opinions = timezone.localdate(), selectors.answered_lately(), selectors.cleared_lately()
    studios, deliberations = list(selectors.open_studios(today)), selectors.open_deliberations()
    return render(
        request,
        "portal/home.html",
        {
            "figures": selectors.strip(opinions[0].of_all if opinions else 0, len(studios)),
            "announcements": selectors.announcements(today, deliberations),
            "lead": opened[0] if opened else None,
            "opened": opened[1:],
            "opinions": opinions,
            "deliberations": deliberations,
            "studios": studios[:STUDIOS_SHOWN],
            "digits": DIGITS,
        },
    )


@login_not_required
@require_safe
@throttled("open_search", most=SEARCHES_A_MINUTE, when=lambda request: bool(request.GET.get("q")))
def open_list(request: HttpRequest) -> HttpResponse:
    """Published proposals, newest first; its filter is its address."""
    form = OpenFilter(request.GET)
    page = paging.turn(form.narrow(selectors.open_proposals()), request.GET, NEWEST, size=PAGE)
    chips = [(name, value, paging.without(request.GET, key)) for key, name, value in form.active()]
    return render(
        request,
        "portal/open_list.html",
        {"form": form, "page": page, "rows": page.rows, "active_filters": chips, "clear_url": request.path},
    )


@login_not_required
@require_safe
def open_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One published proposal with its replies and promises."""
    proposal = selectors.open_item(pk)
    if proposal is None:
        raise Http404
    return render(
        request,
        "portal/open_item.html",
        {"proposal": proposal, "replies": selectors.replies_of([proposal])[proposal.pk]},
    )


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everyone can use the site, and whom to tell what is missing."""
    return render(request, "portal/accessibility.html")


@login_not_required
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every page of the portal, for people."""
    return render(request, "portal/site_map.html")
