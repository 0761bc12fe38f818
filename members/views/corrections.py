"""Corrections 个人信息更正: a member asks, the liaison office decides."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.acting import attempt
from members.models import CorrectionRequest, Member
from members.people import selectors as selectors_people
from members.people.forms import CorrectionForm, DecideForm
from members.services import people as service


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A member asks for his own data to be corrected."""
    member = get_object_or_404(Member, pk=pk)
    if not selectors_people.own(request.user, member):
        raise PermissionDenied
    now = {name: getattr(member, name) for name in service.CORRECTABLE}
    form = CorrectionForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        done = "申请已交给委员联络室，办好以后通知您。"
        data = form.cleaned_data
        shown = None if member.correction_requests.filter(accepted=None).exists() else form
        if attempt(request, lambda: service.ask_correction(member, actor=request.user, **data), done, shown):
            return redirect("members:correct", pk=pk)
    asked = list(member.correction_requests.select_related("decided_by")[:10])
    for row in asked:
        row.member = member
        row.changes = service.changes_of(row, full=True)
    waiting = any(row.accepted is None for row in asked)
    context = {"member": member, "form": None if waiting else form, "asked": asked}
    return render(request, "members/correction_form.html", context, status=422 if form.errors else 200)


@require_safe
def correction_list(request: HttpRequest) -> HttpResponse:
    """Requests that wait for the office, the oldest first."""
    if not request.user.has_perm("members.manage_people"):
        raise PermissionDenied
    rows = list(selectors_people.open_corrections()[:100])
    return render(request, "members/correction_list.html", {"rows": rows, "unit_word": "件"})


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what would change, and the office's decision."""
    if not request.user.has_perm("members.manage_people"):
        raise PermissionDenied
    asked = get_object_or_404(CorrectionRequest.objects.select_related("member", "decided_by"), pk=pk)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept, answer = form.cleaned_data["accept"] == "1", form.cleaned_data["answer"]
        done = "已更正，并通知了本人。" if accept else "已答复本人，没有更正。"
        shown = form if asked.accepted is None else None
        if attempt(
            request, lambda: service.decide_correction(asked, actor=request.user, accept=accept, answer=answer), done, shown
        ):  # fmt: skip
            return redirect("members:corrections")
    context = {"asked": asked, "form": form if asked.accepted is None else None, "changes": service.changes_of(asked)}
    return render(request, "members/correction_item.html", context, status=422 if form.errors else 200)
