"""Issues 刊期: the list, one issue with its preview and Word file, publishing, distribution."""

import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import paging, workflow
from core.acting import ask_first, attempt
from core.errors import Refusal
from members.models import Role
from sentiment import figures, issue_paper
from sentiment.forms.acts import ReasonForm
from sentiment.forms.issues import BulletinForm, DistributeForm
from sentiment.models import Bulletin, BulletinItem, BulletinStatus, Distribution, OpinionReport, ReportStatus
from sentiment.services import bulletins

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NEWEST = (paging.Key("year", True), paging.Key("issue_no", True, nullable=True), paging.Key("id", True))
TITLES = 3
"""Titles that stand under an issue in the list."""
READERS = (
    Role.INFO_EDITOR, Role.INFO_CHECKER, Role.INFO_SIGNER, Role.LEADER, Role.DISTRICT_LEADER,
    Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF,
)  # fmt: skip
OFFICE = (Role.INFO_EDITOR, Role.INFO_CHECKER, Role.INFO_SIGNER)


def _visible(request: HttpRequest):
    """Published issues for their readers, the others for the office only."""
    if not request.user.has_role(*READERS):
        raise PermissionDenied
    rows = Bulletin.objects.all()
    return rows if request.user.has_role(*OFFICE) else rows.filter(status=BulletinStatus.PUBLISHED)


def _get(request: HttpRequest, pk: int) -> Bulletin:
    return get_object_or_404(_visible(request), pk=pk)


@require_safe
def bulletin_list(request: HttpRequest) -> HttpResponse:
    """All issues, the newest first, with how many of their reports were forwarded and answered."""
    rows = _visible(request).annotate(
        size=Count("entries", distinct=True),
        forwarded=Count("entries", Q(entries__report__forwards__isnull=False), distinct=True),
        answered=Count("entries", Q(entries__report__forwards__answered_on__isnull=False), distinct=True),
    )
    year = request.GET.get("year", "")
    if year.isdecimal():
        rows = rows.filter(year=int(year))
    if (state := request.GET.get("state", "")) in BulletinStatus.values:
        rows = rows.filter(status=state)
    if request.GET.get("answered"):
        rows = rows.filter(figures.answered_in_full())
    page = paging.turn(rows, request.GET, NEWEST, size=30)
    _name_texts(page.rows)
    conditions = (("year", "年份", year), ("state", "状态", dict(BulletinStatus.choices).get(state, "")),
                  ("answered", "已答复办理", ""))  # fmt: skip
    chips = [
        (label, value, paging.without(request.GET, name)) for name, label, value in conditions if request.GET.get(name)
    ]
    context = {
        "active_filters": chips, "clear_url": reverse("sentiment:bulletins"),
        "rows": page.rows, "page": page, "unit_word": "期", "office": request.user.has_role(*OFFICE),
        "open_ones": [row for row in page.rows if row.status == BulletinStatus.DRAFT],
        "years": list(Bulletin.objects.order_by("-year").values_list("year", flat=True).distinct()),
        "year": year, "state": state, "states": BulletinStatus.choices,
        "empty_title": "没有符合的刊期" if chips else "还没有刊期", "empty_text": "签发的来稿在清单里勾选后，点“编入刊期”就开始一期。",
        "signed": OpinionReport.objects.filter(status=ReportStatus.SIGNED).count() if request.user.has_role(*OFFICE) else 0,
    }  # fmt: skip
    return render(request, "sentiment/bulletin_list.html", context)


