"""Uptake 采纳: the list of what units are to answer, the page on which a unit answers item by item, what it became."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consultations.menu import watches
from consultations.models import Uptake
from consultations.outcomes import forms, selectors
from consultations.plans.sheets import send
from consultations.services import conversions
from consultations.services import uptake as services
from consultations.services.uptake import Said
from consultations.views.plan_items import chips_of, export_url
from core import badges, paging, spreadsheets
from core.acting import ask_first, attempt
from core.errors import Refusal
from core.models import Deadline

PAGE = 30
NEWEST = (paging.Key("id", True),)
BY_DUE = (paging.Key("due_on", nullable=True), paging.Key("id"))
COLUMNS: tuple[spreadsheets.Column, ...] = (
    ("成果", 60, lambda row: row.outcome.title),
    ("协商", 40, lambda row: row.outcome.consultation.title),
    ("单位", 24, lambda row: row.unit.name),
    ("交办日期", 12, lambda row: row.assigned_on),
    ("答复期限", 12, lambda row: row.due_on),
    ("答复日期", 12, lambda row: row.answered_on),
    ("结果", 10, lambda row: row.get_result_display()),
    ("采纳几条", 10, lambda row: row.adopted_count),
)


@require_safe
def uptake_list(request: HttpRequest) -> HttpResponseBase:
    """What the person's units are to take up; the offices that watch see all."""
    user = request.user
    units = user.unit_ids()
    if not (units or watches(user)):
        raise PermissionDenied
    form = forms.UptakeFilter(request.GET, several_units=len(units) != 1)
    rows = selectors.narrow_uptakes(Uptake.objects.visible_to(user), form)
    if request.GET.get("format") == "xlsx":
        return send(request, "采纳转化清单", COLUMNS, rows.for_list().order_by("-id"), "uptake.export")
    by_due = request.GET.get("state") in ("waiting", "overdue")
    page = paging.turn(
        rows.for_list(), request.GET, BY_DUE if by_due else NEWEST, size=PAGE,
        keep=lambda count: badges.total(user.pk, f"uptakes{paging.without(request.GET)}", count),
    )  # fmt: skip
    chips = chips_of(request, form)
    context = {
        "rows": page.rows, "page": page, "unit_word": "份", "filters": form, "active_filters": chips,
        "clear_url": reverse("consultations:uptakes"), "export_url": export_url(request), "one_unit": len(units) == 1,
        "heading": "答复采纳情况" if units else "采纳转化",
        "empty_title": "没有符合的" if chips else "没有要答复的协商意见",
        "empty_text": "换个条件再看。" if chips else "区政协的协商成果交给单位办理以后，列在这里，逐条答复采纳不采纳。",
    }  # fmt: skip
    return render(request, "consultations/uptake_list.html", context)


def _get(request: HttpRequest, pk: int) -> Uptake:
    rows = Uptake.objects.visible_to(request.user).select_related("outcome__consultation__organizer", "unit")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def uptake_item(request: HttpRequest, pk: int) -> HttpResponse:
    """The page on which a unit says what it takes up, suggestion by suggestion."""
    uptake = _get(request, pk)
    answers = request.user.has_perm("consultations.answer", uptake)
    suggestions = list(uptake.outcome.suggestions.all())
    items = list(uptake.items.select_related("suggestion")) if answers or not uptake.is_waiting else []
    form = None
    if answers and uptake.is_waiting:
        form = forms.UptakeForm(request.POST or None, uptake=uptake, suggestions=suggestions, items=items)
        if request.method == "POST" and form.is_valid():
            response = _send(request, uptake, form)
            if response is not None:
                return response
    outcome = uptake.outcome
    unit_conversions = [
        one for one in selectors.conversions_of(request.user, outcome)
        if one["row"].unit_id in (uptake.unit_id, None)
    ]  # fmt: skip
    term = Deadline.objects.of(uptake).filter(void=False).order_by("-id").first()
    context: dict[str, Any] = {
        "uptake": uptake, "outcome": outcome, "row": outcome.consultation, "suggestions": suggestions, "items": items,
        "form": form, "answers": answers, "conversions": unit_conversions, "term": term,
        "notes": selectors.notes_for(request.user, outcome, unit=answers),
        "runs": request.user.has_perm("consultations.write_outcome", outcome), "steps": _steps(uptake, items, suggestions),
        "lacks": form.lacking() if form is not None else [],
    }  # fmt: skip
    return render(request, "consultations/uptake_item.html", context)


