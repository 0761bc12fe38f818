"""Recording a visit 登记来访: the page for the phone, the door for what was kept without signal, the receipt."""

import hashlib
import json

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import qr, tracking
from core.errors import Refusal
from members.matters import selectors as selectors_matters
from members.matters.forms import VisitForm, find_booking
from members.services import matters
from members.services.matters import Recorded

ASSETS = (
    "vendor/bootstrap/css/bootstrap.min.css", "css/tokens.css", "css/base.css", "css/office.css", "css/print.css",
    "css/matter.css", "js/app.js", "js/matter_record.js", "img/wordmark.svg", "img/icons.svg", "img/chevron.svg",
    "img/tick.svg", "img/dot.svg",
)  # fmt: skip
"""What the page needs where there is no signal; the page's own test finds a missing one."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def matter_new(request: HttpRequest) -> HttpResponse:
    """One screen for one visit; with a script it is kept on the device until the server has it."""
    _may_record(request)
    number = request.GET.get("booking", "")
    booking = find_booking(request.user, int(number) if number.isdecimal() and len(number) < 10 else None)
    form = VisitForm(request.POST if request.method == "POST" else None, user=request.user, booking=booking)
    if request.method == "POST" and form.is_valid():
        try:
            found = matters.record(form.visit(), actor=request.user)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, f"已登记，回执号{spaced(found.matter.receipt_code)}。")
            if found.note:
                messages.warning(request, found.note)
            return redirect("members:matter_receipt", found.matter.pk)
    studios = form.fields["studio"].queryset
    return render(request, "members/matter_new.html", {"form": form, "no_studio": not studios.exists()})


@login_not_required
@never_cache
@require_POST
def matter_sync(request: HttpRequest) -> JsonResponse:
    """Store one visit that was kept on a device, as often as it is sent; words for the script that sends.

    401: sign in first; 422: what must be changed, by field. The device drops its copy after a 200 only.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": "请先登录。"}, status=401)
    _may_record(request)
    form = VisitForm(request.POST, user=request.user)
    if not form.is_valid():
        return JsonResponse({"errors": {name: list(words) for name, words in form.errors.items()}}, status=422)
    try:
        found = matters.record(form.visit(), actor=request.user)
    except Refusal as refusal:
        return JsonResponse({"errors": {refusal.field or "": [str(refusal)]}}, status=422)
    return JsonResponse(_told(found))


def _told(found: Recorded) -> dict[str, object]:
    matter = found.matter
    return {
        "key": str(matter.client_key),
        "code": spaced(matter.receipt_code),
        "note": found.note,
        "url": matter.get_absolute_url(),
        "receipt_url": reverse("members:matter_receipt", args=[matter.pk]),
    }


@login_not_required
@never_cache
@require_safe
def matter_token(request: HttpRequest) -> JsonResponse:
    """Who is signed in now, and a fresh form token; 401 when nobody is."""
    if not request.user.is_authenticated:
        return JsonResponse({"error": "请先登录。"}, status=401)
    request.session["seen_at"] = int(timezone.now().timestamp())
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})


@login_not_required
@require_safe
def matter_worker(request: HttpRequest) -> HttpResponse:
    """The service worker that keeps the page for recording on the device; it holds nothing of a person."""
    assets = [static(name) for name in ASSETS]
    facts = {
        "page": reverse("members:matter_new"),
        "assets": assets,
        "version": hashlib.sha256(json.dumps(assets).encode()).hexdigest()[:12],
    }
    context = {"facts": json.dumps(facts)}
    response = render(request, "members/matter_worker.js", context, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
def matter_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt for the visitor: the code, where it is asked for, a picture that leads there."""
    matter = selectors_matters.get_matter(request.user, pk)
    if not request.user.has_perm("members.handle_matter", matter):
        raise PermissionDenied
    address = request.build_absolute_uri(tracking.address(matter.receipt_code))
    context = {
        "matter": matter,
        "code": spaced(matter.receipt_code),
        "picture": qr.svg(address, title="扫一扫，看办到哪一步"),
        "address": request.build_absolute_uri(tracking.address()),
    }
    return render(request, "members/matter_receipt.html", context)


def spaced(code: str) -> str:
    """«123 456 7890», as a receipt code is read aloud."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def _may_record(request: HttpRequest) -> None:
    if not request.user.has_perm("members.record_matter"):
        raise PermissionDenied
