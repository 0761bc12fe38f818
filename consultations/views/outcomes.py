"""Outcomes 协商成果: the list, one on its page, each act on a small page of its own."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from consultations.models import Conversion, FollowUp, Outcome, OutcomeNote
from consultations.outcomes import forms, selectors
from consultations.outcomes import paper as outcome_paper
from consultations.plans.sheets import send
from consultations.services import conversions, outcomes
from consultations.views.plan_items import chips_of, export_url
from consultations.views.sessions import get_session
from core import attachments, badges, paging, spreadsheets, workflow
from core.acting import ask_first, attempt

PAGE = 30
NEWEST = (paging.Key("sent_on", True, nullable=True), paging.Key("id", True))
"""By the day of sending; drafts, which wait among the todos of whoever writes them, come last."""
COLUMNS: tuple[spreadsheets.Column, ...] = (
    ("类型", 14, lambda row: row.get_kind_display()),
    ("成果", 60, lambda row: row.title),
    ("协商", 40, lambda row: row.consultation.title),
    ("形式", 16, lambda row: row.consultation.get_form_display()),
    ("协商日期", 12, lambda row: row.consultation.on),
    ("报送日期", 12, lambda row: row.sent_on),
    ("状态", 12, lambda row: row.get_status_display()),
)


def get_outcome(request: HttpRequest, pk: int) -> Outcome:
    """One outcome that the person may read, or 404."""
    rows = Outcome.objects.visible_to(request.user).select_related("consultation__organizer", "consultation__activity")
    return get_object_or_404(rows, pk=pk)


@require_safe
def outcome_list(request: HttpRequest) -> HttpResponseBase:
    """The outcomes that this person may read, by the conditions in the address."""
    form = forms.OutcomeFilter(request.GET)
    rows = selectors.narrow_outcomes(Outcome.objects.visible_to(request.user), form)
    if request.GET.get("format") == "xlsx":
        return send(request, "协商成果清单", COLUMNS, rows.for_list().order_by("-sent_on", "-id"), "outcome.export")
    page = paging.turn(
        rows.for_list(), request.GET, NEWEST, size=PAGE,
        keep=lambda count: badges.total(request.user.pk, f"outcomes{paging.without(request.GET)}", count),
    )  # fmt: skip
    chips = chips_of(request, form)
    context = {
        "rows": page.rows, "page": page, "filters": form, "unit_word": "份", "active_filters": chips,
        "clear_url": reverse("consultations:outcomes"), "export_url": export_url(request),
        "empty_title": "没有符合的成果" if chips else "这里还没有协商成果",
        "empty_text": "换个条件再看。" if chips else "协商举行以后，在协商的页面上写成果；报送以后就列在这里。",
        "empty_links": [] if chips else [("看协商", reverse("consultations:list"))],
    }  # fmt: skip
    return render(request, "consultations/outcome_list.html", context)


@require_safe
def outcome_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One outcome: its paper, what is to be done next, notes, what units answered, what it turned into."""
    outcome = get_outcome(request, pk)
    runs = request.user.has_perm("consultations.write_outcome", outcome)
    can = {move.verb: move for move in workflow.allowed(outcome, request.user)} if runs else {}
    # What stands in the way of sending is told beside the button that removes it.
    blocked = workflow.refusal(outcome, "send", request.user) if runs and outcome.status == "draft" else None
    context = {
        "outcome": outcome, "row": outcome.consultation, "runs": runs, "can": can, "blocked": blocked,
        "files": list(attachments.files_of(outcome)), **selectors.facts(request.user, outcome),
    }  # fmt: skip
    return render(request, "consultations/outcome_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def outcome_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin an outcome of a session."""
    row = get_session(request, pk)
    if not request.user.has_perm("consultations.run", row):
        raise Http404
    form = forms.OutcomeForm(
        request.POST or None, initial={"title": f"关于{row.title}的协商意见", "text": row.consensus}
    )
    made: list[Outcome] = []
    if request.method == "POST" and form.is_valid() and attempt(
        request, lambda: made.append(outcomes.write(row, actor=request.user, **form.data_for_service())),
        "已存，核对以后报送。", form,
    ):  # fmt: skip
        return redirect(made[0])
    context = {"row": row, "form": form, "label": "写成果", "back_url": row.get_absolute_url(), "done": "存下"}
    return render(request, "consultations/outcome_act.html", context)


Run = Callable[[Any], Any]


def _acts(outcome: Outcome, user: Any) -> dict[str, tuple[Any, Run, str]]:
    """For each verb its form, what it runs, and what is said afterwards."""
    return {
        "write": (
            forms.OutcomeForm, lambda form: outcomes.change(outcome, actor=user, **form.data_for_service()), "已改。",
        ),
        "approve": (
            forms.ApproveForm, lambda form: outcomes.approve(outcome, actor=user, **form.cleaned_data),
            "已登记会议通过，可以报送了。",
        ),
        "send": (forms.SendForm, lambda form: outcomes.send(outcome, actor=user, **form.cleaned_data), "已报送。"),
        "note": (forms.NoteForm, lambda form: outcomes.note(outcome, actor=user, **form.cleaned_data), "批示已登记。"),
        "assign": (
            forms.UnitsForm,
            lambda form: outcomes.assign(
                outcome, form.cleaned_data["units"], actor=user, request=form.cleaned_data["request"]
            ),
            "已交办，承办单位会收到通知。",
        ),
        "convert": (
            forms.ConvertForm, lambda form: conversions.convert(outcome, actor=user, **form.data_for_service()),
            "转化已登记。",
        ),
        "close": (
            forms.CloseForm, lambda form: outcomes.close(outcome, actor=user, **form.cleaned_data),
            "已办结，参加的委员会收到反馈。",
        ),
        "follow_up": (
            forms.PlanFollowUpForm,
            lambda form: conversions.plan_follow_up(outcome, actor=user, **form.cleaned_data), "日期定下了，到期前提醒。",
        ),
        "look_back": (
            forms.LookBackForm, lambda form: conversions.look_back(outcome, actor=user, **form.cleaned_data),
            "回头看的情况已登记。",
        ),
    }  # fmt: skip


LABELS = {"look_back": "登记回头看的情况", "follow_up": "定回头看的日期"}
MOVES = {"look_back": "follow_up"}
"""Acts of one page that are the same move of the machine."""


def _initial(outcome: Outcome, verb: str) -> dict[str, Any]:
    if verb == "write":
        found = {name: getattr(outcome, name) for name in ("kind", "title", "text", "sent_to")}
        return found | {"suggestions": "\n".join(outcome.suggestions.values_list("text", flat=True))}
    if verb == "send":
        return {name: getattr(outcome, name) for name in ("sent_to", "copies_to", "document_no")}
    if verb == "approve":
        return {name: getattr(outcome, name) for name in ("approved_by", "approved_at")}
    if verb == "close":
        return {"feedback": selectors.proposed_feedback(outcome)}
    if verb == "follow_up" and (row := FollowUp.objects.filter(outcome=outcome, done_on=None).first()):
        return {"due_on": row.due_on}
    return {}


@require_http_methods(["GET", "HEAD", "POST"])
def outcome_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one act to an outcome on its own small page."""
    outcome = get_outcome(request, pk)
    known = _acts(outcome, request.user).get(verb)
    if known is None or not request.user.has_perm("consultations.write_outcome", outcome):
        raise Http404
    move_verb = MOVES.get(verb, verb)
    if problem := workflow.refusal(outcome, move_verb, request.user):
        messages.error(request, problem)
        return redirect(outcome)
    move = workflow.process_of(outcome)[move_verb]
    label = LABELS.get(verb, move.label)
    form_class, run, done = known
    form = form_class(request.POST or None, request.FILES or None, initial=_initial(outcome, verb))
    if request.method == "POST" and form.is_valid():
        if move.confirm and (page := ask_first(
            request, question=f"{label}：{outcome.title}？", consequence=move.confirm, label=label,
            back_url=outcome.get_absolute_url(),
        )):  # fmt: skip
            return page
        if attempt(request, lambda: run(form), done, form):
            return redirect(outcome)
    context = {
        "row": outcome.consultation, "outcome": outcome, "form": form, "label": label, "consequence": move.confirm,
        "back_url": outcome.get_absolute_url(), "done": "存下" if verb == "write" else label,
        "many_checks": verb == "assign",
    }  # fmt: skip
    return render(request, "consultations/outcome_act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def note_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrongly recorded note off, with a reason."""
    note = get_object_or_404(OutcomeNote.objects.filter(removed_at__isnull=True), pk=pk)
    outcome = get_outcome(request, note.outcome_id)
    if not request.user.has_perm("consultations.write_outcome", outcome):
        raise Http404
    return _remove(
        request, outcome, f"删去{note.leader}批示的登记",
        lambda reason: outcomes.remove_note(note, actor=request.user, reason=reason), outcome.get_absolute_url(),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def conversion_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrongly recorded conversion off, with a reason: the office, or the unit its own."""
    row = get_object_or_404(Conversion.objects.filter(removed_at__isnull=True).select_related("outcome"), pk=pk)
    outcome = get_outcome(request, row.outcome_id)
    if not conversions.may_remove(request.user, row):
        raise Http404
    return _remove(
        request, outcome, f"删去转化登记：{row}",
        lambda reason: conversions.remove(row, actor=request.user, reason=reason), outcome.get_absolute_url(),
    )  # fmt: skip


def _remove(request: HttpRequest, outcome: Outcome, label: str, run: Callable[[str], Any], back: str) -> HttpResponse:
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and attempt(
        request, lambda: run(form.cleaned_data["reason"]), "已删去，操作记录里还在。", form
    ):  # fmt: skip
        return redirect(back)
    context = {
        "row": outcome.consultation, "outcome": outcome, "form": form, "label": label, "back_url": back, "done": "删去",
    }  # fmt: skip
    return render(request, "consultations/outcome_act.html", context)


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The outcome as a Word file in the layout of official papers."""
    outcome = get_outcome(request, pk)
    content = outcome_paper.as_document(outcome)
    response = HttpResponse(content, content_type=outcome_paper.WORD)
    response["Content-Disposition"] = content_disposition_header(True, f"{outcome.title[:80]}.docx")
    return response
