"""Signing in and out 登录、退出: password, second step, lock, activation by link, and what was typed before."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import devices_for_user, user_has_device
from django_otp import login as mark_verified

from core import audit, options
from core.errors import Refusal
from members import middleware
from members.forms import LoginForm, NewPasswordForm, TokenForm
from members.models import STAFF, User
from members.services import accounts

PENDING = "second_step"
PENDING_SECONDS = 300
WRONG = "账号或者密码不对。请看一下大小写和中英文输入法；连着错5次，账号会锁一会儿。"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Check account and password; a person with an authenticator goes on to the second step.

    The words are the same for a wrong password and for an account that does not exist.
    """
    target = _inside(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated and request.method != "POST":
        return redirect(target)
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is None:
            form.add_error(None, WRONG)
        elif user_has_device(user, confirmed=True):
            request.session[PENDING] = {
                "user": user.pk, "at": int(timezone.now().timestamp()), "next": target, "wrong": 0,
                "backend": user.backend,
            }  # fmt: skip
            return redirect("accounts:otp")
        else:
            return _enter(request, user, target)
    kept = request.session.get(middleware.KEPT)
    return render(
        request, "accounts/login.html", {"form": form, "next": target, "kept": bool(kept)},
    )  # fmt: skip


@login_not_required
@never_cache
@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
def otp(request: HttpRequest) -> HttpResponse:
    """The second step: six digits of the authenticator or a backup code, within five minutes of the password."""
    pending = request.session.get(PENDING)
    now = int(timezone.now().timestamp())
    if not pending or now - pending["at"] > PENDING_SECONDS:
        request.session.pop(PENDING, None)
        return redirect("accounts:login")
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    form = TokenForm(request.POST or None)
    if user and request.method == "POST" and form.is_valid():
        device = _matching_device(user, form.cleaned_data["token"])
        if device is not None:
            del request.session[PENDING]
            user.backend = pending["backend"]
            return _enter(request, user, pending["next"], device)
        audit.record(verb="account.otp_failed", summary="第二步验证码不对", subject=user)
        pending["wrong"] += 1
        request.session[PENDING] = pending
        if pending["wrong"] >= settings.AXES_FAILURE_LIMIT:
            del request.session[PENDING]
            messages.error(request, "验证码连着不对，请从密码重新来。")
            return redirect("accounts:login")
        form.add_error("token", "验证码不对，或者刚换过。请看验证器上现在的数字；连着错要等一会儿再试。")
    return render(request, "accounts/otp.html", {"form": form})


def _matching_device(user: User, token: str):
    """The person's confirmed device that accepts the code; each device slows down after wrong codes itself."""
    for device in devices_for_user(user, confirmed=True):
        allowed, _ = device.verify_is_allowed()
        if allowed and device.verify_token(token):
            return device
    return None


def _enter(request: HttpRequest, user: User, target: str, device=None) -> HttpResponse:
    """Start the session, give back what was typed before it expired, and remind of what is due."""
    kept = request.session.get(middleware.KEPT)
    start_session(request, user)
    if device is not None:
        mark_verified(request, device)
    if kept and kept["user"] == user.pk:
        request.session[middleware.KEPT] = kept
        target = reverse("accounts:kept")
    else:
        request.session.pop(middleware.KEPT, None)
    _remind(request, user, device)
    response = redirect(target)
    middleware.remember(response, request)
    return response


def _remind(request: HttpRequest, user: User, device) -> None:
    if settings.SECOND_FACTOR_REQUIRED and device is None and user.has_role(*STAFF):
        messages.warning(request, "您的角色需要绑定手机验证器，请到“账号与安全”里办，约两分钟。")
    days = options.value("accounts.password_days")
    if days and user.password_changed_at and timezone.now() - user.password_changed_at > timedelta(days=days):
        messages.warning(request, f"密码用了{days}天以上，请到“账号与安全”里换一个。")


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    end_session(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response.delete_cookie(middleware.WHO_COOKIE, samesite="Lax")
    return response


@login_not_required
@never_cache
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Whom to ask about a forgotten password; there is no e-mail by which one could be reset."""
    return render(request, "accounts/forgotten.html")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose the first password by an activation link, which works once."""
    link = accounts.find_link(secret)
    if link is None:
        return render(request, "accounts/activate.html", {"invalid": True}, status=410)
    form = NewPasswordForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.activate(secret, password=form.cleaned_data["new_password1"])
        except Refusal:
            return render(request, "accounts/activate.html", {"invalid": True}, status=410)
        messages.success(request, "密码定好了，请登录。")
        return redirect("accounts:login")
    response = render(request, "accounts/activate.html", {"form": form, "account": link.user.username})
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kept(request: HttpRequest) -> HttpResponse:
    """What was typed before the session ran out: read it again, hand it in at its own page, or let it go."""
    form = request.session.get(middleware.KEPT)
    if not form or form["user"] != request.user.pk:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if request.method == "POST":
        del request.session[middleware.KEPT]
        messages.info(request, "没有交的内容已经丢掉了。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    fields = [(name, text) for name, values in form["fields"] for text in values]
    written = [(number, text) for number, (_, text) in enumerate(fields, 1) if len(text) > 12 or " " in text]
    return render(
        request, "accounts/kept.html",
        {"path": form["path"], "fields": fields, "written": written, "files": form["files"]},
    )  # fmt: skip


def locked(request: HttpRequest, original_response=None, credentials=None) -> HttpResponse:
    """429: five wrong passwords in a row; says until when the account stays locked."""
    wait = settings.AXES_COOLOFF_TIME
    username = (credentials or {}).get("username") or request.POST.get("username", "")
    last = AccessAttempt.objects.filter(username=username).order_by("-attempt_time").first()
    until = timezone.localtime((last.attempt_time if last else timezone.now()) + wait)
    response = render(
        request, "accounts/locked.html", {"until": until, "failure_limit": settings.AXES_FAILURE_LIMIT}, status=429
    )
    response["Retry-After"] = str(max(1, int((until - timezone.now()).total_seconds())))
    return response


def _inside(request: HttpRequest, url: str) -> str:
    """``url`` when it stays on this site, else the first page of the workspace."""
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if ours and url.startswith("/") else settings.LOGIN_REDIRECT_URL  # «99» is the name of no page
