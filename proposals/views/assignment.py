"""Assignment 交办: what waits, one case to its units, and many at a hand-over meeting 交办会."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core import paging, workflow
from proposals.forms.assignment import AssignForm, HandoverForm
from proposals.models import Proposal, Status
from proposals.selectors_item import get_proposal, item_facts
from proposals.services import assignment as service
from proposals.views.acting import attempt

PAGE = 30
AT_ONCE = 100
ORDER = (paging.Key("filed_on", nullable=True), paging.Key("id"))


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("proposals.assign"):
        raise PermissionDenied


@require_safe
def assign_list(request: HttpRequest) -> HttpResponse:
    """The filed cases that no unit has yet, the longest waiting first."""
    _require(request)
    rows = _waiting(request).for_list()
    rows = rows.only(*rows.query.deferred_loading[0], "filed_on").prefetch_related("suggested_units")
    page = paging.turn(rows, request.GET, ORDER, size=PAGE)
    context = {
        "rows": page.rows,
        "page": page,
        "batch_actions": [("assign", "在交办会上交办")],
    }
    return render(request, "proposals/proposal_assign_list.html", context)


def _waiting(request: HttpRequest):
    return Proposal.objects.visible_to(request.user).filter(status=Status.FILED)


def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one case to its units."""
    _require(request)
    proposal = get_proposal(request.user, pk)
    if problem := workflow.refusal(proposal, "assign", request.user):
        messages.error(request, problem)
        return redirect(proposal)
    form = AssignForm(request.POST or None, proposal=proposal)
    if request.method == "POST" and form.is_valid():
        done = "已交办，承办单位马上收到通知。"
        if attempt(request, lambda: service.assign(proposal, actor=request.user, **form.values()), done, form):
            return redirect(proposal)
    context = {
        "proposal": proposal,
        "form": form,
        "facts": item_facts(proposal, request.user),
        "suggested": list(proposal.suggested_units.all()),
    }
    return render(request, "proposals/proposal_assign.html", context)


def handover(request: HttpRequest) -> HttpResponse:
    """Many cases at one meeting: a unit for each row, one button for all."""
    _require(request)
    given = request.POST.getlist("pick") or request.GET.get("ids", "").split(",")
    ids = [int(pk) for pk in given if pk.isdecimal()]
    rows = _waiting(request).for_list().prefetch_related("suggested_units")
    if ids:
        rows = rows.filter(pk__in=ids)
    rows = list(rows.order_by("session_id", "number", "pk")[:AT_ONCE])
    form = HandoverForm(request.POST if request.method == "POST" else None, proposals=rows)
    if request.method == "POST" and form.is_valid():
        result = service.assign_many(form.items, actor=request.user, handover=form.handover())
        if result.done:
            messages.success(request, f"已交办{len(result.done)}件，各单位马上收到通知。")
        for row, problem in result.refused:
            messages.error(request, f"{row.case_no} {row.title}：{problem}")
        return redirect("proposals:assign_list")
    context = {"form": form, "rows": form.rows, "unit_names": [str(unit) for unit in form.units.values()]}
    return render(request, "proposals/proposal_handover.html", context)
