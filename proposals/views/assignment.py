"""Assignment 交办: what waits, one case to its units, a whole hand-over meeting at once."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import paging, workflow
from proposals import recommending
from proposals.forms.assignment import AssignForm, HandoverForms, MeetingForm, RowForm, UnitBook
from proposals.models import Proposal
from proposals.selectors_item import get_proposal
from proposals.services import assignment
from proposals.views.acting import attempt

MOST_ROWS = 60
PAGE = 30
ORDER = (paging.Key("filed_on", nullable=True), paging.Key("id"))


@require_safe
@permission_required("proposals.assign", raise_exception=True)
def assign_list(request: HttpRequest) -> HttpResponse:
    """The filed cases that no unit has yet, the longest waiting first."""
    cases = Proposal.objects.visible_to(request.user).filter(status=Proposal.Status.FILED)
    listed = cases.for_list().defer(None).defer("situation", "analysis", "first_note", "decision_note")
    page = paging.turn(listed.prefetch_related("suggested_units"), request.GET, ORDER, size=PAGE)
    context = {
        "rows": page.rows,
        "page": page,
        "batch_actions": [("assign", "在交办会上交办")],
    }
    return render(request, "proposals/proposal_assign_list.html", context)


@permission_required("proposals.assign", raise_exception=True)
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one filed case to its units."""
    proposal = get_proposal(request.user, pk)
    if problem := workflow.refusal(proposal, "assign", request.user):
        messages.error(request, problem)
        return redirect(proposal)
    book = UnitBook()
    suggested = [str(unit) for unit in proposal.suggested_units.all()]
    [likely] = recommending.for_cases([proposal])
    form = AssignForm(request.POST or None, book=book, initial=_chosen(request, book) or _first(suggested))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if attempt(
            request,
            lambda: assignment.assign(proposal, actor=request.user, **values),
            "已交办，承办单位会收到通知。",
            form,
        ):
            return redirect(proposal)
    context = {
        "proposal": proposal,
        "form": form,
        "units": book.units.values(),
        "suggested": suggested,
        "likely": likely,
    }
    return render(request, "proposals/proposal_assign.html", context)


def _first(suggested: list[str]) -> dict[str, str]:
    return {"lead": suggested[0] if suggested else ""}


def _chosen(request: HttpRequest, book: UnitBook) -> dict[str, str]:
    """The unit picked among those recommended, by its link ``?lead=<id>``."""
    chosen = request.GET.get("lead", "")
    unit = next((unit for unit in book.units.values() if str(unit.pk) == chosen), None)
    return {"lead": unit.short_name or unit.name} if unit else {}


@permission_required("proposals.assign", raise_exception=True)
def handover(request: HttpRequest) -> HttpResponse:
    """All filed cases (or those picked in the list) in one table, given at one meeting."""
    rows, more = _waiting(request)
    book = UnitBook()
    data = request.POST or None
    today = timezone.localdate()
    sheet = HandoverForms(
        MeetingForm(data, initial={"name": f"{today.year}年提案交办会", "held_on": today}),
        [
            RowForm(data, proposal=row, book=book, likely=likely)
            for row, likely in zip(rows, recommending.for_cases(rows), strict=True)
        ],
    )
    if data is not None and sheet.is_valid() and _give(request, sheet):
        return redirect(reverse("proposals:handover"))
    context = {
        "sheet": sheet,
        "forms_in_page": [sheet.meeting, *sheet.rows],
        "units": book.units.values(),
        "more": more,
        "total": len(rows),
        "links": [("看全部提案", reverse("proposals:list"))],
    }
    return render(request, "proposals/proposal_handover.html", context)


def _waiting(request: HttpRequest) -> tuple[list[Proposal], bool]:
    """The filed cases in the order of their numbers, those picked only when some were; and whether more wait."""
    cases = Proposal.objects.visible_to(request.user).filter(status=Proposal.Status.FILED)
    picked = [int(part) for part in request.GET.get("ids", "").split(",") if part.isdecimal()]
    if picked:
        cases = cases.filter(pk__in=picked)
    texts = cases.for_list().defer(None).defer("first_note", "decision_note")
    listed = texts.prefetch_related("suggested_units", "suggestions").order_by("session_id", "number")
    found = list(listed[: MOST_ROWS + 1])
    return found[:MOST_ROWS], len(found) > MOST_ROWS


def _give(request: HttpRequest, sheet: HandoverForms) -> bool:
    """Carry out the filled rows and say what became of each; False when none was filled."""
    items = [item for row in sheet.rows if (item := row.assignment())]
    if not items:
        sheet.meeting.add_error(None, "还没有填主办单位：至少给一件提案填上主办单位。")
        return False
    result = assignment.assign_many(items, actor=request.user, handover=sheet.meeting.meeting())
    if result.done:
        messages.success(request, f"已交办{len(result.done)}件，承办单位会收到通知。")
    for row, reason in result.refused:
        messages.error(request, f"{row.case_no}没有交办：{reason}")
    return True
