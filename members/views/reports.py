"""Yearly duty reports 年度履职报告: the office's list and rounds, a member's own page, one report."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import attachments, paging, workflow
from core.acting import ask_first, attempt
from core.errors import Refusal
from core.models import Deadline
from core.spreadsheets import CONTENT_TYPE
from members.activities import selectors as activity_selectors
from members.duty import file as duty_file
from members.models import DutyReport, Member, ReportRound, ReportStatus
from members.reports import draft as duty_report
from members.reports import lists as report_lists
from members.reports.forms import AnswerForm, PaperForm, ReportForm, RoundForm
from members.services import reports

EDITABLE = (ReportStatus.DRAFT, ReportStatus.RETURNED)
MOST_PICKED = 300
BATCH = [("urge", "催交"), ("accept", "收下")]


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Who has handed in the report of a year and who has not, for the office and leaders."""
    _reads(request)
    rounds = list(ReportRound.objects.select_related("opened_by", "closed_by"))
    row = _chosen(request, rounds)
    keeps = request.user.has_perm("members.keep_yearly_reports")
    this_year = timezone.localdate().year
    context: dict[str, Any] = {
        "rounds": rounds, "round": row, "keeps": keeps, "rows": [], "this_year": this_year,
        "may_ask": keeps and all(one.year != this_year for one in rounds),
    }  # fmt: skip
    if row is None and keeps:
        context["empty_links"] = [(f"布置{this_year}年度履职报告", reverse("members:report_round_new"))]
    if row is None:
        return render(request, "members/report_list.html", context)
    filters = report_lists.ReportFilter(request.GET)
    found = report_lists.chosen(report_lists.rows(row), row, filters)
    if request.GET.get("format") == "xlsx":
        file, name = report_lists.export(row, found, actor=request.user, query=request.GET.urlencode())
        return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)
    page = paging.turn(found.select_related("sector"), request.GET, report_lists.ORDER, size=50)
    for member in page.rows:
        member.came_label = report_lists.label_of(member.came)
        member.is_late = bool(member.came_on and member.came_on > row.due_on)
    base = f"{reverse('members:reports')}?year={row.year}"
    context |= {
        "rows": page.rows, "page": page, "filters": filters, "unit_word": "人",
        "figures": [
            {"value": one.count, "unit": "份", "name": one.label, "url": f"{base}&state={one.state}" if one.state else base}
            for one in report_lists.figures(row)
        ],
        "export_url": paging.without(request.GET, "format") + "&format=xlsx",
        "batch_actions": BATCH if keeps and row.closed_at is None else [],
        "batch_url": reverse("members:reports_batch", args=[row.pk]),
        "empty_links": [("看全部", base)],
    }  # fmt: skip
    return render(request, "members/report_list.html", context)


@require_POST
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Urge the picked members, or accept the picked reports that wait."""
    _keeps(request)
    row = get_object_or_404(ReportRound, pk=pk)
    ids = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 18][:MOST_PICKED]
    verb = request.POST.get("verb")
    if not ids:
        messages.warning(request, "还没有选委员。在每行左边打勾，再点上方的按钮。")
    elif verb == "urge":
        told: list[int] = []
        if _tried(request, lambda: told.append(reports.urge(row, ids, actor=request.user))):
            left = len(ids) - told[0]
            rest = f"；另有{left}人已经交了，或者没有账号，没有发" if left else ""
            messages.success(request, f"已催{told[0]}人，今天催过的不重发{rest}。")
    elif verb == "accept":
        _accept_many(request, row, ids)
    else:
        raise Http404
    return redirect(row)


def _accept_many(request: HttpRequest, row: ReportRound, ids: list[int]) -> None:
    kept, problems = 0, []
    for report in row.reports.filter(member__in=ids, status=ReportStatus.SUBMITTED).select_related("member", "round"):
        try:
            reports.accept(report, actor=request.user)
            kept += 1
        except Refusal as problem:
            problems.append(f"{report.member}：{problem}")
    left = len(ids) - kept - len(problems)
    rest = f"；另有{left}人没有待阅的报告" if left else ""
    (messages.success if kept else messages.warning)(request, f"收下{kept}份{rest}。")
    for words in problems:
        messages.error(request, words)


@require_http_methods(["GET", "HEAD", "POST"])
def round_form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Ask all members for the report of a year, or name another day."""
    _keeps(request)
    row = get_object_or_404(ReportRound, pk=pk) if pk else None
    form = RoundForm(request.POST or None, row=row)
    made: list[ReportRound] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if row:
            done = attempt(
                request, lambda: made.append(reports.change_round(row, actor=request.user, **values)), "已改好。", form
            )
        else:
            done = attempt(
                request, lambda: made.append(reports.open_round(actor=request.user, **values)),
                "已布置，委员各收到一条通知。", form,
            )  # fmt: skip
        if done:
            return redirect(made[0])
    context = {"form": form, "round": row, "back_url": row.get_absolute_url() if row else reverse("members:reports")}
    return render(request, "members/report_round.html", context, status=422 if form.errors else 200)


