"""The reply 答复函: writing and saving it, sending it on, signing, sending back, co-signing, issuing."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import attachments, workflow
from core.errors import Refusal
from proposals import selectors_unit
from proposals.forms.handling import CosignForm, DispatchForm, IssueForm, ReasonForm, ReplyForm
from proposals.letters import compose
from proposals.models import CosignOpinion, Reply
from proposals.selectors_unit import TaskCase
from proposals.services import replying
from proposals.views import unit
from proposals.views.acting import ask_first, attempt

DONE = {
    "send_cosign": "已送会办单位会签。",
    "approve": "已签发。请经办人编发文字号、盖章，报督查室。",
    "leader_return": "已退回经办人修改。",
    "send_to_office": "已报督查室审核。",
    "office_return": "已退回承办单位，理由一并送到。",
    "issue": "已送达提案者，并开始计算反馈期限。",
    "recall": "已撤回，可以接着改。",
}
REASONED = ("leader_return", "office_return")


def is_editable(case: TaskCase) -> bool:
    """Whether the unit may write on: it is signed for, and its reply is a draft or not begun."""
    begun = case.task.signed_on is not None and case.task.status not in ("pending", "upheld", "transfer_requested")
    return begun and (case.reply is None or case.reply.status == Reply.Status.DRAFT)


def blank_form(case: TaskCase) -> ReplyForm:
    """The form of the task's reply as stored."""
    return ReplyForm(reply=case.reply, suggestions=case.suggestions, classes=selectors_unit.classes())


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the reply of this round and go on to write it."""
    row = selectors_unit.get_task(request.user, pk)
    try:
        replying.draft_reply(row, actor=request.user)
    except Refusal as problem:
        messages.error(request, str(problem))
    return redirect(f"{reverse('proposals:task', args=[pk])}#draft")


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the draft; with ``send`` pressed also send it to the support units or show it to the leader."""
    reply = _own_draft(request, pk)
    case = selectors_unit.task_case(reply.task)
    form = ReplyForm(request.POST, reply=case.reply, suggestions=case.suggestions, classes=selectors_unit.classes())
    if not form.is_valid():
        return unit.show(request, reply.task, reply_form=form)
    try:
        replying.save_reply(reply, actor=request.user, version=form.cleaned_data["version"], **form.values())
    except Refusal as problem:
        return _not_saved(request, case, form, problem)
    if "send" not in request.POST:
        messages.success(request, f"已保存 {timezone.localtime():%H:%M}，随时可以离开。")
        return redirect(f"{reverse('proposals:task', args=[reply.task_id])}#draft")
    if case.needs_cosign:
        attempt(request, lambda: replying.send_cosign(reply, actor=request.user), DONE["send_cosign"])
        return redirect("proposals:task", reply.task_id)
    if missing := selectors_unit.lacks(selectors_unit.task_case(reply.task)):
        messages.warning(request, f"已保存。还差{len(missing)}处，补上以后请负责人签发。")
        return redirect("proposals:task", reply.task_id)
    messages.success(request, "已保存，都齐了。请负责人通读全文后签发。")
    return redirect("proposals:reply", pk)


@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Save what is whole of the draft as it is being typed; a conflict is told, nothing is overwritten."""
    reply = _own_draft(request, pk)
    case = selectors_unit.task_case(reply.task)
    form = ReplyForm(
        request.POST, reply=case.reply, suggestions=case.suggestions, classes=selectors_unit.classes(), lenient=True
    )
    form.is_valid()
    try:
        saved = replying.save_reply(
            reply, actor=request.user, version=form.cleaned_data.get("version"), **form.values()
        )
    except Refusal as problem:
        return JsonResponse({"error": str(problem)}, status=409)
    return JsonResponse({"saved_at": f"{timezone.localtime(saved.saved_at):%H:%M}", "version": saved.version})


@require_safe
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the whole letter and do what this person may do now: sign, send back, send on, correct, issue."""
    return show(request, selectors_unit.get_reply(request.user, pk))


