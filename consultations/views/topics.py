"""Topics put in for the plan 议题建议: one's own, the office's list with batch acts, one on its page, what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.models import PUBLISHED, AnnualPlan, TopicSuggestion
from consultations.plans import forms
from consultations.plans.sheets import TOPIC_COLUMNS, send
from consultations.services import topics
from consultations.views.plan_items import chips_of, export_url
from core import badges, paging, workflow
from core.acting import ask_first, attempt
from core.errors import Refusal
from members.selectors import mask_phone

NEWEST = (paging.Key("id", True),)
PAGE = 30
ANSWERS = {"keep": "已留作备选。", "decline": "已定不列入。", "reconsider": "退回重新研究。"}


def get_topic(request: HttpRequest, pk: int) -> TopicSuggestion:
    """One suggestion that the person may read, or 404."""
    rows = TopicSuggestion.objects.visible_to(request.user).select_related("plan", "item", "body", "unit", "sender")
    return get_object_or_404(rows, pk=pk)


def narrowed(rows, form: forms.TopicFilter):
    """The suggestions that the conditions leave; a value that means nothing finds nothing."""
    if not form.is_valid():
        return rows.none()
    asked = form.cleaned_data
    names = {"year": "plan__year", "state": "status", "source": "source", "item": "item"}
    rows = rows.filter(**{path: asked[name] for name, path in names.items() if asked[name]})
    return rows.filter(title__icontains=asked["q"]) if asked["q"] else rows


def reads_all(user: Any) -> bool:
    """Whether the list holds everybody's suggestions."""
    return user.has_perm("consultations.see_board")


@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponseBase:
    """What was put in: everything for the office and leaders, one's own for everybody else."""
    user = request.user
    if not (user.has_perm("consultations.suggest") or reads_all(user)):
        raise PermissionDenied
    form = forms.TopicFilter(request.GET)
    rows = narrowed(TopicSuggestion.objects.visible_to(user), form)
    if request.GET.get("format") == "xlsx":
        full = rows.select_related("plan", "body", "unit", "item").order_by("-id")
        return send(request, "议题建议", TOPIC_COLUMNS, full, "topicsuggestion.export")
    page = paging.turn(
        rows.for_list(), request.GET, NEWEST, size=PAGE,
        keep=lambda count: badges.total(user.pk, f"topics{paging.without(request.GET)}", count),
    )  # fmt: skip
    office = user.has_perm("consultations.manage_plan")
    calls = list(AnnualPlan.objects.calling(timezone.localdate()).order_by("-year")[:1])
    chips = chips_of(request, form)
    mine = not reads_all(user)
    context = {
        "rows": page.rows, "page": page, "filters": None if mine else form, "active_filters": chips, "unit_word": "条",
        "clear_url": reverse("consultations:suggestions"), "export_url": "" if mine else export_url(request),
        "office": office, "mine": mine, "call": calls[0] if calls else None,
        "may_suggest": user.has_perm("consultations.suggest") and (calls or office),
        "batch_actions": [("keep", "留作备选"), ("decline", "不列入"), ("merge", "并成一个议题")] if office else [],
        "batch_url": reverse("consultations:suggestions_batch"),
        "empty_title": "没有符合的建议" if chips else "还没有提过议题" if mine else "还没有议题建议",
        "empty_text": _empty(mine, calls, chips),
    }  # fmt: skip
    return render(request, "consultations/topic_list.html", context)


def _empty(mine: bool, calls: list[AnnualPlan], chips: list) -> str:
    if chips:
        return "换个条件再看。"
    if mine:
        return (
            "点“提议题”，写清议什么、为什么议。"
            if calls
            else "每年第四季度征集下一年的协商议题，开始时会发消息告诉您。"
        )
    return "在计划页上“发布征集”，委员、单位和群众提的议题就列在这里。"


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """Put a topic in while a call is open; the office also later, from paper."""
    user = request.user
    if not user.has_perm("consultations.suggest"):
        raise PermissionDenied
    plan = AnnualPlan.objects.calling(timezone.localdate()).order_by("-year").first()
    if plan is None and user.has_perm("consultations.manage_plan"):
        plan = AnnualPlan.objects.exclude(status__in=PUBLISHED).order_by("-year").first()
    if plan is None:
        messages.error(request, "现在没有在征集协商议题。每年第四季度征集，开始时会发消息告诉您。")
        return redirect("consultations:suggestions")
    form = forms.SuggestForm(request.POST or None, user=user)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(
            request, lambda: topics.suggest(plan, actor=user, **form.values()), "已提交，研究定了会告诉您。", form
        )
    ):
        return redirect("consultations:suggestions")
    return render(request, "consultations/topic_form.html", {"form": form, "plan": plan, "heading": "提议题"})


