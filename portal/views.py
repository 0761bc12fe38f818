"""Pages that anyone may read (门户): front page, published proposals, studios, about the site."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core import navigation, paging
from core.throttle import throttled
from portal import selectors
from portal.forms import OpenFilter

NEWEST = (paging.Key("published_on", True), paging.Key("id", True))
PAGE = 20
STUDIOS_SHOWN = 6
SEARCHES_A_MINUTE = 60
"""From one address; an office behind one address shares it."""


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: notices, this year's figures, proposals with their replies, studios."""
    opened = selectors.answered_lately()
    return render(
        request,
        "portal/home.html",
        {
            "figures": selectors.figures(),
            "announcements": selectors.announcements(timezone.localdate()),
            "lead": opened[0] if opened else None,
            "opened": opened[1:],
            "studios": selectors.open_studios(timezone.localdate())[:STUDIOS_SHOWN],
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
def search(request: HttpRequest) -> HttpResponse:
    """The portal's search leads to the list that it searches."""
    return redirect(f"{navigation.address('portal:open_list')}?{urlencode({'q': request.GET.get('q', '')})}")


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
