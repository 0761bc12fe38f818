"""Pages of research topics 一领导一课题: the list by year, one of them, and its way from plan to uptake."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import attachments, paging, workflow
from core.acting import ask_first, attempt
from core.models import Deadline
from members.activities import lists as activity_lists
from members.activities import selectors
from members.activities.forms import FilesForm, PlainForm, ReasonForm, ReportedForm, TopicForm, UptakeForm
from members.models.activities import Activity, ResearchTopic
from members.services import topics

ORDER = (paging.Key("year", descending=True), paging.Key("id"))


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """The research topics that this person may see, by year."""
    rows = ResearchTopic.objects.visible_to(request.user)
    years = sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked[:6]) in years else None
    if year:
        rows = rows.filter(year=year)
    page = paging.turn(rows.select_related("body", "leader").defer("plan", "uptake"), request.GET, ORDER, size=30)
    for row in page.rows:
        row.state_kind = selectors.STATE_KINDS[row.status]
    context = {
        "rows": page.rows, "page": page, "years": years, "year": year, "unit_word": "个",
        "may_plan": request.user.has_perm("members.plan_topic"),
    }  # fmt: skip
    return render(request, "members/topic_list.html", context)


@require_safe
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic: leader, team, plan, visits, paper, uptake, and what may be done."""
    row = selectors.get_topic(request.user, pk)
    visits = row.activities.select_related("organizer").defer("text").order_by("on", "pk")
    may_add = topics.may_add_papers(row, request.user)
    context = {
        "topic": row,
        "state_kind": selectors.STATE_KINDS[row.status],
        "team": list(row.team.select_related("sector").order_by("code")),
        "visits": list(visits),
        "seen": set(Activity.objects.visible_to(request.user).filter(topic=row).values_list("pk", flat=True)),
        "files": [
            {"name": file.name, "url": reverse("core:file", args=[file.uuid]), "size": file.size}
            for file in attachments.files_of(row)
        ],
        "files_form": FilesForm() if may_add else None,
        "buttons": selectors.topic_buttons(row, request.user),
        "may_visit": request.user.has_perm("members.run_topic", row),
        "deadlines": list(Deadline.objects.of(row).filter(void=False)),
        "steps": steps(row),
        "timeline": selectors.timeline(row),
    }
    return render(request, "members/topic_item.html", context)


def steps(row: ResearchTopic) -> list[dict[str, str]]:
    """How far a topic is."""
    order = ["planned", "researching", "reported", "adopted", "closed"]
    notes = {"reported": f"{row.reported_on:%Y年%-m月%-d日}" if row.reported_on else ""}
    at = order.index(row.status)
    labels = dict(ResearchTopic.Status.choices)
    return [
        {"label": labels[code], "note": notes.get(code, ""), "state": "done" if place < at else "current" if place == at else ""}
        for place, code in enumerate(order)
    ]  # fmt: skip


def new(request: HttpRequest) -> HttpResponse:
    """A new topic."""
    if not request.user.has_perm("members.plan_topic"):
        raise Http404
    form = TopicForm(request.POST or None, user=request.user, initial={"year": timezone.localdate().year})
    made: list[ResearchTopic] = []
    team = _team(form) if request.method == "POST" else None
    if team is not None and attempt(
        request, lambda: made.append(topics.create(actor=request.user, team=team, **form.values())), "已立题。", form
    ):
        return redirect(made[0])
    return _form(request, form, "立题", reverse("members:topics"))


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a topic."""
    row = selectors.get_topic(request.user, pk)
    if not request.user.has_perm("members.run_topic", row):
        raise Http404
    if problem := workflow.refusal(row, "change", request.user):
        messages.error(request, problem)
        return redirect(row)
    form = TopicForm(request.POST or None, instance=ResearchTopic.objects.get(pk=pk), user=request.user)
    team = _team(form) if request.method == "POST" else None
    if team is not None and attempt(
        request, lambda: topics.change(row, actor=request.user, team=team, **form.values()), "已改好。", form
    ):
        return redirect(row)
    return _form(request, form, "改课题", row.get_absolute_url())


def _form(request: HttpRequest, form: TopicForm, heading: str, back: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back_url": back}
    return render(request, "members/topic_form.html", context, status=422 if form.is_bound and form.errors else 200)


def _team(form: TopicForm) -> list[int] | None:
    """The team that a sound form names; None where the form is not, or where somebody is not known."""
    if not form.is_valid():
        return None
    found = activity_lists.read(form.cleaned_data["team"], activity_lists.in_office())
    if found.problems:
        form.add_error("team", f"有{len(found.problems)}个没认出来：{'；'.join(found.problems[:20])}")
        return None
    return found.ids


FORMS: dict[str, type[forms.Form]] = {"report": ReportedForm, "reopen": ReasonForm, "adopt": UptakeForm}
DONE = {
    "start": "课题已开始调研。", "report": "已登记形成报告，课题组的履职已记上。", "reopen": "已退回调研。",
    "adopt": "已登记采纳。", "close": "已结题。",
}  # fmt: skip


def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take a topic one step on."""
    row = selectors.get_topic(request.user, pk)
    known = workflow.process_of(row).transitions.get(verb)
    if known is None or verb not in DONE or not request.user.has_perm(known.permission, row):
        raise Http404
    problem = None if verb == "adopt" else workflow.refusal(row, verb, request.user)
    if problem or row.status not in known.sources:
        messages.error(request, problem or workflow.refusal(row, verb, request.user) or "")
        return redirect(row)
    form = FORMS.get(verb, PlainForm)(
        request.POST if request.method == "POST" else None, initial={"uptake": row.uptake}
    )
    if request.method == "POST" and form.is_valid():
        if known.confirm and (
            page := ask_first(
                request, question=f"{known.label}：{row.title}？", consequence=known.confirm, label=known.label,
                back_url=row.get_absolute_url(),
            )
        ):  # fmt: skip
            return page
        data: dict[str, Any] = form.cleaned_data
        if attempt(request, lambda: topics.move(row, verb, actor=request.user, **data), DONE[verb], form):
            return redirect(row)
    context = {"topic": row, "form": form, "label": known.label, "consequence": known.confirm}
    return render(request, "members/topic_act.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
def add_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the paper with its topic."""
    row = selectors.get_topic(request.user, pk)
    if not topics.may_add_papers(row, request.user):
        raise Http404
    form = FilesForm(request.POST, request.FILES)
    files = [file for file in form.cleaned_data["files"] if file] if form.is_valid() else []
    if files:
        attempt(request, lambda: topics.add_papers(row, files, actor=request.user), "调研报告传上去了。")
    else:
        messages.warning(request, "还没有选文件。")
    return redirect(f"{row.get_absolute_url()}#files")
