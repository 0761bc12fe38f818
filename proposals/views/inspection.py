"""Inspection 督查室: transfers and extensions to decide, replies to check, and what is late with whose it is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import options
from core.models import Deadline
from members.models import Role
from proposals.forms.handling import ExtensionDecisionForm, TransferDecisionForm
from proposals.models import Proposal, Reply, UnitTask
from proposals.services import assignment
from proposals.views.acting import attempt

SHOWN = 50
MAY_COME = (Role.INSPECTION, Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)
WHO_WAITS = {
    "receipt": "签收", "contact": "沟通", "opinion": "会办意见", "reply": "答复", "transfer_decision": "改办决定",
    "extension_decision": "延期答复", "promise": "承诺",
}  # fmt: skip


def _require(request: HttpRequest) -> None:
    """Others do not learn that the page exists."""
    if not request.user.has_role(*MAY_COME):
        raise Http404


@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """The four queues, what waits longest first."""
    _require(request)
    tasks = UnitTask.objects.visible_to(request.user).select_related("proposal", "unit", "transfer_to")
    transfers = list(tasks.filter(status="transfer_requested").order_by("transfer_asked_on", "pk")[:SHOWN])
    extensions = list(tasks.filter(status="extension_requested").order_by("extension_until", "pk")[:SHOWN])
    replies = list(
        Reply.objects.filter(
            status=Reply.Status.OFFICE_REVIEW, task__proposal__in=Proposal.objects.visible_to(request.user)
        )
        .select_related("task__unit", "task__proposal", "result_class")
        .defer("opening", "closing")
        .order_by("saved_at", "pk")[:SHOWN]
    )
    today = timezone.localdate()
    late_rows, late_total = _late(request.user, today)
    decided_by = _dues([*transfers, *extensions])
    return render(
        request,
        "proposals/inspection_queues.html",
        {
            "transfers": [{"task": row, "due": decided_by.get((row.pk, "transfer_decision"))} for row in transfers],
            "extensions": [{"task": row, "due": decided_by.get((row.pk, "extension_decision"))} for row in extensions],
            "replies": replies,
            "late": late_rows,
            "late_total": late_total,
            "today": today,
        },
    )


def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a unit's request 申请改办: to another unit, or upheld with a reason."""
    row = _asked(request, pk, "transfer_requested")
    initial = {"new_unit": row.transfer_to_id}
    form = TransferDecisionForm(request.POST or None, unit=row.unit, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        agree = data["agree"] == "yes"
        if attempt(
            request,
            lambda: assignment.decide_transfer(
                row,
                actor=request.user,
                agree=agree,
                new_unit=data["new_unit"] if agree else None,
                reason=data["reason"],
            ),
            f"已改交{data['new_unit']}。" if agree else f"已维持，由{row.unit}继续办理。",
            form,
        ):
            return redirect("proposals:inspection")
    return _decision(request, row, form, "改办申请", may=request.user.has_perm("proposals.decide_task", row))


def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a unit's request 申请延期."""
    row = _asked(request, pk, "extension_requested")
    form = ExtensionDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        agree = data["agree"] == "yes"
        if attempt(
            request,
            lambda: assignment.decide_extension(row, actor=request.user, agree=agree, reason=data["reason"]),
            "已同意延期，新的期限已告诉承办单位。" if agree else "已告诉承办单位不同意延期。",
            form,
        ):
            return redirect("proposals:inspection")
    return _decision(request, row, form, "延期申请", may=request.user.has_perm("proposals.approve_extension", row))


def _asked(request: HttpRequest, pk: int, status: str) -> UnitTask:
    _require(request)
    rows = UnitTask.objects.visible_to(request.user).select_related("proposal__session", "unit", "transfer_to")
    return get_object_or_404(rows, pk=pk, status=status)


def _decision(request: HttpRequest, row: UnitTask, form, heading: str, *, may: bool) -> HttpResponse:
    return render(
        request,
        "proposals/inspection_decision.html",
        {
            "task": row,
            "proposal": row.proposal,
            "form": form if may else None,
            "heading": heading,
            "is_transfer": row.status == "transfer_requested",
            "siblings": list(row.proposal.tasks.live().select_related("unit")),
            "deadlines": list(Deadline.objects.of(row).open()),
            "extension_months": options.value("proposals.extension_months"),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _dues(rows: list[UnitTask]) -> dict[tuple[int, str], Deadline]:
    """The open deadlines of these tasks by task and kind; one query."""
    found = Deadline.objects.open().filter(subject_type="proposals.unittask", subject_id__in=[row.pk for row in rows])
    return {(row.subject_id, row.kind): row for row in found}


def _late(user, today) -> tuple[list[dict], int]:
    """Open deadlines of tasks that have passed, the longest first: the case, whose it is, what is missing."""
    tasks = UnitTask.objects.live().visible_to(user)
    rows = Deadline.objects.open().filter(
        subject_type="proposals.unittask", due__lt=today, subject_id__in=tasks.values("pk")
    )
    rows = rows.exclude(kind="transfer")
    total = rows.count()
    shown = list(rows.order_by("due", "pk")[:SHOWN])
    by_pk = {
        row.pk: row
        for row in UnitTask.objects.filter(pk__in=[row.subject_id for row in shown]).select_related("proposal", "unit")
    }
    lines = [
        {"deadline": row, "task": by_pk[row.subject_id], "what": WHO_WAITS.get(row.kind, row.label)}
        for row in shown
        if row.subject_id in by_pk
    ]
    return lines, total
