"""Topics of a plan 计划议题: entered, changed, ordered, taken out, arranged; and the list over all years."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.models import PlanItem
from consultations.plans import forms, progress
from consultations.plans.progress import State
from consultations.plans.sheets import ITEM_COLUMNS, send
from consultations.services import plans, sessions
from consultations.views.plans import own_plan
from core import paging
from core.acting import attempt

IN_ORDER = (paging.Key("plan_id", True), paging.Key("order"), paging.Key("id"))
PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: HttpRequest, year: int, pk: int | None = None) -> HttpResponse:
    """Add a topic to a plan, or change one; of an issued plan as an amendment."""
    plan = own_plan(request, year)
    item = get_object_or_404(PlanItem, plan=plan, pk=pk) if pk else None
    if plan.status not in plans.OPEN and not plan.is_published:
        messages.error(request, f"计划{plan.get_status_display()}，议题不能再改；要改先退回修改。")
        return redirect(plan)
    if item and item.dropped_on:
        messages.error(request, f"《{item.topic}》已经调出，不能再调整；要重新办请增列。")
        return redirect(plan)
    form = forms.ItemForm(request.POST or None, plan=plan, item=item)
    said = "已登记调整。" if plan.is_published else "已列入计划。" if item is None else "已改。"
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            request, lambda: plans.set_item(plan, actor=request.user, item=item, **form.cleaned_data), said, form
        )
    ):
        return redirect(plan)
    heading = (
        ("增列议题" if plan.is_published else "列入议题")
        if item is None
        else "调整议题"
        if plan.is_published
        else "改议题"
    )
    context = {"plan": plan, "form": form, "heading": heading, "item": item}
    if item:
        context["suggestions"] = list(item.suggestions.select_related("body", "unit"))
    return render(request, "consultations/plan_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def topic_drop(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Take a topic out: at once while drafting, with its reason after the issue."""
    plan = own_plan(request, year)
    item = get_object_or_404(PlanItem, plan=plan, pk=pk)
    if not plan.is_published:
        if request.method != "POST":
            return redirect(plan)
        attempt(request, lambda: plans.drop_item(item, actor=request.user), f"已去掉《{item.topic}》。")
        return redirect(plan)
    form = forms.DropForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            request, lambda: plans.drop_item(item, actor=request.user, **form.cleaned_data), "已登记调出。", form
        )
    ):
        return redirect(plan)
    context = {
        "plan": plan, "form": form, "heading": f"调出：{item.topic}",
        "consequence": "调出的议题留在计划页上，写明哪天、为什么调出；不再算进完成率。",
    }  # fmt: skip
    return render(request, "consultations/plan_form.html", context)


@require_POST
def topic_order(request: HttpRequest, year: int, pk: int, way: str) -> HttpResponse:
    """Move a topic one place up or down."""
    plan = own_plan(request, year)
    item = get_object_or_404(PlanItem, plan=plan, pk=pk)
    attempt(request, lambda: plans.order_items(plan, item, up=way == "up", actor=request.user), "次序已改。")
    return redirect(plan)


@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a session for a topic of an issued plan: a day is all it asks, the rest follows from the plan."""
    user = request.user
    item = get_object_or_404(PlanItem.objects.visible_to(user).select_related("plan", "body"), pk=pk)
    office = user.has_perm("consultations.manage_plan")
    if not user.has_perm("consultations.add") or not (office or item.body_id in user.body_ids):
        raise Http404
    if not item.plan.is_published or item.dropped_on:
        messages.error(request, "计划印发以后才能安排；调出的议题不再安排。")
        return redirect(item.plan)
    form = forms.ArrangeForm(request.POST or None)
    made: list[Any] = []
    if request.method == "POST" and form.is_valid():

        def plan_it() -> None:
            made.append(
                sessions.plan(
                    actor=user, title=item.topic, form=item.form, organizer=item.body, plan_item=item,
                    units=item.units.all(), parties=item.participants, **form.cleaned_data,
                )
            )  # fmt: skip

        if attempt(request, plan_it, "已安排，接着请委员、写议程。", form):
            return redirect(made[0])
    context = {"plan": item.plan, "form": form, "heading": "安排协商", "arranged": item}
    return render(request, "consultations/plan_form.html", context)


def narrowed(user: Any, form: forms.ItemFilter):
    """The plan items that the conditions leave; a value that means nothing finds nothing."""
    rows = PlanItem.objects.visible_to(user)
    rows = progress.with_state(rows, timezone.localdate())
    if not form.is_valid():
        return rows.none()
    asked = form.cleaned_data
    if asked["q"]:
        rows = rows.filter(topic__icontains=asked["q"])
    if asked["year"]:
        rows = rows.filter(plan__year=asked["year"])
    if asked["form"]:
        rows = rows.filter(form=asked["form"])
    if asked["quarter"] is not None:
        quarter = asked["quarter"]
        rows = rows.filter(month__in=progress.QUARTERS[quarter]) if quarter else rows.filter(month__isnull=True)
    if asked["body"]:
        rows = rows.filter(body=asked["body"])
    if asked["planned"]:
        rows = rows.standing()
    if asked["state"]:
        rows = rows.filter(state__in=progress.DONE if asked["state"] == "done" else (asked["state"],))
    return rows


@require_safe
def item_list(request: HttpRequest) -> HttpResponseBase:
    """Topics of the plans that this person may read, by the conditions in the address."""
    form = forms.ItemFilter(request.GET)
    rows = narrowed(request.user, form)
    if request.GET.get("format") == "xlsx":
        related = rows.select_related("plan", "body").prefetch_related("units", "partner_units")
        return send(request, "计划议题", ITEM_COLUMNS, related.order_by("-plan_id", "order", "id"), "annualplan.export")
    page = paging.turn(rows.select_related("plan", "body").defer("plan__call_text"), request.GET, IN_ORDER, size=PAGE)
    today = timezone.localdate()
    chips = chips_of(request, form)
    context = {
        "rows": [
            (item, progress.late_words(item, today) if item.state == State.OVERDUE else "") for item in page.rows
        ],
        "page": page, "filters": form, "active_filters": chips, "unit_word": "个",
        "clear_url": reverse("consultations:plan_items"), "export_url": export_url(request),
        "empty_title": "没有符合的议题" if chips else "还没有计划议题",
        "empty_text": "换个条件再看。" if chips else "年度协商计划印发以后，各年的议题和进度列在这里。",
    }  # fmt: skip
    return render(request, "consultations/plan_items.html", context)


def chips_of(request: HttpRequest, form: Any) -> list[tuple[str, str, str]]:
    """The conditions in force as chips: name, value in words, the address without it."""
    if not form.is_valid():
        return [("条件", "读不懂", "?")]
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value not in (None, "", False):
            choices = {str(code): word for code, word in getattr(field, "choices", ()) if not hasattr(code, "instance")}
            words = "是" if value is True else choices.get(str(value), str(value))
            found.append((str(field.label), str(words), paging.without(request.GET, name)))
    return found


def export_url(request: HttpRequest) -> str:
    """The address that exports exactly what is filtered."""
    return f"{paging.without(request.GET, 'format')}&format=xlsx".replace("?&", "?")
