"""The yearly plan 年度协商计划: the list of years, one plan with its stages and progress, its next step."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.models import AnnualPlan, Consultation, PlanItem, PlanStatus, TopicStatus
from consultations.plans import forms, progress
from consultations.plans import options as plan_options
from consultations.plans.progress import State
from consultations.services import plans
from core import audit, timeline, workflow
from core.acting import ask_first, attempt
from core.models import Deadline
from core.templatetags.frame import cn_day

EVENTS = 40
LABELS = {
    PlanStatus.COLLECTING: "征集议题", PlanStatus.DRAFTING: "汇总起草", PlanStatus.REVIEWED: "主席会议审议",
    PlanStatus.DECIDED: "区委常委会审定", PlanStatus.ISSUED: "印发", PlanStatus.NOTED: "常委会或全会通报",
}  # fmt: skip


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans with their stage and how many of their topics were held."""
    today = timezone.localdate()
    found = list(AnnualPlan.objects.visible_to(request.user).defer("call_text"))
    items = progress.with_state(PlanItem.objects.filter(plan__in=[row.pk for row in found]), today)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for plan_id, state, number in items.order_by().values_list("plan_id", "state").annotate(n=Count("pk")):
        counts[plan_id][state] = number
    rows = []
    for plan in found:
        states = counts[plan.pk]
        size = sum(number for state, number in states.items() if state != State.DROPPED)
        done = sum(states.get(state, 0) for state in progress.DONE)
        rows.append((plan, size, done, states.get(State.OVERDUE, 0), round(done * 100 / size) if size else 0))
    may = request.user.has_perm("consultations.manage_plan")
    missing = [y for y in (today.year, today.year + 1) if may and y not in {plan.year for plan in found}]
    return render(request, "consultations/plan_list.html", {"rows": rows, "missing": missing})


@require_POST
def plan_begin(request: HttpRequest, year: int) -> HttpResponse:
    """Begin the plan of this or the next year."""
    if not request.user.has_perm("consultations.manage_plan") or abs(year - timezone.localdate().year) > 1:
        raise PermissionDenied
    return redirect(plans.begin_plan(year, actor=request.user))


def get_plan(request: HttpRequest, year: int) -> AnnualPlan:
    """The plan of a year that the person may read, or 404."""
    return get_object_or_404(AnnualPlan.objects.visible_to(request.user), year=year)


def own_plan(request: HttpRequest, year: int) -> AnnualPlan:
    """The plan of a year for whoever makes it, or 404."""
    if not request.user.has_perm("consultations.manage_plan"):
        raise Http404
    return get_object_or_404(AnnualPlan, year=year)


def items_of(plan: AnnualPlan) -> list[PlanItem]:
    """The topics of a plan with their state today, their bodies and units; four queries."""
    rows = progress.with_state(plan.items.select_related("body"), timezone.localdate())
    return list(rows.prefetch_related("units", "partner_units", "partner_bodies"))


@require_safe
def plan_item(request: HttpRequest, year: int) -> HttpResponse:
    """One plan: its stages, its topics with the sessions held for them, what was adjusted, its next step."""
    plan = get_plan(request, year)
    today = timezone.localdate()
    items = items_of(plan)
    sessions: dict[int, list[Consultation]] = defaultdict(list)
    visible = Consultation.objects.visible_to(request.user).filter(plan_item__plan=plan)
    for row in visible.only("title", "on", "status", "form", "plan_item_id").order_by("on"):
        sessions[row.plan_item_id].append(row)
    for item in items:
        item.plan = plan
    may = request.user.has_perm("consultations.manage_plan")
    reads = request.user.has_perm("consultations.see_board")
    standing = [item for item in items if item.state != State.DROPPED]  # type: ignore[attr-defined]
    context = {
        "plan": plan,
        "rows": [
            (item, sessions[item.pk], progress.late_words(item, today) if item.state == State.OVERDUE else "")  # type: ignore[attr-defined]
            for item in items
        ],
        "size": len(standing),
        "states": [
            (label, n, f"state={state}") for state, label in State.choices if (n := progress.count(items, state))
        ],
        "done": progress.count(standing, *progress.DONE),
        "moves": workflow.allowed(plan, request.user),
        "may": may,
        "open": may and plan.status in plans.OPEN,
        "amends": may and plan.is_published,
        "steps": steps(plan),
        "suggested": suggested(plan) if reads else [],
        "amendments": list(plan.amendments.select_related("item", "made_by")),
        "deadlines": _deadlines(plan) if reads else [],
        "timeline": events(plan) if reads else [],
        "organizes": request.user.has_perm("consultations.add"),
        "own_bodies": request.user.body_ids,
    }
    return render(request, "consultations/plan_item.html", context)


