"""Outcomes: written, sent up, noted, given to units; and the unit's page on which it says what it takes up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from consultations import forms
from consultations.models import Consultation, Outcome, Uptake, UptakeResult
from consultations.services import outcomes
from consultations.views.sessions import get_session
from core import paging, workflow
from core.acting import ask_first, attempt
from members.models import Role

NEWEST = (paging.Key("id", True),)


@require_http_methods(["GET", "HEAD", "POST"])
def outcome_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an outcome of a session."""
    row = get_session(request, pk)
    if not request.user.has_perm("consultations.run", row):
        raise Http404
    form = forms.OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(request, lambda: outcomes.write(row, actor=request.user, **data), "已存，核对以后报送。", form):
            return redirect(row)
    return render(request, "consultations/session_act.html", {"row": row, "form": form, "label": "写成果"})


def _acts(outcome: Outcome, user: Any) -> dict[str, tuple[Any, Any, str]]:
    """For each verb its form, what it runs, and what is said afterwards."""
    return {
        "write": (
            forms.OutcomeForm,
            lambda data: workflow.perform(outcome, "write", actor=user, changes=data),
            "已改。",
        ),
        "send": (forms.SendForm, lambda data: outcomes.send(outcome, actor=user, **data), "已报送。"),
        "note": (forms.NoteForm, lambda data: outcomes.note(outcome, actor=user, **data), "已登记。"),
        "assign": (
            forms.UnitsForm,
            lambda data: outcomes.assign(outcome, list(data["units"]), actor=user),
            "已交办，承办单位会收到通知。",
        ),
        "convert": (forms.ConvertForm, lambda data: outcomes.convert(outcome, actor=user, **data), "已登记转化。"),
        "close": (forms.PlainForm, lambda data: outcomes.close(outcome, actor=user), "已办结，参加的委员会收到结果。"),
    }


def _initial(outcome: Outcome, verb: str) -> dict[str, Any]:
    if verb == "write":
        return {name: getattr(outcome, name) for name in ("kind", "title", "text", "sent_to")}
    return (
        {"sent_to": outcome.sent_to}
        if verb == "send"
        else {"text": outcome.note if verb == "note" else outcome.conversion}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def outcome_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one act to an outcome on its own small page."""
    sessions = Consultation.objects.visible_to(request.user)
    outcome = get_object_or_404(Outcome.objects.filter(consultation__in=sessions).select_related("consultation"), pk=pk)
    row, known = outcome.consultation, _acts(outcome, request.user).get(verb)
    if known is None or not request.user.has_perm("consultations.write_outcome", outcome):
        raise Http404
    if problem := workflow.refusal(outcome, verb, request.user):
        messages.error(request, problem)
        return redirect(row)
    move = workflow.process_of(outcome)[verb]
    form_class, run, done = known
    form = form_class(request.POST or None, initial=_initial(outcome, verb))
    if request.method == "POST" and form.is_valid():
        if move.confirm and (page := ask_first(
            request, question=f"{move.label}：{outcome.title}？", consequence=move.confirm, label=move.label,
            back_url=row.get_absolute_url(),
        )):  # fmt: skip
            return page
        if attempt(request, lambda: run(form.cleaned_data), done, form):
            return redirect(row)
    context = {"row": row, "form": form, "label": f"{move.label}：{outcome.title}", "consequence": move.confirm}
    return render(request, "consultations/session_act.html", context)


@require_safe
def uptake_list(request: HttpRequest) -> HttpResponse:
    """What the person's units are to take up; the inspection office sees all."""
    user = request.user
    if not (user.unit_ids() or user.has_role(Role.INSPECTION)):
        raise PermissionDenied
    rows = Uptake.objects.all() if user.has_role(Role.INSPECTION) else Uptake.objects.filter(unit__in=user.unit_ids())
    page = paging.turn(
        rows.select_related("outcome__consultation", "unit").defer("text", "outcome__text"), request.GET, NEWEST
    )
    context = {
        "rows": page.rows, "page": page, "unit_word": "份", "empty_title": "没有要答复的协商意见",
        "empty_text": "区政协协商成果交您单位办理的，会列在这里。",
    }  # fmt: skip
    return render(request, "consultations/uptake_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def uptake_item(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which a unit says what it takes up."""
    uptake = get_object_or_404(Uptake.objects.select_related("outcome__consultation", "unit"), pk=pk)
    user = request.user
    if not (user.has_perm("consultations.answer", uptake) or user.has_role(Role.INSPECTION)):
        raise Http404
    waiting = uptake.result == UptakeResult.WAITING and user.has_perm("consultations.answer", uptake)
    form = forms.UptakeForm(request.POST or None) if waiting else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        if attempt(request, lambda: outcomes.answer(uptake, actor=user, **data), "答复已送出。", form):
            return redirect("consultations:uptakes")
    return render(request, "consultations/uptake_item.html", {"uptake": uptake, "form": form})
