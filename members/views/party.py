"""Party building 党建: the two coverages 两个全覆盖 and the branches 党支部."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.acting import attempt
from members.models import PartyBranch
from members.people import selectors_party
from members.people.forms_party import BranchForm
from members.services import party as service


def _reads(request: HttpRequest) -> None:
    if not request.user.has_perm("members.see_party"):
        raise PermissionDenied


def _edits(request: HttpRequest) -> None:
    if not request.user.has_perm("members.manage_party"):
        raise PermissionDenied


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Who is not reached: Party members without a branch, others without a contact; every number opens its rows."""
    _reads(request)
    total = selectors_party.overall()
    figures = [
        {"value": total.without_branch.value, "unit": "人", "name": "没有编入支部的党员", "url": total.without_branch.url,
         "note": f"党员委员{total.party.value}人"},
        {"value": total.without_contact.value, "unit": "人", "name": "没有党员联系的委员", "url": total.without_contact.url,
         "note": f"党外委员{total.everybody.value - total.party.value}人"},
        {"value": total.party.value, "unit": "人", "name": "中共党员", "url": total.party.url,
         "note": f"在任委员{total.everybody.value}人"},
    ]  # fmt: skip
    tables = [(title, selectors_party.by_body(kind)) for kind, title in selectors_party.BY]
    context = {
        "figures": figures, "tables": tables, "branches": selectors_party.branches(),
        "may_edit": request.user.has_perm("members.manage_party"),
    }  # fmt: skip
    return render(request, "members/party_coverage.html", context)


@require_safe
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """One branch: secretary and members."""
    _reads(request)
    row = get_object_or_404(PartyBranch.objects.select_related("body", "secretary"), pk=pk)
    context = {
        "branch": row, "rows": list(selectors_party.members_of(row)),
        "may_edit": request.user.has_perm("members.manage_party"),
    }  # fmt: skip
    return render(request, "members/party_branch.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def branch_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Register a branch, or change it."""
    _edits(request)
    row = get_object_or_404(PartyBranch, pk=pk) if pk else None
    form = BranchForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        stored = PartyBranch(pk=pk) if pk else None
        data = form.cleaned_data
        if attempt(
            request, lambda: service.save_branch(stored, actor=request.user, **data), f"{data['name']}已存好。", form
        ):  # fmt: skip
            return redirect("members:party")
    context = {"form": form, "branch": row}
    return render(request, "members/party_branch_form.html", context, status=422 if form.errors else 200)
