"""Sessions: the list, one on its page, new ones, the record; the light form for studios."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations import forms
from consultations.exports import narrowed
from consultations.models import Consultation, ConsultationStatus, Outcome
from consultations.people import named_members
from consultations.services import sessions
from core import attachments, audit, badges, exporting, handover, paging, timeline, workflow
from core.acting import ask_first, attempt
from core.errors import Refusal
from core.models import Deadline
from members.models import Matter
from members.services import matters

PAGE = 30
NEWEST = (paging.Key("on", True), paging.Key("id", True))


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
    page = paging.turn(
        rows.for_list(),
        request.GET,
        NEWEST,
        size=PAGE,
        keep=lambda count: badges.total(request.user.pk, f"consultations{paging.without(request.GET)}", count),
    )
    chips = []
    if form.is_valid():
        for name, field in form.fields.items():
            if value := form.cleaned_data.get(name):
                words = dict(getattr(field, "choices", [])).get(value, value)
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
    row = get_session(request, pk)
    runs = request.user.has_perm("consultations.run", row)
    present = row.activity.attendances.filter(state="present").count() if row.activity else 0
    invited = row.activity.attendances.count() if row.activity else 0
    context = {
        "row": row,
        "runs": runs,
        "units": list(row.units.all()),
        "present": present,
        "invited": invited,
        "speeches": list(row.speeches.select_related("member")),
        "outcomes": _outcomes(request, row),
        "files": list(attachments.files_of(row)),
        "accept": attachments.ACCEPT,
        "deadlines": sorted(
            Deadline.objects.of_case(row).filter(void=False), key=lambda d: (d.met_on is not None, d.due, d.pk)
        ),
        "timeline": _events(row),
        "can": {move.verb: move for move in workflow.allowed(row, request.user)},
        "came_from": [handover.named(obj) for obj in handover.sources_of(row)] if runs else [],
        "speech_form": forms.SpeechForm() if runs and row.status not in ("cancelled", "closed") else None,
        "may_open_activity": row.activity is not None and (runs or request.user.member_id),
    }
    return render(request, "consultations/session_item.html", context)


def _outcomes(request: HttpRequest, row: Consultation) -> list[Outcome]:
    """Outcomes that the person may read, each with what units answered."""
    found = list(Outcome.objects.visible_to(request.user).filter(consultation=row).prefetch_related("uptakes__unit"))
    for outcome in found:
        outcome.answers = list(outcome.uptakes.all())  # type: ignore[attr-defined]
    return found


def _events(row: Consultation) -> list[dict[str, Any]]:
    """The log as ``components/_timeline.html`` takes it, the newest first."""
    return timeline.told(timeline.latest_first(audit.timeline(row)))


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
    return render(request, "consultations/session_form.html", {"form": form, "heading": "登记协商"})


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what was entered before the session."""
    row = get_session(request, pk)
    if problem := workflow.refusal(row, "change", request.user):
        messages.error(request, problem)
        return redirect(row)
    form = forms.SessionForm(request.POST or None, user=request.user, session=row)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            request,
            lambda: sessions.change(row, actor=request.user, **form.cleaned_data),
            "已改好，请过的委员会收到更正通知。",
            form,
        )
    ):
        return redirect(row)
    return render(request, "consultations/session_form.html", {"form": form, "row": row, "heading": "修改协商"})


@require_http_methods(["GET", "HEAD", "POST"])
def micro(request: HttpRequest) -> HttpResponse:
    """A studio writes down a micro-consultation; ``?from=`` begins it from a matter."""
    if not forms.bodies_of(request.user).filter(kind="studio").exists():
        raise PermissionDenied
    source = handover.read(request.user, request.POST.get("from") or request.GET.get("from", ""))
    initial = {"title": source[1].values.get("title", "")} if source else None
    form = forms.MicroForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        people, unknown = named_members(form.cleaned_data["members"])
        if unknown:
            form.add_error("members", f"{unknown}其他内容都在。")
        elif made := _record(request, form, people, source):
            messages.success(request, "已登记。有照片的，在下面传上来。")
            return redirect(made)
    context = {
        "form": form,
        "source": source[1] if source else None,
        "source_key": request.POST.get("from") or request.GET.get("from", ""),
    }
    return render(request, "consultations/session_micro.html", context)


def _record(request: HttpRequest, form: forms.MicroForm, people: list[int], source: Any) -> Consultation | None:
    data = form.cleaned_data
    made: list[Consultation] = []
    if not attempt(
        request,
        lambda: made.append(
            sessions.record_light(
                actor=request.user, organizer=data["organizer"], title=data["title"], on=data["on"],
                parties=data["parties"], consensus=data["consensus"], member_ids=people, follow_up_on=data["follow_up_on"],
            )
        ),
        "",
        form,
    ):  # fmt: skip
        return None
    if source:
        handover.link(source[0], made[0], actor=request.user)
        if isinstance(source[0], Matter):
            matters.onward_answered(source[0], answer=data["consensus"], result=data["consensus"], on=data["on"])
    return made[0]


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it took place, with its record; complete the record later."""
    row = get_session(request, pk)
    verb = "hold" if row.status in (ConsultationStatus.PLANNED, ConsultationStatus.NOTIFIED) else "amend"
    if problem := workflow.refusal(row, verb, request.user):
        messages.error(request, problem)
        return redirect(row)
    form = forms.RecordForm(request.POST or None, session=row)
    if request.method == "POST" and form.is_valid():
        act = sessions.hold if verb == "hold" else sessions.amend
        if attempt(request, lambda: act(row, actor=request.user, **form.cleaned_data), "已登记。", form):
            return redirect(row)
    heading = "登记举行" if verb == "hold" else "补充记录"
    return render(request, "consultations/session_act.html", {"row": row, "form": form, "label": heading})


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Notify, cancel or close, after saying what follows from it."""
    row = get_session(request, pk)
    known = {
        "notify": (forms.PlainForm, lambda data: sessions.notify(row, actor=request.user), "已发通知。"),
        "cancel": (
            forms.ReasonForm,
            lambda data: sessions.cancel(row, actor=request.user, reason=data["reason"]),
            "已取消。",
        ),
        "close": (forms.PlainForm, lambda data: sessions.close(row, actor=request.user), "已办结。"),
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


@require_POST
def speech(request: HttpRequest, pk: int) -> HttpResponse:
    """Record who spoke or handed in an opinion."""
    row = get_session(request, pk)
    form = forms.SpeechForm(request.POST)
    if form.is_valid():
        people, unknown = named_members(form.cleaned_data["member"], rows=True)
        if unknown or len(people) != 1:
            messages.error(request, unknown or "请写一位委员的姓名或编号。")
        else:
            data = form.cleaned_data
            attempt(
                request,
                lambda: sessions.add_speech(row, people[0], actor=request.user, way=data["way"], title=data["title"]),
                "已登记发言。",
            )
    else:
        messages.error(request, "请写委员姓名。")
    return redirect(f"{row.get_absolute_url()}#speeches")


@require_POST
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep photographs and papers with a session."""
    row = get_session(request, pk)
    if not request.user.has_perm("consultations.run", row):
        raise Http404
    for upload in request.FILES.getlist("files"):
        try:
            attachments.add(row, upload, actor=request.user, most=20)
        except Refusal as problem:
            messages.error(request, str(problem))
    return redirect(row)
