"""A studio writes down a micro-consultation 微协商: four fields and a photograph, on one page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from consultations.forms import bodies_of
from consultations.models import Consultation
from consultations.people import named_members
from consultations.services import sessions
from consultations.sessions import forms
from core import attachments, handover
from core.acting import attempt
from members.models import Matter
from members.services import matters


@require_http_methods(["GET", "HEAD", "POST"])
def micro(request: HttpRequest) -> HttpResponse:
    """A studio writes down a micro-consultation; ``?from=`` begins it from a matter."""
    if not bodies_of(request.user).filter(kind="studio").exists():
        raise PermissionDenied
    source = handover.read(request.user, request.POST.get("from") or request.GET.get("from", ""))
    initial = {"title": source[1].values.get("title", "")} if source else None
    form = forms.MicroForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        people, unknown = named_members(form.cleaned_data["members"])
        if unknown:
            form.add_error("members", f"{unknown}其他内容都在。")
        elif made := _record(request, form, people, source):
            messages.success(request, "已登记。" if form.cleaned_data["photo"] else "已登记。有照片的，在下面传上来。")
            return redirect(made)
    context = {
        "form": form,
        "first": [form[name] for name in form.FIRST],
        "more": [form[name] for name in ("members", "follow_up_on")],
        "source": source[1] if source else None,
        "source_key": request.POST.get("from") or request.GET.get("from", ""),
    }
    return render(request, "consultations/session_micro.html", context)


def _record(request: HttpRequest, form: forms.MicroForm, people: list[int], source: Any) -> Consultation | None:
    data = form.cleaned_data
    made: list[Consultation] = []

    @transaction.atomic
    def write() -> None:
        row = sessions.record_light(
            actor=request.user, organizer=data["organizer"], title=data["title"], on=data["on"], parties=data["parties"],
            consensus=data["consensus"], member_ids=people, follow_up_on=data["follow_up_on"],
        )  # fmt: skip
        if data["photo"]:
            attachments.add(row, data["photo"], actor=request.user, kind="photo", most=20)
        if source:
            handover.link(source[0], row, actor=request.user)
            if isinstance(source[0], Matter):
                matters.onward_answered(source[0], answer=data["consensus"], result=data["consensus"], on=data["on"])
        made.append(row)

    return made[0] if attempt(request, write, "", form) else None