def _send(request: HttpRequest, uptake: Uptake, form: forms.UptakeForm) -> HttpResponse | None:
    """Keep what is written, or send the answer after asking; None where the form is shown again."""
    data = form.cleaned_data
    said = {
        row.pk: Said(data[f"result_{row.pk}"], data[f"text_{row.pk}"], data[f"until_{row.pk}"])
        for row in form.suggestions
    }
    values = {name: data[name] for name in ("text", "contact_name", "contact_phone")}
    user = request.user
    if "later" in request.POST:
        words = f"已存，{timezone.localtime():%H:%M}。还没有送出，写完再送。"
        if attempt(request, lambda: services.save(uptake, actor=user, said=said, **values), words, form):
            return redirect(uptake)
        return None
    if not request.POST.get("confirmed") and not _complete(form, uptake, user, said, values):
        return None
    page = ask_first(
        request, question="送出答复？", consequence="送出以后不能自己再改；要改的请区政协退回。", label="送出答复",
        back_url=uptake.get_absolute_url(),
    )  # fmt: skip
    if page is not None:
        return page
    result = data.get("result", "")
    if attempt(
        request, lambda: services.answer(uptake, actor=user, said=said, result=result, **values), "答复已送出。", form
    ):
        return redirect(uptake)
    return None


def _complete(form: forms.UptakeForm, uptake: Uptake, user: Any, said: dict[int, Said], values: dict) -> bool:
    """Whether nothing is lacking; what was written is kept before the form says what is."""
    wrong = False
    for row in form.suggestions:
        if not said[row.pk].result:
            form.add_error(f"result_{row.pk}", "请选采纳、部分采纳或未采纳。")
            wrong = True
        if not said[row.pk].text.strip():
            form.add_error(f"text_{row.pk}", "请写怎样落实；不采纳的写理由。")
            wrong = True
    if not form.suggestions:
        if not form.cleaned_data.get("result"):
            form.add_error("result", "请选采纳、部分采纳或未采纳。")
            wrong = True
        if not values["text"].strip():
            form.add_error("text", "请写怎样落实；不采纳的写理由。")
            wrong = True
    try:
        services.save(uptake, actor=user, said=said, **values)
    except Refusal as problem:
        form.add_error(None, str(problem))
        return False
    return not wrong


def _steps(uptake: Uptake, items: list, suggestions: list) -> list[dict[str, str]]:
    done = not uptake.is_waiting
    written = sum(1 for item in items if item.result and item.text)
    first = f"写好{written}条，共{len(suggestions)}条" if suggestions else "写采纳情况和落实办法"
    return [
        {"label": "逐条写答复", "note": first, "state": "done" if done else "current"},
        {
            "label": "送出", "state": "done" if done else "",
            "note": f"{uptake.answered_on.month}月{uptake.answered_on.day}日" if uptake.answered_on else "送到区政协",
        },
        {"label": "登记转化", "note": "出了文件、立了项目、列了预算就记", "state": "current" if done else ""},
    ]  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a unit to add to its answer."""
    uptake = _get(request, pk)
    if not request.user.has_perm("consultations.write_outcome", uptake.outcome):
        raise Http404
    if uptake.is_waiting:
        messages.error(request, "还没有答复，不用退回。")
        return redirect(uptake)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and attempt(
        request, lambda: services.send_back(uptake, actor=request.user, reason=form.cleaned_data["reason"]),
        "已退回，单位会收到通知，重新起算期限。", form,
    ):  # fmt: skip
        return redirect(uptake.outcome)
    context = {
        "row": uptake.outcome.consultation, "outcome": uptake.outcome, "form": form, "label": f"请{uptake.unit}补充答复",
        "back_url": uptake.outcome.get_absolute_url(), "done": "退回补充",
    }  # fmt: skip
    return render(request, "consultations/outcome_act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit records a policy, project or budget line with its evidence."""
    uptake = _get(request, pk)
    if not request.user.has_perm("consultations.answer", uptake):
        raise Http404
    form = forms.ConvertForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and attempt(
        request,
        lambda: conversions.convert(uptake.outcome, actor=request.user, uptake=uptake, **form.data_for_service()),
        "转化已登记。", form,
    ):  # fmt: skip
        return redirect(uptake)
    context = {
        "row": uptake.outcome.consultation, "outcome": uptake.outcome, "form": form, "label": "登记转化",
        "back_url": uptake.get_absolute_url(), "done": "登记转化",
    }  # fmt: skip
    return render(request, "consultations/outcome_act.html", context)
