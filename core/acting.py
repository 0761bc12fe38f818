"""What pages of every app share: turn a refusal 不能办 into a form error or a message, ask before what is final."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import Refusal


def attempt(request: HttpRequest, act: Callable[[], Any], done: str = "", form: forms.BaseForm | None = None) -> bool:
    """Run a service call and say what happened; True when it was done. Without ``done`` success is left to the page.

    A refusal goes to the field it names, else above the form's fields, else into a message.
    """
    try:
        act()
    except Refusal as problem:
        if form is None:
            messages.error(request, str(problem))
        else:
            field = "scan" if problem.field == "files" else problem.field
            named = field if field in form.fields else None
            form.add_error(named, str(problem))
        return False
    if done:
        messages.success(request, done)
    return True


def ask_first(
    request: HttpRequest, *, question: str, consequence: str, label: str, back_url: str
) -> HttpResponse | None:
    """The page that asks before a final act, for a post without ``confirmed``; None when it was confirmed."""
    if request.POST.get("confirmed"):
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", "confirmed")
        for value in values
    ]
    return render(
        request,
        "components/confirm_page.html",
        {
            "question": question,
            "consequence": consequence,
            "label": label,
            "action_url": request.get_full_path(),
            "fields": fields,
            "back_url": back_url,
        },
    )
