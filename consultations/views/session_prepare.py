"""Preparation 会前准备 on one page: team, visits, things to do; the files of a session."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from consultations.models import Consultation
from consultations.people import named_members
from consultations.services import preparation
from consultations.sessions import access as session_access
from consultations.sessions import forms
from consultations.views.sessions import get_session
from core import attachments, workflow
from core.acting import attempt
from core.errors import Refusal

MOST_FILES = 40


def _get(request: HttpRequest, pk: int) -> Consultation:
    """The session, for whoever runs it or is in its team."""
    row = get_session(request, pk)
    if not request.user.has_perm("consultations.run", row) and not _in_team(request.user, row):
        raise Http404
    return row


def _in_team(user: Any, row: Consultation) -> bool:
    return bool(user.member_id) and row.team.filter(member_id=user.member_id).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """The work plan, the team, the visits and what is still to do; the team reads, the office writes."""
    row = _get(request, pk)
    runs = request.user.has_perm("consultations.run", row)
    given: dict[str, Any] = {}
    if request.method == "POST":
        if not runs:
            raise Http404
        if problem := workflow.refusal(row, "prepare", request.user):
            messages.error(request, problem)
            return redirect(row)
        place, given = _act(request, row)
        if not given:
            return redirect(f"{reverse('consultations:prepare', args=[row.pk])}{place}")
    team = list(row.team.select_related("member"))
    leader = next((one.member.name for one in team if one.leads), "")
    names = "、".join(one.member.name for one in team if not one.leads)
    writes = runs and not workflow.refusal(row, "prepare", request.user)
    context = {
        "row": row, "runs": runs, "writes": writes, "team": team, "visits": list(row.visits.all()),
        "tasks": list(row.tasks.select_related("done_by")),
        "team_form": forms.TeamForm(initial={"leader": leader, "names": names}, prefix="team"),
        "visit_form": forms.VisitForm(prefix="visit"), "task_form": forms.TaskForm(prefix="task"), **given,
    }  # fmt: skip
    return render(request, "consultations/session_prepare.html", context, status=422 if given else 200)


def _act(request: HttpRequest, row: Consultation) -> tuple[str, dict[str, Any]]:
    """Do what was pressed: where to go on the page, and a form with errors to be shown again."""
    op, _, number = request.POST.get("op", "").partition(":")
    if op == "team":
        return "#team", _team(request, row)
    if op == "visit":
        return "#visits", _visit(request, row)
    if op == "task":
        form = forms.TaskForm(request.POST, prefix="task")
        act = lambda: preparation.add_task(row, actor=request.user, text=form.cleaned_data["text"])  # noqa: E731
        return "#tasks", _tried(request, form, "task_form", act, "已记下。")
    pk = int(number) if number.isdecimal() and len(number) < 18 else 0
    if op in ("done", "undone", "task_remove"):
        task = get_object_or_404(row.tasks, pk=pk)
        acts: dict[str, Callable[[], Any]] = {
            "done": lambda: preparation.tick(task, actor=request.user, done=True),
            "undone": lambda: preparation.tick(task, actor=request.user, done=False),
            "task_remove": lambda: preparation.remove_task(task, actor=request.user),
        }
        attempt(request, acts[op], {"done": "办好了。", "undone": "改回没有办。", "task_remove": "已去掉。"}[op])
        return "#tasks", {}
    if op == "visit_remove":
        visit = get_object_or_404(row.visits, pk=pk)
        attempt(request, lambda: preparation.remove_visit(visit, actor=request.user), "已去掉。")
        return "#visits", {}
    raise Http404


def _team(request: HttpRequest, row: Consultation) -> dict[str, Any]:
    form = forms.TeamForm(request.POST, prefix="team")
    if not form.is_valid():
        return {"team_form": form}
    people, unknown = named_members(form.cleaned_data["names"])
    leader, wrong = named_members(form.cleaned_data["leader"])
    if unknown:
        form.add_error("names", f"{unknown}其他内容都在。")
    if wrong or len(leader) > 1:
        form.add_error("leader", wrong or "组长写一位。")
    if form.errors:
        return {"team_form": form}
    leader_id = leader[0] if leader else None
    act = lambda: preparation.set_team(row, people, actor=request.user, leader_id=leader_id)  # noqa: E731
    return _tried(request, form, "team_form", act, "调研组定了。")


def _visit(request: HttpRequest, row: Consultation) -> dict[str, Any]:
    form = forms.VisitForm(request.POST, prefix="visit")
    number = request.POST.get("visit", "")
    visit = row.visits.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None

    def act() -> Any:
        if visit is not None:
            return preparation.change_visit(visit, actor=request.user, **form.cleaned_data)
        return preparation.add_visit(row, actor=request.user, **form.cleaned_data)

    found = _tried(request, form, "visit_form", act, "已登记调研。")
    return found | {"visit": visit} if found and visit else found


def _tried(request: HttpRequest, form: Any, name: str, act: Callable[[], Any], done: str) -> dict[str, Any]:
    if form.is_valid() and attempt(request, act, done, form):
        return {}
    return {name: form}


@require_http_methods(["GET", "HEAD"])
def visit_edit(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    """The preparation page with the form of one visit open."""
    row = _get(request, pk)
    if not request.user.has_perm("consultations.run", row):
        raise Http404
    visit = get_object_or_404(row.visits, pk=visit_pk)
    initial = {"on": visit.on, "place": visit.place, "findings": visit.findings}
    form = forms.VisitForm(prefix="visit", initial=initial)
    return render(request, "consultations/session_visit.html", {"row": row, "visit": visit, "form": form})


@require_POST
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep papers, photographs and speeches with a session, or take one off again."""
    row = get_session(request, pk)
    if not request.user.has_perm("consultations.run", row) or not session_access.takes_part(request.user, row):
        raise Http404
    back = redirect(f"{row.get_absolute_url()}#files")
    if unwanted := request.POST.get("remove"):
        for file in attachments.files_of(row).filter(pk=int(unwanted) if unwanted.isdecimal() else 0):
            attachments.remove(file, actor=request.user)
            messages.success(request, f"《{file.name}》去掉了。")
        return back
    kind = request.POST.get("kind", "material")
    if kind not in dict(forms.FILE_KINDS):
        raise Http404
    given = request.FILES.getlist("files")
    if not given:
        messages.warning(request, "还没有选文件。")
    taken = 0
    for upload in given:
        try:
            attachments.add(row, upload, actor=request.user, kind=kind, most=MOST_FILES)
            taken += 1
        except Refusal as problem:
            messages.error(request, str(problem))
    if taken:
        messages.success(request, f"传上来{taken}个文件，请到的人都能看。")
    return back