@require_POST
def round_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """End a round, or take reports in again."""
    _keeps(request)
    row = get_object_or_404(ReportRound, pk=pk)
    if verb == "close":
        if page := ask_first(
            request, question=f"结束{row}的收交？", label="结束收交", back_url=row.get_absolute_url(),
            consequence="结束后委员不能再交，应交、已交的数记下来不再变；以后可以重开。",
        ):  # fmt: skip
            return page
        attempt(request, lambda: reports.close_round(row, actor=request.user), "收交已结束。")
    elif verb == "reopen":
        attempt(request, lambda: reports.reopen_round(row, actor=request.user), "已重开，委员又可以交了。")
    else:
        raise Http404
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Enter a report that came on paper, with its scan."""
    _keeps(request)
    row, member = get_object_or_404(ReportRound, pk=pk), get_object_or_404(Member, pk=member_pk)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        files = [file for file in values["files"] or [] if file]
        if attempt(
            request,
            lambda: reports.record_paper(
                row, member, actor=request.user, on=values["on"], files=files, answer=values["answer"]
            ),
            f"已登记{member}的纸质报告。", form,
        ):  # fmt: skip
            return redirect(row)
    context = {"form": form, "round": row, "member": member}
    return render(request, "members/report_paper.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def my_report(request: HttpRequest) -> HttpResponse:
    """A member's own report: written and handed in here; the office and leaders are led to the list."""
    member = _own_member(request)
    if member is None:
        _reads(request)
        return redirect("members:reports")
    row = _my_round(request, member)
    if row is None:
        messages.info(request, "年度履职报告还没有布置。布置以后会通知您，在这里写、在这里交。")
        return redirect("members:my_duty")
    report = DutyReport.objects.filter(round=row, member=member).select_related("round", "member").first()
    if report is not None and report.status not in EDITABLE:
        return redirect(report)
    if row.closed_at is not None and request.method != "POST":
        if report is not None:
            return redirect(report)
        messages.warning(request, f"{row}的收交已经结束。要补交，请与委员联络室联系。")
        return redirect("members:my_duty")
    if request.method != "POST":
        return _write_page(request, row, member, report, ReportForm(initial=_start(request, row, member, report)))
    form = ReportForm(request.POST, complete="later" not in request.POST)
    if form.is_valid():
        try:
            saved = reports.save(row, member, actor=request.user, version=_version(request), **form.text())
            if "later" in request.POST:
                messages.success(request, f"草稿已存，{timezone.localtime():%H:%M}。")
                return redirect(f"{reverse('members:my_report')}?year={row.year}")
            reports.submit(saved, actor=request.user)
            messages.success(request, "已交给委员联络室。没有收下以前，可以撤回再改。")
            return redirect(saved)
        except Refusal as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
            report = DutyReport.objects.filter(round=row, member=member).select_related("round").first()
    return _write_page(request, row, member, report, form)


@require_POST
def autosave(request: HttpRequest, year: int) -> JsonResponse:
    """Keep what is on the screen now; answers with the time, or why it could not be kept."""
    member = _own_member(request)
    if member is None:
        raise Http404
    row = get_object_or_404(ReportRound, year=year)
    form = ReportForm(request.POST)
    form.is_valid()  # what is too long yet is left as it is stored
    try:
        saved = reports.save(row, member, actor=request.user, version=_version(request), **form.text())
    except Refusal as problem:
        return JsonResponse({"error": str(problem)}, status=409)
    return JsonResponse({"saved_at": f"{timezone.localtime():%H:%M}", "version": saved.version})