@require_safe
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """One suggestion: what and why, who put it in, where it went, what the office may do with it."""
    row = get_topic(request, pk)
    moves = {move.verb: move for move in workflow.allowed(row, request.user)}
    likely = TopicSuggestion.objects.none()
    if "take" in moves:
        likely = TopicSuggestion.objects.filter(plan=row.plan).exclude(pk=row.pk).for_list().order_by("-id")
    context = {
        "row": row, "can": moves, "phone": mask_phone(row.sender.phone) if row.sender else "",
        "take_form": forms.TakeForm(plan=row.plan) if "take" in moves else None,
        "beside": list(likely[:8]),
        "together": list(row.item.suggestions.exclude(pk=row.pk).for_list()) if row.item and reads_all(request.user) else [],
        "sees_contact": row.sender is not None and request.user.has_perm("consultations.see_contact"),
    }  # fmt: skip
    return render(request, "consultations/topic_item.html", context)


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Show name and telephone of a sender once; the log keeps who looked."""
    row = get_topic(request, pk)
    if not request.user.has_perm("consultations.see_contact") or row.sender is None:
        raise Http404
    sender = topics.reveal(row, actor=request.user)
    return render(request, "consultations/topic_contact.html", {"row": row, "sender": sender})


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take a topic into the plan with one press, or answer it with a reason."""
    row = get_topic(request, pk)
    user = request.user
    move = workflow.process_of(row).transitions.get(verb)
    if move is None or not user.has_perm(move.permission, row):
        raise Http404
    if problem := workflow.refusal(row, verb, user):
        messages.error(request, problem)
        return redirect(row)
    if verb == "take":
        return _take(request, row)
    if verb == "withdraw":
        if request.method == "POST":
            if page := ask_first(
                request, question=f"撤回《{row.title}》？", consequence=move.confirm, label="撤回",
                back_url=row.get_absolute_url(),
            ):  # fmt: skip
                return page
            attempt(request, lambda: topics.withdraw(row, actor=user), "已撤回。")
        return redirect(row)
    form = forms.AnswerForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(request, lambda: topics.answer(row, verb, actor=user, **form.cleaned_data), ANSWERS[verb], form)
    ):
        return redirect(row)
    context = {"form": form, "plan": row.plan, "heading": f"{move.label}：{row.title}", "row": row, "label": move.label}
    return render(request, "consultations/topic_form.html", context)


def _take(request: HttpRequest, row: TopicSuggestion) -> HttpResponse:
    if request.method != "POST":
        return redirect(row)
    form = forms.TakeForm(request.POST, plan=row.plan)
    if not form.is_valid():
        messages.error(request, "没有列入：要并入的议题不在这个计划里，请重新选。")
        return redirect(row)
    data = form.cleaned_data
    attempt(
        request, lambda: topics.take([row], actor=request.user, item=data["item"], reply=data["reply"]),
        f"《{row.title}》已列入{row.plan}，在计划页上补月份、单位。",
    )  # fmt: skip
    return redirect(request.POST.get("back") == "list" and _list(row.plan) or row.get_absolute_url())


def _list(plan: AnnualPlan) -> str:
    return f"{reverse('consultations:suggestions')}?year={plan.year}&state=submitted"


@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Several at once: keep, decline with one reason, or put together into one topic of the plan."""
    user = request.user
    if not user.has_perm("consultations.manage_plan"):
        raise PermissionDenied
    ids = [int(text) for text in request.POST.getlist("pick") if text.isdecimal()]
    rows = list(TopicSuggestion.objects.visible_to(user).filter(pk__in=ids).select_related("plan").order_by("id"))
    verb = request.POST.get("verb", "")
    if not rows or verb not in ("keep", "decline", "merge"):
        messages.error(request, "请先勾选议题建议，再选怎么办。")
        return redirect("consultations:suggestions")
    plan = rows[0].plan
    if verb == "merge":
        form: Any = forms.TakeForm(request.POST if "reply" in request.POST else None, plan=plan)
    else:
        form = forms.AnswerForm(request.POST if "reason" in request.POST else None)
    if form.is_bound and form.is_valid():
        if verb == "merge":
            data = form.cleaned_data
            if attempt(
                request, lambda: topics.take(rows, actor=user, item=data["item"], reply=data["reply"]),
                f"{len(rows)}条建议并成一个议题，已列入{plan}。", form,
            ):  # fmt: skip
                return redirect(plan)
        else:
            return _answered(request, rows, verb, form.cleaned_data["reason"])
    labels = {"keep": "留作备选", "decline": "不列入", "merge": "并成一个议题"}
    context = {
        "form": form,
        "plan": plan,
        "heading": f"{labels[verb]}：{len(rows)}条",
        "picked": rows,
        "action": verb,
        "label": labels[verb],
    }
    return render(request, "consultations/topic_form.html", context)


def _answered(request: HttpRequest, rows: list[TopicSuggestion], verb: str, reason: str) -> HttpResponse:
    try:
        result = topics.answer_many(rows, verb, actor=request.user, reason=reason)
    except Refusal as problem:
        messages.error(request, str(problem))
        return redirect(_list(rows[0].plan))
    if result.done:
        messages.success(request, f"{len(result.done)}条{ANSWERS[verb]}")
    for row, problem in result.refused[:5]:
        messages.error(request, f"《{row.title}》没有办：{problem}")
    return redirect(_list(rows[0].plan))
