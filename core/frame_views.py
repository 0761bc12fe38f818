"""Pages that belong to the frame: change of theme, sign of life, a person's messages (消息)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import badges
from core.context import ELDER, ELDER_COOKIE
from core.models import Notice
from core.notices import mark_read

YEAR = 365 * 24 * 3600
PAGE = 30


def _inside(request: HttpRequest, url: str, default: str) -> str:
    """``url`` when it stays on this site, else ``default``."""
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if ours and url.startswith("/") else default  # «99» would be taken for the name of a page


@login_not_required
@never_cache
@require_safe
def elder(request: HttpRequest) -> HttpResponse:
    """Change to 长辈版 (``to=on``) or back (``to=off``) and return to the page ``next``.

    The choice is kept in a cookie for a year; a link is enough, so it works without scripts.
    """
    response = redirect(_inside(request, request.GET.get("next", "/"), "/"))
    if request.GET.get("to") == "on":
        response.set_cookie(
            ELDER_COOKIE, ELDER, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response


@login_not_required
@never_cache
def ping(request: HttpRequest) -> JsonResponse:
    """Say whether the person is still signed in and hand out a fresh form token.

    Asking counts as activity, so "我还在" keeps the session; after an expired session the answer
    is 401 and the page keeps what was typed.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"signed_in": False}, status=401)
    request.session["seen_at"] = int(timezone.now().timestamp())
    return JsonResponse({"signed_in": True, "token": get_token(request)})


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """A person's messages, newest first; ``?before=<id>`` turns the page."""
    badges.forget([request.user.pk])  # this page says how many are unread, and must be right
    rows = Notice.objects.filter(recipient=request.user).order_by("-id")
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(id__lt=int(before))
    page = list(rows[: PAGE + 1])
    return render(
        request,
        "core/notice_list.html",
        {"notices": page[:PAGE], "older": page[PAGE - 1].pk if len(page) > PAGE else None, "paged": bool(before)},
    )


@require_safe
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message as read and go where it points."""
    notice = get_object_or_404(Notice, pk=pk, recipient=request.user)
    mark_read(request.user, [notice.pk])
    return redirect(_inside(request, notice.url, "") or "frame:notices")


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all of a person's messages as read."""
    done = mark_read(request.user)
    messages.success(request, f"{done}条消息已标为已读。" if done else "没有未读的消息。")
    return redirect("frame:notices")
