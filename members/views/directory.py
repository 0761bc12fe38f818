"""Handling units 承办单位."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refusal
from members import selectors
from members.forms import UnitFilter, UnitForm
from members.models import HandlingUnit
from members.services.units import change_unit


def _filled(form) -> dict:
    return (
        {name: value for name, value in form.cleaned_data.items() if value not in (None, "")} if form.is_valid() else {}
    )


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Handling units with their other names, for the offices."""
    if not request.user.has_role(*selectors.SEES_UNITS):
        raise PermissionDenied
    form = UnitFilter(request.GET)
    page = selectors.page_of(selectors.units(**_filled(form)), request.GET, size=100)
    context = {
        "rows": page.rows, "page": page, "filters": form, "unit_word": "家",
        "may_change": request.user.has_role(*selectors.MANAGES_UNITS),
    }  # fmt: skip
    return render(request, "members/unit_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a unit's other names and contact."""
    if not request.user.has_role(*selectors.MANAGES_UNITS):
        raise PermissionDenied
    unit = get_object_or_404(HandlingUnit, pk=pk)
    form = UnitForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        try:
            change_unit(HandlingUnit(pk=pk), actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(getattr(refusal, "field", None) or None, str(refusal))
        else:
            messages.success(request, f"{unit.name}已改好。")
            return redirect("members:units")
    return render(request, "members/unit_form.html", {"form": form, "unit": unit})
