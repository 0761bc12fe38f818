"""Who may see the settings pages, and what they share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

PERMISSION = "core.change_option"

View = Callable[..., HttpResponse]


def settings_page(view: View) -> View:
    """For those who may change options; to others the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
