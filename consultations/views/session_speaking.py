"""The speaking list 发言顺序: order it, print it, read what was handed in; agenda and minutes as Word."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consultations.models import Consultation, Speech
from consultations.people import named_members
from consultations.services import speaking as services
from consultations.sessions import access as session_access
from consultations.sessions import forms
from consultations.sessions import page as session_page
from consultations.sessions import papers as session_papers
from consultations.views.sessions import get_session
from core import attachments
from core.acting import attempt
from core.models import Deadline

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _inside(request: HttpRequest, pk: int) -> Consultation:
    """A session whose materials the person may read."""
    row = get_session(request, pk)
    if not session_access.takes_part(request.user, row):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def speaking(request: HttpRequest, pk: int) -> HttpResponse:
    """The list with its order, topics and minutes; buttons move an entry, with and without scripts."""
    row = _inside(request, pk)
    if not request.user.has_perm("consultations.run", row):
        raise Http404
    form = forms.SpeechForm()
    if request.method == "POST":
        op, _, number = request.POST.get("op", "").partition(":")
        if op == "add":
            form = forms.SpeechForm(request.POST)
            if form.is_valid() and _add(request, row, form):
                return redirect("consultations:speaking", row.pk)
        else:
            return redirect(f"{reverse('consultations:speaking', args=[row.pk])}{_move(request, row, op, number)}")
    rows = list(row.speeches.select_related("member").defer("text").order_by("order", "id"))
    texts = set(row.speeches.exclude(text="").values_list("pk", flat=True))
    for one in rows:
        one.has_text = one.pk in texts or one.handed_in_at is not None
    spoken = [one for one in rows if one.way == Speech.Way.SPOKEN]
    context = {
        "row": row, "form": form, "spoken": spoken, "written": [one for one in rows if one.way == Speech.Way.WRITTEN],
        "ahead": row.status in session_page.AHEAD, "minutes_in_all": sum(one.minutes or 0 for one in spoken),
        "open": row.status not in services.OVER,
        "papers": Deadline.objects.of(row).filter(kind="papers", void=False).order_by("-pk").first(),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "consultations/session_speaking.html", context, status=status)


def _add(request: HttpRequest, row: Consultation, form: forms.SpeechForm) -> bool:
    data = form.cleaned_data
    member: Any = None
    if not data["is_guest"]:
        people, unknown = named_members(data["member"], rows=True)
        if unknown or len(people) != 1:
            form.add_error("member", f"{unknown or '请写一位委员的姓名或编号。'}不是委员的，请勾“不是委员”。")
            return False
        member = people[0]
    return attempt(
        request,
        lambda: services.add_speech(
            row, member, actor=request.user, way=data["way"], title=data["title"], minutes=data["minutes"],
            guest=data["member"] if member is None else "",
        ),
        "已登记发言。",
        form,
    )  # fmt: skip


def _move(request: HttpRequest, row: Consultation, op: str, number: str) -> str:
    """One button of the list; gives the place on the page to go back to."""
    if op == "papers_in":
        attempt(request, lambda: services.papers_are_in(row, actor=request.user), "发言材料收齐了。")
        return ""
    if op == "arrange":
        places = {one.pk: request.POST.get(f"place-{one.pk}", "") for one in row.speeches.on_the_list()}
        known = [pk for pk, text in places.items() if text.isdecimal() and len(text) < 5]
        ids = sorted(known, key=lambda pk: int(places[pk]))
        attempt(request, lambda: services.arrange(row, ids, actor=request.user), "顺序排好了。")
        return ""
    speech = get_object_or_404(row.speeches, pk=int(number) if number.isdecimal() and len(number) < 18 else 0)
    reason = request.POST.get(f"reason-{speech.pk}", "")
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "up": (lambda: services.move(speech, actor=request.user, by=-1), ""),
        "down": (lambda: services.move(speech, actor=request.user, by=1), ""),
        "list": (lambda: services.put_on_list(speech, actor=request.user), "列入会上发言，排在最后。"),
        "written": (lambda: services.make_written(speech, actor=request.user), "改为书面意见。"),
        "heard": (lambda: services.heard(speech, actor=request.user, spoke=True, reason=reason), "已更正：发了言。"),
        "unheard": (
            lambda: services.heard(speech, actor=request.user, spoke=False, reason=reason),
            "已更正：没有发言。",
        ),
        "remove": (lambda: services.remove(speech, actor=request.user, reason=reason), "已去掉。"),
    }
    if op not in acts:
        raise Http404
    attempt(request, *acts[op])
    return f"#s{speech.pk}" if op in ("up", "down") else ""


@require_http_methods(["GET", "HEAD", "POST"])
def speech_item(request: HttpRequest, pk: int, speech_pk: int) -> HttpResponse:
    """One speech with its text and files; whoever runs the session corrects topic, minutes and text."""
    row = _inside(request, pk)
    speech = get_object_or_404(row.speeches.select_related("member", "consultation"), pk=speech_pk)
    if not session_access.reads_speech(request.user, speech):
        raise Http404
    runs = request.user.has_perm("consultations.run", row) and row.status not in services.OVER
    form = None
    if runs:
        initial = {"title": speech.title, "minutes": speech.minutes, "text": speech.text}
        form = forms.EntryForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if form is None:
            raise Http404
        act = lambda: services.change(speech, actor=request.user, **form.cleaned_data)  # noqa: E731
        if form.is_valid() and attempt(request, act, "已改好。", form):
            return redirect("consultations:speech", row.pk, speech.pk)
    files = [
        {"name": one.name, "url": reverse("core:file", args=[one.uuid]), "size": one.size}
        for one in attachments.files_of(speech)
    ]
    context = {"row": row, "speech": speech, "form": form, "files": files}
    return render(request, "consultations/session_speech.html", context)


@require_safe
def print_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Agenda and speaking list on paper."""
    row = _inside(request, pk)
    speakers = list(row.speeches.on_the_list().select_related("member").defer("text"))
    context = {
        "row": row, "units": list(row.units.all()), "speakers": speakers,
        "agenda": [line.strip() for line in row.agenda.splitlines() if line.strip()],
        "minutes_in_all": sum(one.minutes or 0 for one in speakers),
    }  # fmt: skip
    return render(request, "consultations/session_print.html", context)


@require_safe
def document(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """The agenda with its speakers, or the minutes 会议纪要, as a Word file."""
    row = _inside(request, pk)
    if paper == "minutes" and row.status in session_page.AHEAD:
        raise Http404
    content = session_papers.agenda(row) if paper == "agenda" else session_papers.minutes(row)
    name = f"{'议程' if paper == 'agenda' else '会议纪要'}_{row.title[:40]}.docx"
    response = HttpResponse(content, content_type=WORD)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response
