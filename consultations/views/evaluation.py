"""Running a quality evaluation 质量评价: open it, slips for guests, remind, close, publish; a member's own link."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations.evaluation import summary as summaries
from consultations.evaluation.forms import EndForm, SlipForm
from consultations.evaluation.workflow import RUN
from consultations.models import Consultation, Evaluation, EvaluationInvitation, EvaluationStatus
from consultations.services import evaluation as services
from consultations.services.indicators import reading
from consultations.views.evaluation_results import export_result
from core import qr, workflow
from core.acting import ask_first, attempt
from core.errors import Refusal
from members.models import Member

MOST_WAITING = 50


def _runs(request: HttpRequest) -> None:
    if not request.user.has_perm(RUN):
        raise Http404


def _found(request: HttpRequest, pk: int) -> Evaluation:
    """One evaluation that the person may see, or 404, which never tells whether it exists."""
    rows = Evaluation.objects.visible_to(request.user).select_related("consultation__organizer", "indicators")
    return get_object_or_404(rows, pk=pk)


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The sessions that were held and not evaluated, the newest first."""
    _runs(request)
    rows = (
        Consultation.objects.filter(status__in=services.HELD, evaluation__isnull=True)
        .exclude(form__in=Consultation.LIGHT)
        .for_list()
    )
    return render(request, "consultations/evaluation_choose.html", {"rows": rows.order_by("-on", "-id")[:MOST_WAITING]})


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the evaluation of one session with its end day."""
    _runs(request)
    session = get_object_or_404(Consultation.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    existing = Evaluation.objects.filter(consultation=session).first()
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[Evaluation] = []
        if attempt(
            request,
            lambda: made.append(
                services.open_evaluation(session, actor=request.user, ends_on=form.cleaned_data["ends_on"])
            ),
            "评价开始了，到会的委员会收到通知。有来宾的，在这里印评价票。",
            form,
        ):
            return redirect(made[0])
    context = {"row": session, "form": form, "existing": existing, "present": services.taking_part_count(session)}
    return render(request, "consultations/evaluation_open.html", context)


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One evaluation: while open how many answered; afterwards the result, as far as the person may read it."""
    row = _found(request, pk)
    may_read = request.user.has_perm("consultations.read_result", row)
    is_full = may_read and row.status != EvaluationStatus.OPEN and bool(row.result)
    if request.GET.get("format") == "xlsx":
        if not is_full:
            raise Http404
        return export_result(request, row)
    indicators = reading(row.indicators)
    context = {
        "row": row,
        "runs": request.user.has_perm(RUN),
        "may_read": may_read,
        "is_open": row.status == EvaluationStatus.OPEN,
        "parts": summaries.lines(row.result, indicators) if is_full else [],
        "reads_all": request.user.has_perm("consultations.read_evaluations"),
        "levels": indicators.levels,
        "comments": list(row.comments.values_list("text", flat=True)) if is_full else [],
        "before": summaries.year_before(row) if may_read else [],
        "rate": summaries.percent(row.answered or 0, row.invited),
        "can": {move.verb for move in workflow.allowed(row, request.user)},
    }
    if row.status == EvaluationStatus.OPEN and may_read:
        context |= _progress(row)
        context["slip_form"], context["end_form"] = SlipForm(), EndForm(initial={"ends_on": row.ends_on})
    return render(request, "consultations/evaluation_item.html", context)


def _progress(row: Evaluation) -> dict[str, int | None]:
    """How many links were sent and used; the number only, for answers cannot be told apart."""
    asked = list(EvaluationInvitation.objects.filter(evaluation=row).order_by().values_list("slip", "used"))
    used = sum(used for _, used in asked)
    members = [used for slip, used in asked if slip is None]
    return {
        "asked": len(asked), "used": used, "used_rate": summaries.percent(used, len(asked)), "members": len(members),
        "guests": len(asked) - len(members), "members_waiting": members.count(False),
        "too_few": max(0, row.minimum - len(asked)),
    }  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's own invitation; the button makes his link anew and leads there, where nobody is signed in."""
    member = Member.objects.filter(user=request.user).first() if request.user.member_id else None
    invitation = EvaluationInvitation.objects.filter(evaluation=pk, member=member).first() if member else None
    if member is None or invitation is None:
        raise Http404
    row = Evaluation.objects.select_related("consultation__organizer").get(pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            return redirect("portal:evaluate", services.own_code(row, member))
        except Refusal as refusal:
            problem = str(refusal)
    context = {"row": row, "invitation": invitation, "problem": problem, "is_over": not services.is_open(row)}
    return render(request, "consultations/evaluation_mine.html", context, status=409 if problem else 200)


@never_cache
@require_POST
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """Slips to print for guests; their codes are on this page only and nowhere else."""
    _runs(request)
    row = _found(request, pk)
    form = SlipForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"请写来宾几人，1到{services.MOST_SLIPS}。")
        return redirect(row)
    try:
        made = services.print_slips(
            row, form.cleaned_data["count"], actor=request.user, replace=form.cleaned_data["replace"]
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(row)
    prints = []
    for number, code in made:
        address = request.build_absolute_uri(reverse("portal:evaluate", args=[code]))
        prints.append(
            (
                number,
                "-".join(code[at : at + 4] for at in range(0, len(code), 4)),
                qr.svg(address, title="评价页面的二维码", scale=3),
            )
        )
    context = {"row": row, "slips": prints, "entry": request.build_absolute_uri(reverse("portal:evaluate_code"))}
    return render(request, "consultations/evaluation_slips.html", context)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Remind, move the end, close or publish; what is final is asked first."""
    _runs(request)
    row = _found(request, pk)
    if verb == "remind":
        told: list[int] = []
        if attempt(
            request, lambda: told.append(services.remind(row, actor=request.user)), "已提醒，一人一天最多一次。"
        ):
            return redirect(row)
    elif verb == "extend":
        form = EndForm(request.POST)
        if form.is_valid():
            end = form.cleaned_data["ends_on"]
            attempt(request, lambda: services.extend(row, actor=request.user, ends_on=end), "截止日期改好了。")
        else:
            messages.error(request, "请填写截止日期，如2026-05-20。")
    elif verb in ("close", "publish"):
        move = workflow.process_of(row)[verb]
        if page := ask_first(
            request, question=f"{move.label}：{row.consultation.title}？", consequence=move.confirm, label=move.label,
            back_url=row.get_absolute_url(),
        ):  # fmt: skip
            return page
        run = services.close if verb == "close" else services.publish
        attempt(
            request, lambda: run(row, actor=request.user), "已截止，结果在下面。" if verb == "close" else "等次已公布。"
        )
    else:
        raise Http404
    return redirect(row)