def steps(plan: AnnualPlan) -> list[dict[str, str]]:
    """The stages as a stepper: each with the day on which it was last reached, and what was said."""
    reached = {step.stage: step for step in plan.steps.all()}
    order = [stage.value for stage in PlanStatus]
    at = order.index(plan.status)
    found = []
    for place, stage in enumerate(PlanStatus):
        step = reached.get(stage) if place <= at else None
        note = f"{cn_day(step.on)}{f'　{step.note}' if step.note else ''}" if step else ""
        if stage == PlanStatus.COLLECTING and plan.closes_on and plan.opens_on:
            note = f"{cn_day(plan.opens_on)}至{cn_day(plan.closes_on)}"
        last = place == at == len(order) - 1
        state = "done" if place < at or last else "current" if place == at else ""
        found.append({"label": LABELS[stage], "note": note, "state": state})
    return found


def suggested(plan: AnnualPlan) -> list[tuple[str, int, str]]:
    """How many topics were put in, by what became of them; withdrawn ones are left out."""
    counts = dict(plan.suggestions.order_by().values_list("status").annotate(n=Count("pk")))
    if not counts:
        return []
    return [
        (TopicStatus(state).label, counts.get(state, 0), f"year={plan.year}&state={state}")
        for state in (TopicStatus.SUBMITTED, TopicStatus.TAKEN, TopicStatus.KEPT, TopicStatus.DECLINED)
    ]


def _deadlines(plan: AnnualPlan) -> list[Deadline]:
    """The terms of the plan's own steps that run, the nearest first."""
    return list(Deadline.objects.of(plan).open().order_by("due", "id"))


def events(plan: AnnualPlan) -> list[dict[str, Any]]:
    """The latest of what happened to the plan, as ``components/_timeline.html`` takes it."""
    return timeline.told(list(audit.timeline(plan).order_by("-seq")[:EVENTS]))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_act(request: HttpRequest, year: int, verb: str) -> HttpResponse:
    """One step of the plan on its own small page."""
    plan = own_plan(request, year)
    process = workflow.process_of(plan)
    if verb not in process.transitions:
        raise Http404
    if problem := workflow.refusal(plan, verb, request.user):
        messages.error(request, problem)
        return redirect(plan)
    label = process[verb].label
    if verb == "call":
        initial = forms.default_days(plan, plan_options.closing_day(year))
        form: Any = forms.CallForm(request.POST or None, initial=initial)
        label = "改征集" if plan.closes_on else label
    else:
        form = {"issue": forms.IssueForm, "reopen": forms.ReasonForm}.get(verb, forms.StepForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if process[verb].confirm and (page := ask_first(
            request, question=f"{label}：{plan}？", consequence=process[verb].confirm, label=label,
            back_url=plan.get_absolute_url(),
        )):  # fmt: skip
            return page
        if attempt(request, lambda: _do(plan, verb, request.user, form.cleaned_data), f"已办：{label}。", form):
            return redirect(plan)
    context = {"plan": plan, "form": form, "heading": label, "consequence": process[verb].confirm}
    return render(request, "consultations/plan_form.html", context)


def _do(plan: AnnualPlan, verb: str, user: Any, data: dict[str, Any]) -> AnnualPlan:
    return plans.call(plan, actor=user, **data) if verb == "call" else plans.move(plan, verb, actor=user, **data)
