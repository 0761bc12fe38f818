"""Duty files 履职档案, ledger pages 履职台账 and appeals 申诉."""

from typing import Any

from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import navigation, options, paging, workflow
from core.acting import ask_first, attempt
from core.models import Deadline
from members.duty import due as duty_due
from members.duty import file as duty_file
from members.duty import paper as duty_paper
from members.duty.due import Due
from members.duty.file import DutyFile
from members.models import AppealStatus, DutyEntry, DutyReport, Member, ScoreAppeal, Studio
from members.reports import draft as duty_report
from members.scores.forms import AnswerForm, AppealFilter, AppealForm, LedgerFilter
from members.services import appeals, scores

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NEWEST = (paging.Key("on", True), paging.Key("id", True))
ROW = "row:"
EXCERPT = 60
REPORT_FROM = 11
"""The month from which the file speaks of the yearly report."""


@require_safe
def my_duty(request: HttpRequest) -> HttpResponse:
    """One's own file, at an address that is the same for everybody; whoever is no member has none."""
    if request.user.member_id is None:
        raise Http404
    member = _member(request, request.user.member_id)
    return render(request, "members/duty_file.html", _context(request, member))


@require_safe
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's file of a year: points with their evidence, what is missing, appeals."""
    member = _member(request, pk)
    if member.user_id == request.user.pk:
        query = request.GET.urlencode()
        return redirect(reverse("members:my_duty") + (f"?{query}" if query else ""))
    return render(request, "members/duty_file.html", _context(request, member))


@require_POST
def appeal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The member appeals from his file."""
    member = _member(request, pk)
    context = _context(request, member, posted=True)
    form, year = context["form"], context["file"].year
    if form is None:
        raise Http404
    if form.is_valid():
        about = form.cleaned_data["about"]
        entry = _entry(member, about.removeprefix(ROW)) if about.startswith(ROW) else None
        heading = "" if entry else about
        made: list[ScoreAppeal] = []
        if attempt(
            request,
            lambda: made.append(
                appeals.appeal(
                    member, actor=request.user, year=year, text=form.cleaned_data["text"], heading=heading, entry=entry
                )
            ),
            f"申诉已交委员联络室，{options.value('scores.appeal_days')}个工作日内答复您。",
            form,
        ):
            return redirect(made[0])
    return render(request, "members/duty_file.html", context, status=422)


@require_safe
def duty_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as a paper, with all evidence, for the printer."""
    member = _member(request, pk)
    context = {"member": member, "file": _file(request, member), "posts": _posts(member)}
    return render(request, "members/duty_print.html", context)


@require_safe
def duty_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as a Word document."""
    member = _member(request, pk)
    file = _file(request, member)
    response = HttpResponse(duty_paper.write(member, file, _posts(member)), content_type=WORD)
    response["Content-Disposition"] = duty_paper.disposition(member, file.year)
    return response


@require_safe
def duty_report_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The yearly report as it was written, else drafted from the file, for the member to finish and sign."""
    member = _member(request, pk)
    file = _file(request, member)
    found = DutyReport.objects.visible_to(request.user).filter(member=member, round__year=file.year, on_paper=False)
    response = HttpResponse(duty_report.write(member, file, found.first()), content_type=WORD)
    response["Content-Disposition"] = duty_report.disposition(member, file.year)
    return response


@require_safe
def duty_ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows of a member, the newest first, by keyset."""
    member = _member(request, pk)
    this_year = timezone.localdate().year
    # Two terms back, without asking which of them have rows: a list page keeps to few queries.
    form = LedgerFilter(request.GET, years=list(range(this_year, this_year - 10, -1)))
    rows = DutyEntry.objects.filter(member=member).select_related("reversed_by")
    if form.is_valid():
        for name in ("act", "year"):
            if value := form.cleaned_data[name]:
                rows = rows.filter(**{name: value})
    page = paging.turn(rows, request.GET, NEWEST, size=50)
    own = member.user_id == request.user.pk
    if own:
        navigation.belongs(request, "members:my_duty")
    for line in (lines := duty_file.lines_of(page.rows, request.user)):
        line.may_appeal = own and not line.entry.reverses_id and not hasattr(line.entry, "reversed_by")
    context = {"member": member, "own": own, "rows": lines, "page": page, "filters": form, "unit_word": "条"}
    return render(request, "members/duty_ledger.html", context)


@require_safe
def studio_score(request: HttpRequest, pk: int) -> HttpResponse:
    """A studio's assessment 考核 of a year, with its evidence."""
    studio = get_object_or_404(Studio.objects.select_related("convener"), pk=pk)
    if not request.user.has_perm("members.see_studio_score", studio):
        raise Http404
    year = _year(request)
    file = duty_file.open_file(studio, year, request.user)
    context = {"studio": studio, "file": file, "years": duty_file.years_of(studio)}
    return render(request, "members/duty_studio.html", context)