@require_http_methods(["GET", "HEAD"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One report as a paper, with what the reader may do."""
    report = _report(request, pk)
    if report.status in EDITABLE and report.round.closed_at is None and report.member.user_id == request.user.pk:
        return redirect(f"{reverse('members:my_report')}?year={report.round.year}")
    return _item(request, report, AnswerForm())


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take back, accept, return."""
    report = _report(request, pk)
    if verb == "take_back" and report.member.user_id == request.user.pk:
        if attempt(request, lambda: reports.take_back(report, actor=request.user), "已撤回，改好再交。"):
            return redirect(f"{reverse('members:my_report')}?year={report.round.year}")
        return redirect(report)
    if verb not in ("accept", "return"):
        raise Http404
    _keeps(request)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _item(request, report, form, status=422)
    words = form.cleaned_data["answer"]
    after = report_lists.next_waiting(report)
    if verb == "accept":
        done = attempt(request, lambda: reports.accept(report, actor=request.user, answer=words), f"已收下{report.member}的报告。", form)  # fmt: skip
    elif not words.strip():
        form.add_error("answer", "请写明要改什么，委员照着改。")
        done = False
    else:
        done = attempt(request, lambda: reports.send_back(report, actor=request.user, reason=words), f"已退回{report.member}。", form)  # fmt: skip
    if not done:
        return _item(request, report, form, status=422)
    return redirect(after or report.round)


def _write_page(
    request: HttpRequest, row: ReportRound, member: Member, report: DutyReport | None, form: ReportForm
) -> HttpResponse:
    here = f"?year={row.year}"
    context = {
        "form": form, "round": row, "member": member, "report": report,
        "version": request.POST.get("version") or (report.version if report else 0),
        "autosave_url": reverse("members:report_autosave", args=[row.year]),
        "deadline": Deadline.objects.of(row).open().first(),
        "fresh": "fresh" in request.GET, "mine_url": reverse("members:my_report") + here,
    }  # fmt: skip
    return render(request, "members/report_form.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, row: ReportRound, member: Member, report: DutyReport | None) -> dict[str, str]:
    """What the page begins with: what was saved, or a draft from the ledger; the page writes nothing."""
    found = {name: getattr(report, name) for name in DutyReport.PARTS} if report else {}
    if not found.get("done") or "fresh" in request.GET:
        found["done"] = duty_report.draft(duty_file.open_file(member, row.year, request.user))
    return found


def _item(request: HttpRequest, report: DutyReport, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    verbs = {step.verb for step in workflow.allowed(report, request.user)}
    reads = request.user.has_perm("members.read_yearly_reports")
    files = [
        {"name": row.name, "url": reverse("core:file", args=[row.uuid]), "size": row.size}
        for row in attachments.files_of(report)
    ]
    context = {
        "report": report, "own": report.member.user_id == request.user.pk, "form": form, "verbs": verbs, "reads": reads,
        "parts": [(report._meta.get_field(name).verbose_name, getattr(report, name)) for name in DutyReport.PARTS],
        "files": files, "timeline": activity_selectors.timeline(report),
        "next_one": report_lists.next_waiting(report) if "accept" in verbs or (reads and "return" in verbs) else None,
    }  # fmt: skip
    return render(request, "members/report_item.html", context, status=status)


def _report(request: HttpRequest, pk: int) -> DutyReport:
    rows = DutyReport.objects.visible_to(request.user).select_related("round", "member__sector", "decided_by")
    return get_object_or_404(rows, pk=pk)


def _own_member(request: HttpRequest) -> Member | None:
    """The person's own record as a member, or none."""
    if not request.user.member_id:
        return None
    return Member.objects.select_related("sector").filter(pk=request.user.member_id).first()


def _my_round(request: HttpRequest, member: Member) -> ReportRound | None:
    """The round that the address names, else the newest one that is open, else the newest."""
    rounds = list(ReportRound.objects.all()[:10])
    named = next((row for row in rounds if str(row.year) == request.GET.get("year")), None)
    return named or next((row for row in rounds if row.closed_at is None), rounds[0] if rounds else None)


def _chosen(request: HttpRequest, rounds: list[ReportRound]) -> ReportRound | None:
    asked = request.GET.get("year", "")
    return next((row for row in rounds if str(row.year) == asked), rounds[0] if rounds else None)


def _version(request: HttpRequest) -> int | None:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else None


def _tried(request: HttpRequest, act: Any) -> bool:
    try:
        act()
    except Refusal as problem:
        messages.error(request, str(problem))
        return False
    return True


def _reads(request: HttpRequest) -> None:
    if not request.user.has_perm("members.read_yearly_reports"):
        raise Http404


def _keeps(request: HttpRequest) -> None:
    if not request.user.has_perm("members.keep_yearly_reports"):
        raise Http404
