"""Matters 民情事项 at the desk: the list, one matter on one page, and the acts on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import exporting, handover, paging, workflow
from core.act_forms import PlainForm
from core.acting import ask_first, attempt
from core.errors import Refusal
from members.matters import forms
from members.matters import onward as matter_onward
from members.matters import selectors as selectors_matters
from members.matters.privacy import mask_name
from members.models import Matter, MatterStatus
from members.selectors import mask_phone
from members.services import matters

PAGE = 30
NEWEST = (paging.Key("id", True),)
TAKE_UP = "start"


@require_safe
def matter_list(request: HttpRequest) -> HttpResponseBase:
    """The matters that this person may see, by the conditions in the address."""
    if not request.user.has_perm("members.list_matters"):
        raise PermissionDenied
    filters = forms.MatterFilter(request.GET, user=request.user)
    rows = filters.apply(selectors_matters.matters_for_list(request.user))
    if request.GET.get("format") == "xlsx":
        return exporting.answer(request, "matters")
    page = paging.turn(rows, request.GET, NEWEST, size=PAGE)
    for row in page.rows:
        row.visitor = mask_name(row.visitor_name)
    may_record = request.user.has_perm("members.record_matter")
    context = {
        "rows": page.rows,
        "page": page,
        "filters": filters,
        "active_filters": filters.chips(request.GET),
        "clear_url": reverse("members:matters"),
        "export_url": f"{paging.without(request.GET, 'format')}&format=xlsx".replace("?&", "?"),
        "may_record": may_record,
        "heading": "民情事项" if may_record or not request.user.unit_ids() else "转来的民情事项",
    }
    return render(request, "members/matter_list.html", context)


@require_safe
def matter_item(request: HttpRequest, pk: int) -> HttpResponse:
    """What the visitor said, where it stands, what is due, who did what, and what this person may do."""
    matter = selectors_matters.get_matter(request.user, pk)
    return _item(request, matter)


def _item(request: HttpRequest, matter: Matter, *, phone: str = "") -> HttpResponse:
    facts = selectors_matters.matter_facts(matter, request.user, whole_timeline="all" in request.GET)
    context = {
        "matter": matter,
        "facts": facts,
        "visitor": mask_name(matter.visitor_name),
        "phone": phone or mask_phone(matter.visitor_phone),
        "phone_shown": bool(phone),
        "may_see_phone": facts.handles and matter.visitor_phone and not phone,
        "timeline": facts.timeline,
        "timeline_more_url": "?all=1#events" if facts.folded else "",
        "deadlines": facts.deadlines,
        "steps": facts.steps,
        "buttons": buttons(matter, request.user),
        "by_unit": matter.route == Matter.Route.TO_UNIT,
    }
    return render(request, "members/matter_item.html", context)


@require_POST
def matter_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with the visitor's number in full; the look is recorded."""
    matter = selectors_matters.get_matter(request.user, pk)
    try:
        phone = matters.see_phone(matter, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(matter)
    response = _item(request, matter, phone=phone)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def matter_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what was written down; the page shows the number in full, so opening it is recorded."""
    matter = selectors_matters.get_matter(request.user, pk)
    try:
        if request.method != "POST":
            matters.see_phone(matter, actor=request.user)
        form = forms.CorrectForm(request.POST if request.method == "POST" else None, record=matter)
        if request.method == "POST" and form.is_valid():
            matters.correct(matter, actor=request.user, **form.values())
            messages.success(request, "已更正。")
            return redirect(matter)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(matter)
    context = {"matter": matter, "form": form, "label": "更正登记", "consequence": "", "keeps_nothing": True}
    return render(request, "members/matter_act.html", context)


# --- What may be done --------------------------------------------------------------------------


@dataclass(frozen=True)
class Button:
    """One thing that the person may do now; ``strong`` marks the one that is expected next, ``post`` acts at once."""

    label: str
    url: str
    strong: bool = False
    post: bool = False


EXPECTED = ("triage", "answer", "inform", "close")


def buttons(matter: Matter, user) -> list[Button]:
    """What ``user`` may do now, the expected act first."""
    found = []
    referred = matter.route == Matter.Route.REFERRED
    # What went to the complaints office or the courts is no studio's to write on (domain rules §5).
    if not referred and handover.read(user, f"members.matter:{matter.pk}"):
        for way in matter_onward.ways_for(user):
            chosen = matter.route == way.route and matter.status == MatterStatus.TRIAGED
            found.append(Button(way.label, matter_onward.address(way, matter), chosen))
    for row in workflow.allowed(matter, user):
        url = reverse("members:matter_act", args=[matter.pk, row.verb])
        found.append(
            Button(
                row.label,
                url,
                row.verb in EXPECTED or (referred and row.verb == "record_outcome"),
                post=row.verb == TAKE_UP,
            )
        )
    if matter.status != MatterStatus.CLOSED and user.has_perm("members.handle_matter", matter):
        found.append(Button("更正登记", reverse("members:matter_correct", args=[matter.pk])))
    strong = next((button for button in found if button.strong), None)
    return [
        Button(row.label, row.url, row is strong, row.post) for row in sorted(found, key=lambda row: row is not strong)
    ]


@dataclass(frozen=True)
class Act:
    """How one act is done from its own small page."""

    form: Callable[..., Any]
    run: Callable[..., Any]
    done: str


ACTS = {
    "answer_on_spot": Act(forms.SpotForm, matters.answer_on_spot, "已记下当场的答复，这件事办结了。"),
    "triage": Act(forms.TriageForm, matters.triage, "已分流。"),
    "reroute": Act(forms.RerouteForm, matters.reroute, "已改变去向。"),
    "start": Act(PlainForm, matters.start, "已开始办理。"),
    "send_back": Act(forms.ReasonForm, matters.send_back, "已退回工作室。"),
    "answer": Act(forms.AnswerForm, matters.answer, "已答复，工作室会告诉来访人。"),
    "record_outcome": Act(forms.AnswerForm, matters.record_outcome, "结果已登记，请告诉来访人。"),
    "edit_result": Act(forms.ResultForm, matters.edit_result, "公开的结果已改好。"),
    "inform": Act(forms.InformForm, matters.inform, "已登记告知。"),
    "close": Act(PlainForm, matters.close, "已办结。"),
    "reopen": Act(forms.ReasonForm, matters.reopen, "已重新办理，请分流。"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def matter_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one act on its own page: ask what it needs, say what follows, do it."""
    matter = selectors_matters.get_matter(request.user, pk)
    if (act := ACTS.get(verb)) is None:
        raise Http404
    row = workflow.process_of(matter)[verb]
    if problem := workflow.refusal(matter, verb, request.user):
        messages.error(request, problem)
        return redirect(matter)
    form = act.form(request.POST if request.method == "POST" else None, record=matter)
    if request.method == "POST" and form.is_valid():
        page = row.confirm and ask_first(
            request, question=f"{row.label}？", consequence=row.confirm, label=row.label,
            back_url=matter.get_absolute_url(),
        )  # fmt: skip
        if page:
            return page
        if attempt(request, lambda: act.run(matter, actor=request.user, **form.values()), act.done, form):
            return redirect("members:matters") if verb == "send_back" else redirect(matter)
    context = {"matter": matter, "form": form, "label": row.label, "consequence": row.confirm}
    return render(request, "members/matter_act.html", context)
