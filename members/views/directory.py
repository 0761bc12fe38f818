"""The members' directory 委员名录, a member's page, studios 工作室, handling units 承办单位."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core import audit
from core.errors import Refusal
from members import selectors
from members.forms import DirectoryFilter, UnitFilter, UnitForm
from members.models import HandlingUnit, Member, Studio
from members.sections import sections
from members.services.units import change_unit


def _filled(form) -> dict:
    return (
        {name: value for name, value in form.cleaned_data.items() if value not in (None, "")} if form.is_valid() else {}
    )


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """Members in office with sector, committee, studio and post; numbers only for the offices."""
    form = DirectoryFilter(request.GET)
    chosen = _filled(form)
    chosen["standing"] = bool(chosen.get("standing"))
    page = selectors.page_of(selectors.directory(**chosen), request.GET)
    full = request.user.has_role(*selectors.SEES_PHONES)
    for member in page.rows:
        member.shown_phone = member.phone if full else selectors.mask_phone(member.phone)
    if full and page.rows:
        audit.record(
            verb="member.phones", summary=f"查看委员名录（含电话）{len(page.rows)}人", actor=request.user,
            detail={"first": page.rows[0].code, "last": page.rows[-1].code},
        )  # fmt: skip
    context = {"rows": page.rows, "page": page, "filters": form, "unit_word": "人", "phone_full": full}
    return render(request, "members/member_list.html", context)


@require_safe
def member_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: basic data, and what of his work the reader may see; a full number is logged."""
    member = get_object_or_404(Member.objects.select_related("sector", "committee", "studio"), pk=pk)
    full = selectors.sees_phone(request.user, member)
    if full and member.phone and member.user_id != request.user.pk:
        audit.record(verb="member.phone", summary=f"查看{member.name}的电话", actor=request.user, subject=member)
    context = {
        "member": member,
        "phone": member.phone if full else selectors.mask_phone(member.phone),
        "phone_full": full,
        "memberships": list(member.memberships.select_related("term")),
        "sections": sections(request.user, member),
    }
    return render(request, "members/member_item.html", context)


@require_safe
def studio_list(request: HttpRequest) -> HttpResponse:
    """All studios: place, convener, number of members, reception rule."""
    rows = list(selectors.studios())
    return render(request, "members/studio_list.html", {"rows": rows})


@require_safe
def studio_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One studio and its members."""
    studio = get_object_or_404(Studio.objects.select_related("convener", "sector"), pk=pk)
    people = list(studio.members.filter(is_active=True).select_related("sector").order_by("code"))
    return render(request, "members/studio_item.html", {"studio": studio, "people": people})


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