def _name_texts(rows: list[Bulletin]) -> None:
    """Put the first titles of each issue on its row; one query."""
    titles: dict[int, list[str]] = {row.pk: [] for row in rows}
    entries = BulletinItem.objects.filter(bulletin__in=titles).order_by("order", "id")
    for pk, title in entries.values_list("bulletin_id", "report__title"):
        titles[pk].append(title)
    for row in rows:
        row.titles = titles[row.pk][:TITLES]


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue: set like paper, its addressees, what may be done with it."""
    bulletin = _get(request, pk)
    may = request.user.has_perm("sentiment.issue") and bulletin.status == BulletinStatus.DRAFT
    initial = {name: getattr(bulletin, name) for name in ("report_to", "send_to", "copies")}
    form = BulletinForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if not may:
            raise Http404
        if form.is_valid() and attempt(
            request, lambda: bulletins.save(bulletin, actor=request.user, **form.cleaned_data), "已存。", form
        ):
            return redirect(bulletin)
    office = request.user.has_role(*OFFICE)
    context = {
        "bulletin": bulletin,
        "paper": issue_paper.compose(bulletin),
        "entries": list(bulletin.entries.select_related("report")),
        "form": form if may else None,
        "office": office,
        "may_publish": workflow.refusal(bulletin, "publish", request.user),
        "can": {row.verb for row in workflow.allowed(bulletin, request.user)},
        "distributions": list(bulletin.distributions.select_related("made_by")) if office else [],
        "distribute": _distribute_form(bulletin) if office and bulletin.status == BulletinStatus.PUBLISHED else None,
        "waiting": _waiting() if may else [],
    }
    return render(request, "sentiment/bulletin_item.html", context)


def _distribute_form(bulletin: Bulletin) -> DistributeForm:
    """The form with those to whom the issue is addressed and not yet recorded."""
    done = set(bulletin.distributions.values_list("recipient", flat=True))
    addressed = [name.strip() for name in f"{bulletin.report_to}、{bulletin.send_to}".replace("，", "、").split("、")]
    left = dict.fromkeys(name for name in addressed if name and name not in done)
    return DistributeForm(initial={"recipients": "、".join(left)})


def _waiting() -> list[OpinionReport]:
    """Signed reports that stand in no open issue."""
    rows = OpinionReport.objects.filter(status=ReportStatus.SIGNED).exclude(entries__bulletin__status="draft")
    return list(rows.for_list()[:50])


@require_POST
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a report into an issue, take one out, or move one up."""
    bulletin = _get(request, pk)
    rows = [row.report for row in bulletin.entries.select_related("report")]
    by_id = {str(row.pk): row for row in rows}
    if (added := request.POST.get("add", "")).isdecimal():
        rows += list(OpinionReport.objects.filter(pk=added))
    elif request.POST.get("drop") in by_id:
        rows.remove(by_id[request.POST["drop"]])
    elif request.POST.get("up") in by_id:
        place = rows.index(by_id[request.POST["up"]])
        rows.insert(max(0, place - 1), rows.pop(place))
    attempt(request, lambda: bulletins.set_items(bulletin, rows, actor=request.user), "篇目已改。")
    return redirect(bulletin)


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish, after asking: the numbers cannot be taken back."""
    bulletin = _get(request, pk)
    if problem := workflow.refusal(bulletin, "publish", request.user):
        messages.error(request, problem)
        return redirect(bulletin)
    if page := ask_first(
        request,
        question="刊发这一期？",
        consequence=workflow.process_of(bulletin)["publish"].confirm,
        label="刊发",
        back_url=bulletin.get_absolute_url(),
    ):
        return page
    made: list[Any] = []
    if attempt(request, lambda: made.append(bulletins.publish(bulletin, actor=request.user)), ""):
        messages.success(request, f"已刊发：{made[0]}（总第{made[0].total_no}期）。")
    return redirect(bulletin)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an issue with a reason; its numbers stay."""
    bulletin = _get(request, pk)
    if problem := workflow.refusal(bulletin, "withdraw", request.user):
        messages.error(request, problem)
        return redirect(bulletin)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(
            request, lambda: bulletins.withdraw(bulletin, actor=request.user, reason=reason), "已撤回，期号保留。", form
        ):
            return redirect(bulletin)
    return render(request, "sentiment/bulletin_withdraw.html", {"bulletin": bulletin, "form": form})


@require_POST
def distribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Record to whom the issue went."""
    bulletin = _get(request, pk)
    form = DistributeForm(request.POST)
    if not form.is_valid():
        messages.error(request, "；".join(error for errors in form.errors.values() for error in errors))
        return redirect(bulletin)
    data = form.cleaned_data
    names = data["recipients"].replace("，", "、").replace("\n", "、").split("、")
    attempt(
        request,
        lambda: bulletins.distribute(
            bulletin, names, actor=request.user, way=data["way"], on=data["on"], copies=data["copies"]
        ),
        "已登记分发。",
    )
    return redirect(bulletin)


@require_POST
def undistribute(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take a wrongly recorded line of the distribution off."""
    bulletin = _get(request, pk)
    if not request.user.has_perm("sentiment.issue"):
        raise Http404
    line = get_object_or_404(Distribution, pk=row, bulletin=bulletin)
    attempt(request, lambda: bulletins.undistribute(line, actor=request.user), "已删去这条分发登记。")
    return redirect(bulletin)


@require_safe
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The issue as a Word file in the official layout."""
    bulletin = _get(request, pk)
    try:
        content = issue_paper.docx(issue_paper.compose(bulletin))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(bulletin)
    name = f"社情民意信息{bulletin}.docx"
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=WORD)
