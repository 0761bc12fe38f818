"""The ledger of promises 承诺台账: what was promised in replies, what is overdue, what was kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.paging import Key, turn
from proposals import selectors_unit
from proposals.forms.handling import KeepForm
from proposals.services import replying
from proposals.views.acting import attempt

STATES = {"open": "没到兑现的", "over": "过期没兑现", "kept": "已兑现", "all": "全部"}


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The promises that the person may follow, by state, the nearest day first."""
    today = timezone.localdate()
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    rows = selectors_unit.promises_for(request.user).select_related("reply__task__unit", "reply__task__proposal")
    if state == "kept":
        rows = rows.filter(kept_on__isnull=False)
    elif state != "all":
        rows = rows.filter(kept_on=None)
        rows = rows.filter(due_on__lt=today) if state == "over" else rows
    page = turn(rows, request.GET, [Key("due_on"), Key("id")], size=50)
    return render(
        request,
        "proposals/promise_list.html",
        {"rows": page.rows, "page": page, "state": state, "states": list(STATES.items()), "today": today},
    )


def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise; the unit that gave it says when and how it was kept."""
    rows = selectors_unit.promises_for(request.user).select_related(
        "reply__task__unit", "reply__task__proposal", "item__suggestion"
    )
    row = get_object_or_404(rows, pk=pk)
    may_keep = row.kept_on is None and row.reply.task.unit_id in request.user.unit_ids()
    form = KeepForm(request.POST or None, initial={"on": timezone.localdate()}) if may_keep else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        if attempt(
            request,
            lambda: replying.keep_promise(row, actor=request.user, on=data["on"], note=data["note"]),
            "已登记兑现，提案者会收到消息。",
            form,
        ):
            return redirect("proposals:promise", pk)
    return render(
        request,
        "proposals/promise_page.html",
        {"promise": row, "task": row.reply.task, "proposal": row.reply.task.proposal, "form": form},
        status=422 if form is not None and form.is_bound and form.errors else 200,
    )
