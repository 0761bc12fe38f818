"""Answering a quality evaluation 质量评价 without signing in: by link or typed code, once, without a name."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations.evaluation.forms import AnswerForm, CodeForm
from consultations.services import evaluation as services
from consultations.services.indicators import reading
from core.errors import Refusal
from core.throttle import throttled

LINKS_A_MINUTE = 300
"""From one address; a whole meeting room may answer through one."""
CODES_A_MINUTE = 30


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page is in no search engine, and its address goes to no other site."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return answered


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("evaluation_code", most=CODES_A_MINUTE, when=lambda request: request.method == "POST")
@private
def code_entry(request: HttpRequest) -> HttpResponse:
    """Type the code of a slip."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = "".join(char for char in form.cleaned_data["code"].upper() if char.isascii() and char.isalnum())
        try:
            services.by_code(code)
            return redirect("portal:evaluate", code)
        except Refusal as refusal:
            form.add_error("code", str(refusal))
    return render(request, "consultations/evaluation_code.html", {"form": form})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("evaluation", most=LINKS_A_MINUTE)
@private
def evaluate(request: HttpRequest, code: str) -> HttpResponse:
    """The questionnaire behind a link; a used, replaced or late one says so."""
    try:
        row = services.by_code(code)
        form = AnswerForm(request.POST if request.method == "POST" else None, indicators=reading(row.indicators))
        if form.is_bound and form.is_valid():
            services.answer(code, form.marks(), comment=form.cleaned_data["comment"])
            return redirect("portal:evaluated")
    except services.Gone as refusal:
        status = 404 if isinstance(refusal, services.Unknown) else 410
        return render(request, "consultations/evaluation_gone.html", {"why": str(refusal)}, status=status)
    status = 400 if form.is_bound else 200
    return render(request, "consultations/evaluation_answer.html", {"row": row, "form": form}, status=status)


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """After the answer: it was taken; nothing of it is shown."""
    return render(request, "consultations/evaluation_thanks.html")
