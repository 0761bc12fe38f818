"""Pages of host units 受派单位 and supervisors 民主监督员: the list, one unit, and the office's three forms."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core import audit, paging
from core.acting import attempt
from core.spreadsheets import CONTENT_TYPE
from oversight import selectors, services
from oversight.forms import DispatchForm, HostUnitForm, RecallForm, SupervisorFilter
from oversight.models import HostUnit, Supervisor

EVENTS = 30


def _conditions(form: SupervisorFilter) -> dict:
    """What the address asks for; a value that means nothing counts as none."""
    form.is_valid()
    return {name: form.cleaned_data.get(name, "") for name in form.fields} | {"today": timezone.localdate()}


def _office_only(request: HttpRequest) -> None:
    if not request.user.has_perm(services.MANAGE):
        raise PermissionDenied


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Units with their supervisors, by condition."""
    form = SupervisorFilter(request.GET, categories=selectors.categories())
    page = paging.turn(selectors.units(request.user, **_conditions(form)), request.GET, selectors.ORDER, size=50)
    context = {
        "rows": page.rows, "page": page, "filters": form, "unit_word": "家",
        "active_filters": form.chips(request.GET), "clear_url": reverse("oversight:list"),
        "empty_title": "没有符合的单位", "empty_text": "聘期已满的、现在没有人的单位，在“什么时候”里选。",
        "empty_links": [("看全部单位", f"{reverse('oversight:list')}?time=all")],
        "people": sum(len(unit.shown) for unit in page.rows),
        "export_url": f"export/{paging.without(request.GET)}",
        "may_manage": request.user.has_perm(services.MANAGE),
    }  # fmt: skip
    return render(request, "oversight/unit_list.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The list as a spreadsheet."""
    form = SupervisorFilter(request.GET, categories=selectors.categories())
    found = selectors.units(request.user, **_conditions(form))
    file = selectors.export(found, actor=request.user, query=request.GET.urlencode())
    name = f"民主监督员_{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_safe
def unit_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: who is dispatched there, who was, and what became of it."""
    unit = get_object_or_404(HostUnit.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    rows = list(unit.supervisors.select_related("member", "member__sector").order_by("-starts", "id"))
    may_manage = request.user.has_perm(services.MANAGE)
    log = audit.timeline(unit).order_by("-seq")[:EVENTS] if may_manage else []
    context = {
        "unit": unit,
        "serving": [row for row in rows if row.starts <= today and (row.ends is None or row.ends >= today)],
        "coming": [row for row in rows if row.starts > today],
        "past": [row for row in rows if row.ends and row.ends < today],
        "may_manage": may_manage,
        "timeline": [
            {"at": entry.at, "who": entry.actor_name, "what": entry.summary, "reason": entry.reason} for entry in log
        ],
    }
    return render(request, "oversight/unit_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a unit, or change one."""
    _office_only(request)
    unit = get_object_or_404(HostUnit, pk=pk) if pk else HostUnit()
    form = HostUnitForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        target = get_object_or_404(HostUnit, pk=pk) if pk else HostUnit()
        if attempt(
            request, lambda: services.keep_unit(target, actor=request.user, **form.cleaned_data), "已保存。", form
        ):
            return redirect("oversight:item", target.pk) if target.pk else redirect("oversight:list")
    return render(request, "oversight/unit_form.html", {"form": form, "unit": unit if pk else None})


@require_http_methods(["GET", "HEAD", "POST"])
def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a member to a unit."""
    _office_only(request)
    unit = get_object_or_404(HostUnit, pk=pk)
    form = DispatchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = f"已派驻{form.cleaned_data['member']}。"
        if attempt(request, lambda: services.dispatch(unit, actor=request.user, **form.cleaned_data), done, form):
            return redirect(unit)
    return render(request, "oversight/dispatch_form.html", {"form": form, "unit": unit})


@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """End a supervisor's time before it is over."""
    _office_only(request)
    row = get_object_or_404(Supervisor.objects.select_related("unit", "member"), pk=pk)
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = f"{row.member.name}的派驻已结束。"
        if attempt(request, lambda: services.recall(row, actor=request.user, **form.cleaned_data), done, form):
            return redirect(row.unit)
    return render(request, "oversight/recall_form.html", {"form": form, "row": row})
