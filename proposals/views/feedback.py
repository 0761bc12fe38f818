"""Feedback 征询意见: the proposer's form beside the replies, paper forms entered by the office, reminders, silence."""

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import attachments
from core.models import Deadline
from core.paging import Key, turn
from members.models import Role
from proposals.forms.feedback import FeedbackForm, PaperFeedbackForm
from proposals.letters import compose
from proposals.models import Feedback, Proposal, Reply
from proposals.selectors_unit import whole_letters
from proposals.services import feedback as service
from proposals.views.acting import ask_first, attempt

OFFICE = (Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF)
STATES = {"waiting": "待反馈", "no_response": "到期未反馈", "answered": "已反馈"}


def feedback_for(user):
    """The forms that ``user`` may open: his own; the proposals office all; units none (sealed ratings)."""
    if user.has_role(*OFFICE):
        return Feedback.objects.all()
    own = Q(proposer__body_id__in=user.body_ids)
    if user.member_id:
        own |= Q(proposer__member_id=user.member_id)
    return Feedback.objects.filter(own)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """The office's list of forms by state: waiting, silent, answered."""
    if not request.user.has_role(*OFFICE):
        raise Http404
    state = request.GET.get("state", "waiting")
    state = state if state in STATES else "waiting"
    rows = Feedback.objects.filter(state=state).select_related("proposal", "proposer")
    page = turn(rows.defer("text"), request.GET, [Key("id", True)], size=50)
    dues = _dues(page.rows)
    return render(
        request,
        "proposals/feedback_list.html",
        {
            "rows": [{"feedback": row, "due": dues.get(row.pk)} for row in page.rows],
            "page": page,
            "state": state,
            "states": list(STATES.items()),
        },
    )


def form(request: HttpRequest, pk: int) -> HttpResponse:
    """One form: the proposer answers it; the office enters a paper one; afterwards it is read."""
    row = get_object_or_404(
        feedback_for(request.user).select_related("proposal__session", "proposer", "entered_by"), pk=pk
    )
    proposal = row.proposal.merged_into or row.proposal
    own = _is_own(request.user, row)
    may_enter = not own and request.user.has_perm("proposals.enter_feedback", row.proposal)
    kind = FeedbackForm if own else PaperFeedbackForm
    bound = kind(
        request.POST if request.method == "POST" else None, request.FILES or None, collective=row.proposal.is_collective
    )
    if request.method == "POST":
        if row.state == Feedback.State.ANSWERED or not (own or may_enter):
            raise Http404
        if bound.is_valid():
            question = _consequence(request, row, bound) if own else None
            if question is not None:
                return question
            if _answer(request, row, bound, entered=not own):
                return redirect("proposals:feedback", pk)
    replies = _replies(proposal, row.round)
    return render(
        request,
        "proposals/feedback_form.html",
        {
            "feedback": row,
            "proposal": row.proposal,
            "main_case": proposal,
            "form": bound if row.state != Feedback.State.ANSWERED and (own or may_enter) else None,
            "own": own,
            "letters": [(reply, compose(reply)) for reply in replies],
            "due": Deadline.objects.of(row).open().first(),
            "files": _files(row) if row.entered_by_id else [],
            "office": request.user.has_role(*OFFICE),
        },
        status=422 if bound.is_bound and bound.errors else 200,
    )


@require_POST
def remind(request: HttpRequest, proposal_pk: int) -> HttpResponse:
    """Remind the proposers of a case who have not answered."""
    if not request.user.has_role(*OFFICE):
        raise Http404
    proposal = get_object_or_404(Proposal.objects.visible_to(request.user), pk=proposal_pk)
    attempt(request, lambda: service.remind(proposal, actor=request.user), "已发消息提醒没有反馈的提案者。")
    return redirect(request.POST.get("next") if _inside(request) else reverse("proposals:feedback_list"))


def _inside(request: HttpRequest) -> bool:
    target = request.POST.get("next", "")
    return target.startswith("/") and not target.startswith("//")


def _consequence(request: HttpRequest, row: Feedback, form: FeedbackForm) -> HttpResponse | None:
    """Ask before the answer is sent: it cannot be taken back."""
    if form.cleaned_data["result"] == Proposal.Rating.UNSATISFIED:
        consequence = "您选了对办理结果不满意：承办单位要重新办理，再答复您一次。提交后不能改。"
    else:
        consequence = "提交后不能改；所有提案者都反馈以后，这件提案办结。"
    return ask_first(
        request,
        question="提交这份征询意见表？",
        consequence=consequence,
        label="提交",
        back_url=reverse("proposals:feedback", args=[row.pk]),
    )


def _answer(request: HttpRequest, row: Feedback, form: FeedbackForm, *, entered: bool) -> bool:
    on = form.cleaned_data.get("on")

    @transaction.atomic
    def act() -> None:
        service.answer(row, actor=request.user, entered=entered, on=on, **form.answers())
        if entered:
            attachments.add(row, form.cleaned_data["scan"], actor=request.user, kind="scan")

    return attempt(request, act, "已代录，原件存为附件。" if entered else "已提交，谢谢您。", form)


def _is_own(user, row: Feedback) -> bool:
    proposer = row.proposer
    return bool((proposer.member_id and proposer.member_id == user.member_id) or proposer.body_id in user.body_ids)


def _replies(proposal: Proposal, round_no: int) -> list[Reply]:
    """The issued replies of the round, whole; one for most cases, one per unit where the case was split."""
    issued = Reply.objects.filter(task__proposal=proposal, round=round_no, status=Reply.Status.ISSUED)
    return list(whole_letters(issued).order_by("task__role", "pk"))


def _dues(rows: list[Feedback]) -> dict[int, Deadline]:
    found = Deadline.objects.open().filter(subject_type="proposals.feedback", subject_id__in=[row.pk for row in rows])
    return {row.subject_id: row for row in found}


def _files(row: Feedback) -> list[dict]:
    found = attachments.files_of(row)
    return [{"name": one.name, "url": reverse("core:file", args=[one.uuid]), "size": one.size} for one in found]
