"""The list of opinion reports 社情民意, and what is done to several of them at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import badges, exporting, paging
from core.acting import ask_first, attempt
from core.errors import Refusal
from sentiment import filters
from sentiment.forms.acts import ReasonForm
from sentiment.forms.filter import ReportFilter
from sentiment.forms.handling import CompositeForm
from sentiment.models import OpinionReport, ReportStatus
from sentiment.selectors import OFFICE
from sentiment.services import aftermath, bulletins, editing

PAGE = 30
MOST_PICKED = 200
NEWEST = (paging.Key("id", True),)
BY_DUE = (paging.Key("next_due", nullable=True), paging.Key("id"))
BATCH = [("composite", "编成综合"), ("issue", "编入刊期"), ("keep", "留存"), ("close", "办结")]


@require_safe
def report_list(request: HttpRequest) -> HttpResponseBase:
    """The reports that this person may read, by the conditions in the address."""
    form = ReportFilter(request.GET, user=request.user)
    rows = filters.narrow(OpinionReport.objects.visible_to(request.user), form, request.user)
    if request.GET.get("format") == "xlsx":
        return exporting.answer(request, "sentiment")
    order = BY_DUE if request.GET.get("sort") == "due" else NEWEST
    cap = paging.FOUND if request.GET.get("q") else paging.CAP
    page = paging.turn(
        rows.for_list(),
        request.GET,
        order,
        size=PAGE,
        cap=cap,
        keep=lambda count: badges.total(request.user.pk, f"sentiment{paging.without(request.GET, 'sort')}", count, cap),
    )
    office = request.user.has_role(*OFFICE)
    chips = [(label, value, paging.without(request.GET, name)) for name, label, value in form.active()]
    context = {
        "rows": page.rows,
        "page": page,
        "filters": form,
        "unit_word": "篇",
        "active_filters": chips,
        "clear_url": reverse("sentiment:list"),
        "office": office,
        "may_write": request.user.has_perm("sentiment.add_report"),
        "batch_actions": BATCH if request.user.has_perm("sentiment.edit") else [],
        "batch_url": reverse("sentiment:batch"),
        "export_url": f"{paging.without(request.GET, 'format')}&format=xlsx".replace("?&", "?"),
        "due_url": f"{paging.without(request.GET, 'sort')}&sort=due".replace("?&", "?"),
        "by_due": order is BY_DUE,
        "empty_title": "没有符合的来稿" if chips else "这里还没有社情民意",
        "empty_text": "换个条件再看。" if chips else "反映的情况、编辑和刊发的信息会列在这里。",
    }
    return render(request, "sentiment/report_list.html", context)


@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Take the picked reports to what is to be done with them."""
    if not request.user.has_perm("sentiment.edit"):
        raise PermissionDenied
    ids = [pk for pk in request.POST.getlist("pick") if pk.isdecimal()][:MOST_PICKED]
    verb = request.POST.get("verb", "")
    if not ids or verb not in dict(BATCH):
        messages.warning(request, "还没有选来稿。在每行左边打勾，再点上方的按钮。")
        return redirect("sentiment:list")
    if verb == "issue":
        return _issue(request, ids)
    if verb == "close":
        return _close(request, ids)
    return redirect(f"{reverse(f'sentiment:{verb}')}?ids={','.join(ids)}")


def _issue(request: HttpRequest, ids: list[str]) -> HttpResponse:
    rows = _picked(request, ids)
    try:
        bulletin = bulletins.create(rows, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("sentiment:list")
    return redirect(bulletin)


def _close(request: HttpRequest, ids: list[str]) -> HttpResponse:
    """Close several after asking once; each on its own, what cannot be is named."""
    rows = _picked(request, ids)
    if page := ask_first(
        request, question=f"办结这{len(rows)}篇？", consequence="办结后不能再转办，反映人会收到通知。",
        label="办结", back_url=reverse("sentiment:list"),
    ):  # fmt: skip
        return page
    done = 0
    for row in rows:
        try:
            aftermath.close(row, actor=request.user)
            done += 1
        except Refusal as refusal:
            messages.warning(request, f"《{row.title}》没有办结：{refusal}")
    if done:
        messages.success(request, f"已办结{done}篇，反映人会收到通知。")
    return redirect("sentiment:list")


def _picked(request: HttpRequest, ids: list[str]) -> list[OpinionReport]:
    rows = OpinionReport.objects.visible_to(request.user).filter(pk__in=ids)
    return list(rows.order_by("pk"))


def _asked(request: HttpRequest) -> list[OpinionReport]:
    """The reports that the address names."""
    if not request.user.has_perm("sentiment.edit"):
        raise PermissionDenied
    return _picked(request, [pk for pk in request.GET.get("ids", "").split(",") if pk.isdecimal()][:MOST_PICKED])


@require_http_methods(["GET", "HEAD", "POST"])
def composite(request: HttpRequest) -> HttpResponse:
    """Put several reports together as one 综合: those picked beside each other, and a title."""
    rows = _asked(request)
    form = CompositeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[OpinionReport] = []
        if attempt(
            request,
            lambda: made.append(_put_together(rows, request.user, form.cleaned_data)),
            "编好了，下面接着编辑。",
            form,
        ):
            return redirect("sentiment:work", made[0].pk)
    return render(request, "sentiment/report_composite.html", {"rows": rows, "form": form})


def _put_together(rows: list[OpinionReport], actor: Any, asked: dict[str, Any]) -> OpinionReport:
    """Into the open composite that was chosen, else as a new one."""
    if whole := asked.get("whole"):
        return editing.join_composite(rows, whole, actor=actor)
    return editing.make_composite(rows, actor=actor, title=asked["title"])


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Keep several reports 留存 with one reason; each on its own, what cannot be is named."""
    rows = _asked(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = 0
        for row in rows:
            try:
                editing.turn_down(row, "keep", actor=request.user, reason=form.cleaned_data["reason"])
                done += 1
            except Refusal as refusal:
                messages.warning(request, f"《{row.title}》没有留存：{refusal}")
        if done:
            messages.success(request, f"已留存{done}篇，反映人会收到通知。")
        return redirect(f"{reverse('sentiment:list')}?state={ReportStatus.SUBMITTED}")
    return render(request, "sentiment/report_keep.html", {"rows": rows, "form": form})
