"""One's own account 账号与安全: password, authenticator 验证器, backup codes 备用码, recent sign-ins."""

import io
from base64 import b32encode

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as mark_verified
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from core import audit
from core.errors import Refusal
from core.models import AuditEntry
from core.subjects import subject_key
from members.forms import PasswordChangeForm, TokenForm
from members.models import ADMINISTRATORS, STAFF
from members.services import accounts

SIGN_IN_VERBS = ("account.login", "account.login_failed", "account.locked", "account.otp_failed", "account.activate")
CODES = 8


@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """The account, its password, its second factor and the last ten sign-ins."""
    subject_type, subject_id = subject_key(request.user)
    recent = AuditEntry.objects.filter(
        subject_type=subject_type, subject_id=subject_id, verb__in=SIGN_IN_VERBS
    ).order_by("-seq")[:10]
    context = {
        "devices": list(request.user.totpdevice_set.filter(confirmed=True)),
        "codes_left": StaticToken.objects.filter(device__user=request.user).count(),
        "second_factor_required": settings.SECOND_FACTOR_REQUIRED and request.user.has_role(*STAFF),
        "recent": [{"at": row.at, "address": row.ip, "what": row.summary} for row in recent],
    }
    return render(request, "accounts/security.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other devices are signed out."""
    form = PasswordChangeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        accounts.change_password(request.user, actor=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        if request.user.is_administrator:
            accounts.keep_one_session(request.user, request.session.session_key)
        messages.success(request, "密码换好了。别的设备上的登录都已退出。")
        return redirect("accounts:security")
    context = {"form": form, "must_change": request.user.must_change_password}
    return render(request, "accounts/password_change.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def totp_enrol(request: HttpRequest) -> HttpResponse:
    """Bind an authenticator: show its picture and key, and take the first code as proof."""
    if request.user.totpdevice_set.filter(confirmed=True).exists():
        messages.info(request, "已经绑定了验证器；要换手机，请先解除。")
        return redirect("accounts:security")
    device, _ = TOTPDevice.objects.get_or_create(user=request.user, confirmed=False, defaults={"name": "手机验证器"})
    form = TokenForm(request.POST or None)
    form.fields["token"].help_text = "验证器上现在的6位数字。"
    if request.method == "POST" and form.is_valid():
        if _accepts(device, form.cleaned_data["token"]):
            codes = _confirm(request, device)
            return render(request, "accounts/backup_codes.html", {"codes": codes, "fresh": True})
        form.add_error("token", "验证码不对。请看手机上的时间准不准，再填现在的数字。")
    context = {"form": form, "qr_svg": _qr(device.config_url), "secret": b32encode(device.bin_key).decode()}
    return render(request, "accounts/totp_enrol.html", context)


def _accepts(device: TOTPDevice, token: str) -> bool:
    allowed, _ = device.verify_is_allowed()
    return allowed and device.verify_token(token)


@transaction.atomic
def _confirm(request: HttpRequest, device: TOTPDevice) -> list[str]:
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    audit.record(verb="account.otp_on", summary="绑定了验证器", actor=request.user, subject=request.user)
    mark_verified(request, device)
    return _new_codes(request.user)


def _qr(address: str) -> str:
    """The picture as SVG without any style of its own."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, svgclass=None, lineclass=None, scale=5, title="验证器二维码",
        light="#fff", dark="#000",
    )  # fmt: skip
    return out.getvalue().decode()


@require_POST
def totp_remove(request: HttpRequest) -> HttpResponse:
    """Unbind one's own authenticator where the role does not require it."""
    if settings.SECOND_FACTOR_REQUIRED and request.user.has_role(*ADMINISTRATORS):
        messages.error(request, "管理员必须绑定验证器，换手机请找另一位系统管理员。")
        return redirect("accounts:security")
    try:
        accounts.drop_second_factor(request.user, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "验证器已解除，登录时只要密码。")
    return redirect("accounts:security")


@never_cache
@require_POST
def backup_codes(request: HttpRequest) -> HttpResponse:
    """Make eight new backup codes, each good once; shown this one time, earlier ones are void."""
    if not request.user.totpdevice_set.filter(confirmed=True).exists():
        return redirect("accounts:totp_enrol")
    codes = _new_codes(request.user)
    audit.record(verb="account.codes", summary="生成了备用码", actor=request.user, subject=request.user)
    return render(request, "accounts/backup_codes.html", {"codes": codes})


@transaction.atomic
def _new_codes(user) -> list[str]:
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "备用码"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes
