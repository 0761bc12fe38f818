"""Two steps around every request: nothing typed is lost to an expired session; accounts that must act first do.

``KeepTypedMiddleware`` stands between a person's words and the sign-in page. ``AccountDutyMiddleware``
sends a person to change a password or to bind a second factor where that is due.
"""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

KEPT = "kept_form"
WHO_COOKIE = "hb_who"
LIMIT = 256 * 1024  # characters of one form: ten times the longest proposal
_SECRET = {"csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2", "token"}
_FREE_PATHS = ("/accounts/", "/static/", "/ping/", "/elder/")


class KeepTypedMiddleware:
    """Keep the form of a person whose session ran out, for the same person's next sign-in.

    The signed cookie says who last signed in on this device; without it nothing is kept. Files are
    not kept, their names are. Posts of scripts are left out: the page itself keeps those.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST":
            return response
        if response.status_code == 302 and _sent_to_sign_in(request, response):
            keep(request)
        elif request.user.is_authenticated and response.status_code < 500:
            forget(request)
        return response


def _sent_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        not request.user.is_authenticated
        and response["Location"].startswith(settings.LOGIN_URL + "?")
        and "X-Requested-With" not in request.headers
        and "HX-Request" not in request.headers
    )


def keep(request: HttpRequest) -> bool:
    """Store the posted form in the anonymous session; False when it is too large or nobody's."""
    who = who_signed_in_last(request)
    if who is None:
        return False
    fields = [[name, request.POST.getlist(name)] for name in request.POST if name not in _SECRET]
    size = sum(len(text) for _, values in fields for text in values)
    if not fields or size > LIMIT:
        return False
    request.session[KEPT] = {
        "user": who,
        "path": request.get_full_path(),
        "fields": fields,
        "files": [upload.name for name in request.FILES for upload in request.FILES.getlist(name)],
    }
    return True


def forget(request: HttpRequest) -> None:
    """Drop what was kept once its own page has taken it."""
    kept = request.session.get(KEPT)
    if kept and kept["path"] == request.get_full_path():
        del request.session[KEPT]


def who_signed_in_last(request: HttpRequest) -> int | None:
    """The account that last signed in on this device, by its signed cookie."""
    try:
        return int(request.get_signed_cookie(WHO_COOKIE, max_age=12 * 3600))
    except (KeyError, BadSignature, ValueError):
        return None


def remember(response: HttpResponse, request: HttpRequest) -> None:
    """Note on this device who signed in, for twelve hours."""
    response.set_signed_cookie(
        WHO_COOKIE, str(request.user.pk), max_age=12 * 3600, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


class AccountDutyMiddleware:
    """Send a person to what the account must do first: a new password, or a second factor.

    Outside development the three administrators 三员 work with a second factor only.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not request.path.startswith(_FREE_PATHS):
            if user.must_change_password:
                return redirect("accounts:password_change")
            if settings.SECOND_FACTOR_REQUIRED and not user.is_verified() and user.is_administrator:
                return redirect(reverse("accounts:totp_enrol"))
        return self.get_response(request)