def show(
    request: HttpRequest,
    row: Reply,
    *,
    reason_form=None,
    reason_verb="",
    dispatch_form=None,
    issue_form=None,
    cosign_form=None,
) -> HttpResponse:
    """Draw the page of a reply; a form that was refused comes back with what was typed."""
    verbs = {verb.verb: verb for verb in workflow.allowed(row, request.user)}
    asked = _asked(request, row)
    returns = [verb for name, verb in verbs.items() if name in REASONED]
    return render(
        request,
        "proposals/reply_page.html",
        {
            "reply": row,
            "task": row.task,
            "proposal": row.task.proposal,
            "letter": compose(row),
            "verbs": verbs,
            "why_not": _why_not(row, request.user),
            "returns": returns,
            "may_send": _may_send(row, request.user),
            "reason_form": reason_form or ReasonForm(),
            "reason_verb": reason_verb,
            "dispatch_form": dispatch_form or DispatchForm(initial={"document_no": row.document_no}),
            "issue_form": issue_form or IssueForm(initial={"result_class": row.result_class_id}),
            "cosign_form": cosign_form or CosignForm(),
            "asked": asked,
            "works": row.task.unit_id in request.user.unit_ids(),
            "files": _files(row),
        },
        status=422 if any(form is not None for form in (reason_form, dispatch_form, issue_form, cosign_form)) else 200,
    )


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the reply one step: the verb of the button that was pressed."""
    row = selectors_unit.get_reply(request.user, pk)
    verb = request.POST.get("verb", "")
    if verb not in DONE:
        raise Http404
    here = reverse("proposals:reply", args=[pk])
    transition = workflow.process_of(row)[verb]
    if verb in REASONED:
        form = ReasonForm(request.POST)
        move = getattr(replying, verb)
        if form.is_valid() and attempt(
            request, lambda: move(row, actor=request.user, reason=form.cleaned_data["reason"]), DONE[verb], form
        ):
            return redirect(_after(row, request.user))
        return show(request, row, reason_form=form, reason_verb=verb)
    if verb == "send_to_office":
        return _send_to_office(request, row)
    if transition.confirm:
        question = ask_first(
            request,
            question=f"{transition.label}？",
            consequence=transition.confirm,
            label=transition.label,
            back_url=here,
        )
        if question is not None:
            return question
    if verb == "issue":
        form = IssueForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: replying.issue(row, actor=request.user, result_class=form.cleaned_data["result_class"]),
            DONE[verb],
            form,
        ):
            return redirect("proposals:inspection")
        return show(request, row, issue_form=form)
    attempt(request, lambda: getattr(replying, verb)(row, actor=request.user), DONE[verb])
    return redirect(_after(row, request.user))


@require_POST
def cosign(request: HttpRequest, pk: int) -> HttpResponse:
    """A support unit's answer to the draft 会签."""
    row = selectors_unit.get_reply(request.user, pk)
    opinion = _asked(request, row)
    if opinion is None:
        raise Http404
    form = CosignForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        if attempt(
            request,
            lambda: replying.answer_cosign(
                opinion, actor=request.user, agree=data["agree"] == "yes", text=data["text"]
            ),
            "已会签同意。" if data["agree"] == "yes" else "意见已送主办单位。",
            form,
        ):
            return redirect("proposals:task", opinion.task_id)
    return show(request, row, cosign_form=form)


def _own_draft(request: HttpRequest, pk: int) -> Reply:
    """A reply of the person's own unit, or 404."""
    row = selectors_unit.get_reply(request.user, pk)
    if row.task.unit_id not in request.user.unit_ids():
        raise Http404
    return row


def _not_saved(request: HttpRequest, case: TaskCase, form: ReplyForm, problem: Refusal) -> HttpResponse:
    """Show the refused draft with every field kept; after a conflict beside what the other person wrote."""
    if problem.field != "version":
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return unit.show(request, case.task, reply_form=form)
    stored = selectors_unit.task_case(case.task)
    theirs = blank_form(stored)
    differing = [
        {
            "label": _label(form, name),
            "theirs": theirs[name].value() or "（空）",
            "mine": form[name].value() or "（空）",
        }
        for name in form.fields
        if name.startswith("text_") or name in ("opening", "closing", "document_no")
        if (theirs[name].value() or "").strip() != (form[name].value() or "").strip()
    ]
    words = f"{stored.reply.saved_by or '另一个页面'}在{timezone.localtime(stored.reply.saved_at):%H:%M}也改了这份答复"
    form.data = form.data.copy()
    form.data["version"] = str(stored.reply.version)
    return unit.show(request, case.task, reply_form=form, conflict={"words": words, "rows": differing})


def _label(form: ReplyForm, name: str) -> str:
    for passage in form.passages():
        if passage.text.name == name:
            return f"第（{passage.number}）条"
    return str(form.fields[name].label)


def _send_to_office(request: HttpRequest, row: Reply) -> HttpResponse:
    form = DispatchForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data

        @transaction.atomic
        def send() -> None:
            if data["scan"]:
                attachments.add(row, data["scan"], actor=request.user, kind="scan")
            replying.send_to_office(row, actor=request.user, document_no=data["document_no"])

        if attempt(request, send, DONE["send_to_office"], form):
            return redirect("proposals:task", row.task_id)
    return show(request, row, dispatch_form=form)


def _asked(request: HttpRequest, row: Reply) -> CosignOpinion | None:
    """The co-sign opinion that the person's unit still owes to this reply."""
    if row.status != Reply.Status.COSIGN:
        return None
    units = request.user.unit_ids()
    mine = (one for one in row.cosigns.all() if one.task.unit_id in units and one.state == CosignOpinion.State.WAITING)
    return next(mine, None)


def _why_not(row: Reply, user) -> str:
    """Why the leader cannot sign yet, in words; "" for others and when he can."""
    if not user.has_perm("proposals.sign_reply", row) or row.status not in (Reply.Status.DRAFT, Reply.Status.COSIGN):
        return ""
    return workflow.refusal(row, "approve", user) or ""


def _may_send(row: Reply, user) -> bool:
    """Whether the person sends the signed letter on; its number, which the table asks for, is typed on this page."""
    return row.status == Reply.Status.UNIT_APPROVED and user.has_perm("proposals.write_reply", row)


def _after(row: Reply, user) -> str:
    """Where a person goes on after a step: the unit to its task, inspection to its queues."""
    if row.task.unit_id in user.unit_ids():
        return reverse("proposals:task", args=[row.task_id])
    return reverse("proposals:inspection")


def _files(row: Reply) -> list[dict]:
    found = attachments.files_of(row)
    return [{"name": one.name, "url": reverse("core:file", args=[one.uuid]), "size": one.size} for one in found]
