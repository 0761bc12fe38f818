"""One's e-mail address 提醒邮件: set it, confirm it by the link, stop it by the link of any mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.errors import Refusal
from core.throttle import throttled
from members import mailing
from members.forms_mail import MailForm
from members.models import MailAddress

MOST = 10
"""Changes of an address from one place in an hour: nobody uses this house to mail strangers."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("mail", most=MOST, seconds=3600, when=lambda request: request.method == "POST")
def settings_page(request: HttpRequest) -> HttpResponse:
    """The address, whether mails are wanted, and whether the address is confirmed."""
    row = MailAddress.objects.filter(user=request.user).first()
    initial = {"address": row.address, "is_on": row.is_on} if row else {}
    form = MailForm(request.POST or None, initial=initial)
    if request.method == "POST" and settings.MAIL_ON and form.is_valid():
        kept = mailing.set_address(request.user, actor=request.user, **form.cleaned_data)
        if kept.address and kept.confirmed_at is None:
            messages.success(request, "已存。确认邮件马上发出，请到邮箱里点开链接。")
        else:
            messages.success(request, "已存。")
        return redirect("accounts:mail")
    return render(request, "accounts/mail.html", {"form": form, "row": row, "mail_on": settings.MAIL_ON})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address; asked first, because mail programs open links by themselves."""
    return _by_link(request, token, mailing.CONFIRM)


@csrf_exempt  # a mail program posts this for its reader; the signed link itself is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails, without signing in."""
    return _by_link(request, token, mailing.STOP)


def _by_link(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    act = mailing.confirm if purpose == mailing.CONFIRM else mailing.stop
    context = {"confirming": purpose == mailing.CONFIRM, "done": False, "problem": ""}
    try:
        if request.method == "POST":
            act(token)
            context["done"] = True
        else:
            mailing.holder(token, purpose)
    except Refusal as refusal:
        context["problem"] = str(refusal)
    response = render(request, "accounts/mail_link.html", context, status=410 if context["problem"] else 200)
    response["Referrer-Policy"] = "no-referrer"
    return response