@require_safe
def appeal_list(request: HttpRequest) -> HttpResponse:
    """Appeals: all for the liaison office, for a member his own; those that wait first."""
    if not (request.user.has_perm("members.answer_appeal") or request.user.member_id):
        raise Http404
    form = AppealFilter(request.GET)
    rows = ScoreAppeal.objects.visible_to(request.user).select_related("member", "entry")
    if form.is_valid() and form.cleaned_data["state"]:
        rows = rows.filter(status=form.cleaned_data["state"])
    rows = rows.defer("text", "answer").annotate(excerpt=Left("text", EXCERPT))
    page = paging.turn(rows, request.GET, (paging.Key("id", True),), size=30)
    due = {
        row.subject_id: row.due
        for row in Deadline.objects.open().filter(
            subject_type=appeals.ROOT, subject_id__in=[row.pk for row in page.rows]
        )
    }
    for row in page.rows:
        row.due = due.get(row.pk)
    context = {"rows": page.rows, "page": page, "filters": form, "unit_word": "件"}
    return render(request, "members/appeal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal: what is disputed, the answer; the office answers here."""
    row = _appeal(request, pk)
    if not request.user.has_perm("members.answer_appeal"):
        navigation.belongs(request, "members:my_duty")
    verbs = {step.verb: step for step in workflow.allowed(row, request.user)}
    form = None
    if "uphold" in verbs:
        initial = {"verdict": "correct", "quantity": 1}
        if row.entry is not None:
            initial |= {"take_back": True}
        form = AnswerForm(request.POST or None, appeal=row, initial=initial)
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and (response := _answer(request, row, form, verbs)) is not None:
            return response
    context = {
        "appeal": row,
        "form": form,
        "may_withdraw": "withdraw" in verbs,
        "deadline": Deadline.objects.of(row).order_by("-id").first(),
        "changes": _changes(row, request.user),
        "about": _about(row),
    }
    return render(request, "members/appeal_item.html", context, status=422 if form and form.errors else 200)


@require_POST
def appeal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The member takes his appeal back."""
    row = _appeal(request, pk)
    attempt(request, lambda: appeals.withdraw(row, actor=request.user), "申诉已撤回。")
    return redirect(row)


def _answer(request: HttpRequest, row: ScoreAppeal, form: AnswerForm, verbs: dict[str, Any]) -> HttpResponse | None:
    """Correct or uphold after the person has been asked; None where it was refused."""
    values = form.cleaned_data
    step = verbs[values["verdict"]]
    if page := ask_first(
        request,
        question=f"{step.label}：{row.member}的申诉？",
        consequence=step.confirm,
        label=step.label,
        back_url=row.get_absolute_url(),
    ):
        return page
    if values["verdict"] == "correct":
        done = attempt(
            request,
            lambda: appeals.correct(
                row,
                actor=request.user,
                answer=values["answer"],
                take_back=values.get("take_back", False),
                new=form.correction(),
            ),
            "已更正，得分正在重算，委员会收到通知。",
            form,
        )
    else:
        done = attempt(
            request,
            lambda: appeals.uphold(row, actor=request.user, answer=values["answer"]),
            "已答复，委员会收到通知。",
            form,
        )
    return redirect(row) if done else None


def _member(request: HttpRequest, pk: int) -> Member:
    member = get_object_or_404(Member.objects.select_related("sector", "committee", "studio"), pk=pk)
    if not request.user.has_perm("members.see_duty", member):
        raise Http404
    return member


def _appeal(request: HttpRequest, pk: int) -> ScoreAppeal:
    rows = ScoreAppeal.objects.visible_to(request.user).select_related("member", "entry", "decided_by")
    return get_object_or_404(rows, pk=pk)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "") or request.POST.get("year", "")
    today = timezone.localdate().year
    return int(asked) if asked.isdecimal() and 2000 <= int(asked) <= today + 1 else today


def _file(request: HttpRequest, member: Member) -> DutyFile:
    return duty_file.open_file(member, _year(request), request.user)


def _posts(member: Member) -> list[tuple[str, str]]:
    """Posts of the member by term, and where he was placed, as pairs of words."""
    found = [(str(row.term), row) for row in member.memberships.select_related("term")]
    posts = [(term, f"{row.post}{_span(row)}") for term, row in found]
    # Where the member is now stands with his base data already.
    placed = member.placements.filter(ends__isnull=False).select_related("body").order_by("-starts", "-id")[:20]
    return posts + [(row.body.get_kind_display(), f"{row.body}{row.post}{_span(row)}") for row in placed]


def _span(row: Any) -> str:
    if row.starts is None and row.ends is None:
        return ""
    first = f"{row.starts:%Y.%m}" if row.starts else ""
    return f"（{first}—{row.ends:%Y.%m}）" if row.ends else f"（{first}起）"


def _context(request: HttpRequest, member: Member, *, posted: bool = False) -> dict[str, Any]:
    file = _file(request, member)
    own = member.user_id == request.user.pk
    made = list(ScoreAppeal.objects.filter(member=member).select_related("entry").defer("text")[:10])
    form = None
    if own and not file.closed and file.headings:
        about = (request.POST if posted else request.GET).get("about", "")
        form = AppealForm(
            request.POST if posted else None,
            choices=_choices(member, file, about),
            days=options.value("scores.appeal_days"),
            initial={"about": about},
        )
    today = timezone.localdate()
    running = file.year == today.year and not file.closed
    dues = duty_due.of(member) if running else []
    return {
        "member": member,
        "own": own,
        "file": file,
        "dues": dues,
        "owed": len(file.missing) + len(dues),
        "yearly": _yearly(request, member, file.year, dues, drafts=running and today.month >= REPORT_FROM),
        "posts": _posts(member),
        "years": duty_file.years_of(member),
        "appeals": made,
        "form": form,
        "year_text": str(file.year),
        "may_answer": request.user.has_perm("members.answer_appeal"),
        "open_heading": (request.POST if posted else request.GET).get("about", "") or _first_with_rows(file),
        "full": sum(1 for view in file.headings if view.is_full),
    }


def _yearly(request: HttpRequest, member: Member, year: int, dues: list[Due], *, drafts: bool) -> dict[str, Any]:
    """Where the year's report stands: the one that was made, or that a draft can be fetched; one query."""
    found = DutyReport.objects.visible_to(request.user).filter(member=member, round__year=year)
    report = found.select_related("round").defer(*DutyReport.PARTS).first()
    asked_for = any(due.url.startswith(reverse("members:my_report")) for due in dues)
    return {"report": report, "drafts": drafts and report is None and not asked_for}


def _first_with_rows(file: DutyFile) -> str:
    """The heading that stands open: one whose points were cut off, else the first with rows."""
    found = [view for view in file.headings if view.notes] or [view for view in file.headings if view.lines]
    return found[0].heading.code if found else ""


def _choices(member: Member, file: DutyFile, about: str) -> list[tuple[str, str]]:
    """The headings, and the row from which the member came."""
    found = [(view.heading.code, view.heading.label) for view in file.headings]
    if about.startswith(ROW) and (entry := _entry(member, about.removeprefix(ROW))):
        found.insert(0, (about, f"{entry.on:%-m月%-d日}：{entry.summary}"[:60]))
    return found


def _entry(member: Member, pk: str) -> DutyEntry | None:
    return DutyEntry.objects.filter(member=member, pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None


def _changes(row: ScoreAppeal, user: Any) -> list[duty_file.Line]:
    """What a correction did: the row that took back, and the one that was added."""
    if row.status != AppealStatus.CORRECTED:
        return []
    entries = list(DutyEntry.objects.filter(key=f"appeal:{row.pk}"))
    if row.entry_id:
        entries += DutyEntry.objects.filter(reverses_id=row.entry_id, reason__startswith="申诉更正")
    return duty_file.lines_of(entries, user)


def _about(row: ScoreAppeal) -> str:
    """Which row or heading is disputed, in words."""
    if row.entry is not None:
        return f"{row.entry.on:%-m月%-d日}　{row.entry.summary}"
    rules = scores.rules_for("member", row.year)
    labels = {heading["code"]: heading["label"] for heading in rules.headings} if rules else {}
    return labels.get(row.heading, row.heading or "没有写明")
