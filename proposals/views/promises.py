"""The ledger of promises 承诺台账: what was promised in replies, what is overdue, what was kept."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.paging import Key, turn
from proposals import selectors_unit
from proposals.forms.promises import KeepForm, OutcomeForm
from proposals.models import Promise
from proposals.services import promises
from proposals.views.acting import attempt

STATES = {
    "open": "没到兑现的",
    "over": "过期没兑现",
    "kept": "已兑现",
    "missed": "未兑现",
    "unknown": "登记簿未载结果",
    "all": "全部",
}


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The promises that the person may follow, by state, the nearest day first."""
    today = timezone.localdate()
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    rows = selectors_unit.promises_for(request.user).select_related("reply__task__unit", "reply__task__proposal")
    rows = _in_state(rows, state, today)
    page = turn(rows, request.GET, [Key("due_on"), Key("id")], size=50)
    return render(
        request,
        "proposals/promise_list.html",
        {"rows": page.rows, "page": page, "state": state, "states": list(STATES.items()), "today": today},
    )


def _in_state(rows: QuerySet, state: str, today: date) -> QuerySet:
    match state:
        case "kept":
            return rows.filter(kept_on__isnull=False)
        case "missed":
            return rows.filter(missed_on__isnull=False)
        case "unknown":
            return rows.unknown()
        case "over":
            return rows.running().filter(due_on__lt=today)
        case "open":
            return rows.running()
    return rows


def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise; the unit that gave it says when and how it was kept, the office what became of an old one."""
    rows = selectors_unit.promises_for(request.user).select_related(
        "reply__task__unit", "reply__task__proposal", "item__suggestion"
    )
    row = get_object_or_404(rows, pk=pk)
    kind, service, done = _recording(row, request.user)
    form = kind(request.POST or None, initial={"on": timezone.localdate()}) if kind else None
    posted = request.method == "POST" and form is not None and form.is_valid()
    if posted and attempt(request, lambda: service(row, actor=request.user, **form.cleaned_data), done, form):
        return redirect("proposals:promise", pk)
    return render(
        request,
        "proposals/promise_page.html",
        {
            "promise": row,
            "task": row.reply.task,
            "proposal": row.reply.task.proposal,
            "form": form,
            "form_label": "登记结果" if kind is OutcomeForm else "登记兑现",
        },
        status=422 if form is not None and form.is_bound and form.errors else 200,
    )


def _recording(row: Promise, user: Any) -> tuple[type[KeepForm] | None, Callable[..., Any], str]:
    """How this person may record what became of a promise: the form, the service, what is said then."""
    if row.settled_on is None and row.reply.task.unit_id in user.unit_ids():
        return KeepForm, promises.keep_promise, "已登记兑现，提案者会收到消息。"
    if row.is_unknown and user.has_perm("proposals.record_promise", row.reply.task.proposal):
        return OutcomeForm, promises.record_outcome, "结果已登记，提案者会收到消息。"
    return None, promises.keep_promise, ""
