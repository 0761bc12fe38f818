"""The yearly plan: its topics, how far it is, and what was held of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations import forms
from consultations.models import AnnualPlan, Consultation, PlanItem, PlanStatus
from consultations.services import plans
from core import workflow
from core.acting import ask_first, attempt
from members.models import Role

HELD = ("held", "reported", "closed")
READERS = (Role.LIAISON, Role.LEADER, Role.DISTRICT_LEADER, Role.COMMITTEE)


def _visible(request: HttpRequest):
    """Issued plans for everyone, the others for those who make and decide them."""
    rows = AnnualPlan.objects.all()
    return rows if request.user.has_role(*READERS) else rows.filter(status=PlanStatus.ISSUED)


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans with how many of their topics were held."""
    rows = _visible(request).annotate(
        size=Count("items", distinct=True),
        done=Count("items", Q(items__sessions__status__in=HELD), distinct=True),
    )
    year = timezone.localdate().year
    found = list(rows)
    may = request.user.has_perm("consultations.manage_plan")
    missing = [y for y in (year, year + 1) if may and y not in {row.year for row in found}]
    return render(request, "consultations/plan_list.html", {"rows": found, "missing": missing})


@require_POST
def plan_begin(request: HttpRequest, year: int) -> HttpResponse:
    """Begin the plan of this or the next year."""
    if not request.user.has_perm("consultations.manage_plan") or abs(year - timezone.localdate().year) > 1:
        raise PermissionDenied
    return redirect(plans.begin_plan(year, actor=request.user))


@require_safe
def plan_item(request: HttpRequest, year: int) -> HttpResponse:
    """One plan: its topics with the sessions held for them, and its next step."""
    plan = get_object_or_404(_visible(request), year=year)
    visible = Consultation.objects.visible_to(request.user).filter(plan_item__plan=plan)
    held: dict[int, list[Consultation]] = {}
    for row in visible.only("title", "on", "status", "form", "plan_item_id"):
        held.setdefault(row.plan_item_id, []).append(row)
    items = [(item, held.get(item.pk, [])) for item in plan.items.select_related("body").prefetch_related("units")]
    may = request.user.has_perm("consultations.manage_plan")
    context = {
        "plan": plan, "items": items, "forms_by_code": dict(Consultation.Form.choices),
        "done": sum(any(row.status in HELD for row in rows) for _, rows in items),
        "moves": workflow.allowed(plan, request.user), "open": may and plan.status in plans.OPEN,
    }  # fmt: skip
    return render(request, "consultations/plan_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, year: int, pk: int | None = None) -> HttpResponse:
    """Add a topic to a plan, or change one."""
    plan = _own(request, year)
    item = get_object_or_404(PlanItem, plan=plan, pk=pk) if pk else None
    initial = {}
    if item:
        initial = {name: getattr(item, name) for name in ("topic", "form", "month", "leader", "body", "participants")}
        initial["units"] = list(item.units.all())
    form = forms.ItemForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            request,
            lambda: plans.set_item(plan, actor=request.user, item=item, **form.cleaned_data),
            "已列入计划。",
            form,
        )
    ):
        return redirect(plan)
    return render(
        request,
        "consultations/plan_form.html",
        {"plan": plan, "form": form, "heading": "改议题" if item else "列入议题"},
    )


def _own(request: HttpRequest, year: int) -> AnnualPlan:
    if not request.user.has_perm("consultations.manage_plan"):
        raise Http404
    return get_object_or_404(AnnualPlan, year=year)


@require_POST
def topic_drop(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Take a topic out."""
    plan = _own(request, year)
    item = get_object_or_404(PlanItem, plan=plan, pk=pk)
    attempt(request, lambda: plans.drop_item(item, actor=request.user), "已去掉。")
    return redirect(plan)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_act(request: HttpRequest, year: int, verb: str) -> HttpResponse:
    """One step of the plan."""
    plan = _own(request, year)
    process = workflow.process_of(plan)
    if verb not in process.transitions:
        raise Http404
    if problem := workflow.refusal(plan, verb, request.user):
        messages.error(request, problem)
        return redirect(plan)
    move = process[verb]
    classes = {"issue": forms.IssueForm, "reopen": forms.ReasonForm}
    form = classes.get(verb, forms.PlainForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "sure"}
        if move.confirm and (page := ask_first(
            request, question=f"{move.label}：{plan}？", consequence=move.confirm, label=move.label,
            back_url=plan.get_absolute_url(),
        )):  # fmt: skip
            return page
        if attempt(request, lambda: plans.move(plan, verb, actor=request.user, **data), "已办。", form):
            return redirect(plan)
    return render(request, "consultations/plan_form.html", {"plan": plan, "form": form, "heading": move.label})
