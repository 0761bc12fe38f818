"""Sessions: the list, one on its page, new ones, acts, the record."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consultations import twice
from consultations.exports import narrowed, order_of
from consultations.forms import ReasonForm
from consultations.models import Consultation, ConsultationStatus
from consultations.people import named_members
from consultations.services import sessions
from consultations.sessions import forms
from consultations.sessions import needs as session_needs
from consultations.sessions import page as session_page
from core import badges, exporting, paging, workflow
from core.act_forms import PlainForm
from core.acting import ask_first, attempt
from core.errors import Refusal
from members.models import Body

PAGE = 30


def get_session(request: HttpRequest, pk: int) -> Consultation:
    """One session that the person may read, or 404, which never tells whether it exists."""
    rows = Consultation.objects.visible_to(request.user).select_related("organizer", "plan_item__plan", "activity")
    return get_object_or_404(rows, pk=pk)


@require_safe
def session_list(request: HttpRequest) -> HttpResponseBase:
    """The sessions that this person may read, by the conditions in the address."""
    form = forms.SessionFilter(request.GET)
    rows = narrowed(Consultation.objects.visible_to(request.user), form)
    if request.GET.get("format") == "xlsx":
        return exporting.answer(request, "consultations")
    cap = paging.FOUND if request.GET.get("q") else paging.CAP
    page = paging.turn(
        rows.for_list(),
        request.GET,
        order_of(form),
        size=PAGE,
        cap=cap,
        keep=lambda count: badges.total(request.user.pk, f"consultations{paging.without(request.GET)}", count, cap),
    )
    chips = []
    if form.is_valid():
        for name, field in form.fields.items():
            if value := form.cleaned_data.get(name):
                choices = {} if isinstance(value, Body) else dict(getattr(field, "choices", []))
                words = choices.get(value, str(value))
                chips.append((field.label, words, paging.without(request.GET, name)))
    context = {
        "rows": page.rows, "page": page, "filters": form, "unit_word": "场", "active_filters": chips,
        "clear_url": reverse("consultations:list"), "may_add": request.user.has_perm("consultations.add"),
        "export_url": f"{paging.without(request.GET, 'format')}&format=xlsx".replace("?&", "?"),
        "empty_title": "没有符合的协商" if chips else "这里还没有协商",
        "empty_text": "换个条件再看。" if chips else "各种形式的协商，举行以前和以后，都列在这里。",
    }  # fmt: skip
    return render(request, "consultations/session_list.html", context)


@require_safe
def session_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: what it is about, who takes part, what came of it, what this person may do."""
    row = session_page.find(request.user, pk)
    return render(request, "consultations/session_item.html", session_page.context(request, row))


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: HttpRequest) -> HttpResponse:
    """Enter a session that is being prepared."""
    if not request.user.has_perm("consultations.add"):
        raise PermissionDenied
    form = forms.SessionForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        made: list[Consultation] = []
        if attempt(
            request,
            lambda: made.append(sessions.plan(actor=request.user, **form.cleaned_data)),
            "已登记，下面请委员。",
            form,
        ):
            return redirect(made[0])
    return render(
        request, "consultations/session_form.html", {"form": form, "heading": "登记协商", "kinds": session_needs.told()}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what was entered before the session; who saves second sees what the first one wrote and loses nothing."""
    row = get_session(request, pk)
    if problem := workflow.refusal(row, "change", request.user):
        messages.error(request, problem)
        return redirect(row)
    form = forms.SessionForm(request.POST or None, user=request.user, session=row)
    theirs: list[tuple[str, str]] = []
    number = row.sequence
    if request.method == "POST" and form.is_valid():
        try:
            changed = sessions.change(row, actor=request.user, **form.cleaned_data)
        except Refusal as problem:
            form, theirs = twice.second(form, problem, Consultation.objects.get(pk=row.pk))
        else:
            told = changed.status == ConsultationStatus.NOTIFIED and changed.sequence > number
            messages.success(request, f"已改好。{'请过的委员和单位会各收到一条更正通知。' if told else ''}")
            return redirect(changed)
    context = {"form": form, "row": row, "heading": "修改协商", "theirs": theirs}
    return render(request, "consultations/session_form.html", context, status=422 if theirs else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it took place, with its record; complete the record later."""
    row = get_session(request, pk)
    holds = row.status in (ConsultationStatus.PLANNED, ConsultationStatus.NOTIFIED)
    if problem := workflow.refusal(row, "hold" if holds else "amend", request.user):
        messages.error(request, problem)
        return redirect(row)
    speakers = list(row.speeches.on_the_list().select_related("member")) if holds else []
    form = forms.RecordForm(request.POST or None, session=row, speakers=speakers)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        if "spoke" in values:
            values["spoke"] = [int(pk) for pk in values["spoke"]]
        try:
            (sessions.hold if holds else sessions.amend)(row, actor=request.user, **values)
        except Refusal as problem:
            form, theirs = twice.second(form, problem, Consultation.objects.get(pk=row.pk))
        else:
            messages.success(request, "已登记举行。" if holds else "已存下。")
            return redirect(row)
    context = {"row": row, "form": form, "label": "登记举行" if holds else "补充记录", "theirs": theirs}
    return render(request, "consultations/session_act.html", context, status=422 if theirs else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Notify, cancel or close, after saying what follows from it."""
    row = get_session(request, pk)
    known = {
        "notify": (PlainForm, lambda data: sessions.notify(row, actor=request.user), "已发通知。"),
        "cancel": (
            ReasonForm,
            lambda data: sessions.cancel(row, actor=request.user, reason=data["reason"]),
            "已取消。",
        ),
        "close": (PlainForm, lambda data: sessions.close(row, actor=request.user), "已办结。"),
    }
    if verb not in known:
        raise Http404
    if problem := workflow.refusal(row, verb, request.user):
        messages.error(request, problem)
        return redirect(row)
    move = workflow.process_of(row)[verb]
    form_class, run, done = known[verb]
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if move.confirm and (page := ask_first(
            request, question=f"{move.label}：{row.title}？", consequence=move.confirm, label=move.label,
            back_url=row.get_absolute_url(),
        )):  # fmt: skip
            return page
        if attempt(request, lambda: run(form.cleaned_data), done, form):
            return redirect(row)
    context = {"row": row, "form": form, "label": move.label, "consequence": move.confirm}
    return render(request, "consultations/session_act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the members: those of the body, or pasted names and codes; who is unknown is named."""
    row = get_session(request, pk)
    if not request.user.has_perm("consultations.run", row):
        raise Http404
    if request.method == "POST":
        people, unknown = named_members(request.POST.get("names", ""))
        if request.POST.get("whole") and row.organizer_id:
            people += named_members("", body_id=row.organizer_id)[0]
        if unknown:
            messages.warning(request, f"{unknown}其他人已经请了。")
        if people:
            attempt(
                request,
                lambda: sessions.invite(row, set(people), actor=request.user),
                f"已请{len(set(people))}位委员。",
            )
        elif not unknown:
            messages.warning(request, "还没有写委员姓名。")
        return redirect(row)
    return render(request, "consultations/session_invite.html", {"row": row})
