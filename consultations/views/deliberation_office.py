"""The office runs an online deliberation 网络议政: the window, the moderation of opinions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from consultations.deliberation import forms
from consultations.models import Deliberation, Opinion, OpinionStatus
from consultations.services import deliberation, deliberation_moderation
from consultations.views.deliberation import get_deliberation
from consultations.views.sessions import get_session
from core import paging, workflow
from core.acting import ask_first, attempt
from core.acts import run_batch

OLDEST = (paging.Key("id"),)
PAGE = 50


def _run_by(request: HttpRequest, pk: int) -> Deliberation:
    row = get_deliberation(request, pk)
    if not request.user.has_perm("consultations.run_deliberation", row):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the window of a session, or change it before it opens."""
    session = get_session(request, pk)
    if session.form != session.Form.NETWORK or not request.user.has_perm("consultations.run", session):
        raise Http404
    row = Deliberation.objects.filter(consultation=session).first()
    if row is not None and row.status != "draft":
        return redirect(row)
    form = forms.WindowForm(request.POST or None, row=row)
    made: list[Deliberation] = []

    def act() -> None:
        if row is None:
            made.append(deliberation.prepare(session, actor=request.user, **form.cleaned_data))
        else:
            made.append(deliberation.change(row, actor=request.user, **form.cleaned_data))

    if request.method == "POST" and form.is_valid() and attempt(request, act, "已存下，看过没有错就开放。", form):
        return redirect(made[0])
    return render(request, "consultations/deliberation_form.html", {"form": form, "session": session, "row": row})


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Open, extend or close, after saying what follows from it."""
    row = _run_by(request, pk)
    known: dict[str, tuple[type[Any] | None, Callable[[dict], Any], str]] = {
        "open": (None, lambda data: deliberation.open_window(row, actor=request.user), "已开放，委员会收到消息。"),
        "extend": (
            forms.ExtendForm,
            lambda data: deliberation.extend(row, actor=request.user, closes_at=data["closes_at"]),
            "已延长。",
        ),
        "close": (None, lambda data: deliberation.close(row, actor=request.user), "已结束，正在归纳大家的意见。"),
    }
    if verb not in known:
        raise Http404
    if problem := workflow.refusal(row, verb, request.user):
        messages.error(request, problem)
        return redirect(row)
    move = workflow.process_of(row)[verb]
    form_class, run, done = known[verb]
    if form_class is None:
        if request.method == "POST":
            page = ask_first(
                request, question=f"{move.label}：{row}？", consequence=move.confirm, label=move.label,
                back_url=row.get_absolute_url(),
            )  # fmt: skip
            if page is not None:
                return page
            attempt(request, lambda: run({}), done)
        return redirect(row)
    form = form_class(request.POST or None, initial={"closes_at": row.closes_at})
    if request.method == "POST" and form.is_valid() and attempt(request, lambda: run(form.cleaned_data), done, form):
        return redirect(row)
    return render(request, "consultations/deliberation_act.html", {"row": row, "form": form, "label": move.label})


@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Opinions that wait, or those of another state, and the decision on those that are picked."""
    row = _run_by(request, pk)
    state = request.GET.get("state") or OpinionStatus.WAITING
    if state not in OpinionStatus.values:
        raise Http404
    form = forms.ModerateForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        _decide(request, form.cleaned_data)
        return redirect(request.get_full_path())
    rows = Opinion.objects.filter(deliberation=row, status=state).select_related("member", "merged_into")
    page = paging.turn(rows, request.GET, OLDEST, size=PAGE)
    picked = {str(pk) for pk in request.POST.getlist("pick")}
    context = {
        "row": row, "rows": page.rows, "page": page, "form": form, "state": state, "picked": picked, "unit_word": "条",
        "states": [(code, label, row.opinions.filter(status=code).count()) for code, label in OpinionStatus.choices],
        "can_publish": state in ("waiting", "refused"), "can_refuse": state in ("waiting", "published"),
    }  # fmt: skip
    return render(request, "consultations/deliberation_moderate.html", context)


def _decide(request: HttpRequest, data: dict[str, Any]) -> None:
    acts: dict[str, tuple[str, Callable[[Opinion], Any]]] = {
        "publish": ("公开", lambda row: deliberation_moderation.publish(row, actor=request.user)),
        "refuse": (
            "不公开",
            lambda row: deliberation_moderation.refuse(row, actor=request.user, reason=data["why"]),
        ),
        "merge": ("合并", lambda row: deliberation_moderation.merge(row, data["into"], actor=request.user)),
    }
    label, run = acts[data["verb"]]
    result = run_batch(data["pick"], run)
    if result.done:
        messages.success(request, f"{label}{len(result.done)}条。")
    for opinion, problem in result.refused[:5]:
        messages.error(request, f"“{opinion.text[:20]}”没有办：{problem}")
