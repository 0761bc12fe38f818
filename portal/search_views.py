"""The portal's search 站内查找: one box over everything that was published, kind by kind."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import paging
from core.search import MAX_QUERY
from core.throttle import throttled
from portal import finding

A_MINUTE = 60
"""From one address; an office behind one address shares it."""
MOST, PAGE = 5, 20
"""Hits of each kind on the first page, and on a page of one kind."""


@login_not_required
@require_safe
@throttled("public_search", most=A_MINUTE, when=lambda request: bool(request.GET.get("q")))
def search(request: HttpRequest) -> HttpResponse:
    """What ``?q=`` finds of each kind; ``kind=`` shows one kind, page by page."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MAX_QUERY]
    kind = finding.kind_of(request.GET.get("kind", ""))
    context: dict[str, object] = {
        "searched": text,
        "kind": kind,
        "all_url": f"{reverse('portal:search')}?{urlencode({'q': text})}",
    }
    if text and kind:
        page = paging.turn(kind.rows(text), request.GET, kind.order, size=PAGE)
        context |= {"page": page, "rows": [kind.hit(row, text) for row in page.rows]}
    elif text:
        context["found"] = finding.first_of_each(text, MOST)
    response = render(request, "portal/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
