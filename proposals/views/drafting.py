"""Writing a proposal 写提案: two screens, saved as one types, co-signers, and handing it in."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core import attachments, handover, options, workflow
from core.draft_pages import DraftPages
from core.errors import Refusal
from proposals import matters
from proposals.forms.drafting import MAX_FILES, FinishForm, TextForm
from proposals.models import Proposal, Proposer, Status
from proposals.near_titles import near_titles
from proposals.selectors_item import get_proposal, item_facts
from proposals.services import drafting
from proposals.views.acting import ask_first
from proposals.views.conflict import Difference, differences, resolved

pages = DraftPages("proposal_pages")


def new(request: HttpRequest) -> HttpResponse:
    """Screen one of a proposal that is not stored yet."""
    if not request.user.has_perm("proposals.add_proposal"):
        raise PermissionDenied
    if request.method == "POST" and (known := pages.known(request).get("pk")):
        return edit(request, known)  # saved by itself meanwhile: the same draft, not a second one
    return _screen_one(request, None)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Screen one of a draft, or of a proposal that came back to be changed."""
    return _screen_one(request, _own_text(request, pk))


def _own_text(request: HttpRequest, pk: int) -> Proposal:
    proposal = get_proposal(request.user, pk)
    if not request.user.has_perm("proposals.write_draft", proposal):
        raise Http404
    return proposal


def _screen_one(request: HttpRequest, proposal: Proposal | None) -> HttpResponse:
    if proposal is not None and proposal.status not in drafting.EDITABLE:
        messages.info(request, f"现在是“{proposal.get_status_display()}”，文字不能再改。")
        return redirect("proposals:finish" if proposal.status == Status.COSIGNING else "proposals:item", proposal.pk)
    if request.method != "POST":
        return _show_one(request, _blank_one(request, proposal), proposal)
    data = resolved(request.POST, proposal)
    later, rows = "later" in data, "add" in data or "drop" in data
    form = TextForm(data, user=request.user, proposal=proposal, complete=not (later or rows))
    if rows:
        _change_rows(form, data)
        form.is_valid()
        return _show_one(request, form, proposal)
    if form.is_valid():
        try:
            saved = _save_text(request, proposal, form)
        except Refusal as problem:
            if problem.field == "version" and proposal is not None:
                return _conflict(request, proposal, form)
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            if later:
                messages.success(request, f"草稿已存，{timezone.localtime():%H:%M}。")
                return redirect("proposals:edit", saved.pk)
            return redirect("proposals:finish", saved.pk)
    return _show_one(request, form, proposal)


def _blank_one(request: HttpRequest, proposal: Proposal | None) -> TextForm:
    """The form as it is first shown: as stored, or with what the record of ``?from=`` gives to a new draft."""
    given: dict[str, Any] = {}
    if proposal is None and (text := request.GET.get("from", "")):
        if found := handover.read(request.user, text):
            given = found[1].values
        else:
            messages.info(request, "来源已经转出，或者不归您写；这里是一份空白的提案。")
    return TextForm(user=request.user, proposal=proposal, given=given)


def _change_rows(form: TextForm, data) -> None:
    """Add or take out a suggestion without scripts."""
    if "add" in data:
        form.asks.append("")
    elif data["drop"].isdecimal() and 0 < int(data["drop"]) <= len(form.asks):
        del form.asks[int(data["drop"]) - 1]


def _show_one(request: HttpRequest, form: TextForm, proposal: Proposal | None) -> HttpResponse:
    limit = options.value("proposals.text_limit")
    title = proposal.title if proposal else ""
    near = (
        near_titles(title, Proposal.objects.visible_to(request.user).received(), without=proposal and proposal.pk)
        if title
        else []
    )
    context = {
        "form": form,
        "proposal": proposal,
        "near": near,
        "limit": limit,
        "autosave_url": _autosave_url(proposal),
        "on_behalf": form.office,
        **_source(request, proposal),
        **pages.tokens(request, proposal),
    }
    return render(request, "proposals/proposal_form.html", context)  # fmt: skip


def _source(request: HttpRequest, proposal: Proposal | None) -> dict[str, Any]:
    """Where a new draft is begun from, to be linked at its first save."""
    text = "" if proposal else request.POST.get("from") or request.GET.get("from", "")
    found = handover.read(request.user, text) if text else None
    return {"source": found[1], "source_key": text} if found else {}


def _save_text(request: HttpRequest, proposal: Proposal | None, form: TextForm) -> Proposal:
    values = form.values()
    if proposal is None:
        kind = values.pop("kind") or ""
        with transaction.atomic():
            saved = drafting.create_draft(
                actor=request.user, kind=kind, is_entered=form.office, **_without_blank(values)
            )
            matters.begun_from(request.user, request.POST.get("from", ""), saved)
    else:
        if not values["kind"]:
            del values["kind"]
        saved = drafting.save_draft(proposal, actor=request.user, version=pages.version(request), **values)
    pages.remember(request, saved)
    return saved


def _without_blank(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


@require_POST
def autosave(request: HttpRequest, pk: int | None = None) -> JsonResponse:
    """Store what is on screen one now; answers with the time, or why it could not be stored."""
    pk = pk or pages.known(request).get("pk")
    proposal = _own_text(request, pk) if pk else None
    if proposal is None and not request.user.has_perm("proposals.add_proposal"):
        raise PermissionDenied
    form = TextForm(request.POST, user=request.user, proposal=proposal, complete=False)
    form.is_valid()  # what cannot be read yet is left as it is stored
    try:
        saved = _save_text(request, proposal, form)
    except Refusal as problem:
        return JsonResponse({"error": str(problem)}, status=409)
    return _saved(saved, "proposals:autosave")


def _saved(saved: Proposal, name: str) -> JsonResponse:
    now = f"{timezone.localtime():%H:%M}"
    return JsonResponse({"saved_at": now, "url": reverse(name, args=[saved.pk])})


def _autosave_url(proposal: Proposal | None) -> str:
    return reverse("proposals:autosave", args=[proposal.pk]) if proposal else reverse("proposals:autosave_new")


def _conflict(request: HttpRequest, proposal: Proposal, form: TextForm) -> HttpResponse:
    """Theirs beside ours: each difference is chosen, then stored."""
    current = get_proposal(request.user, proposal.pk)
    found: list[Difference] = differences(current, form)
    context = {
        "proposal": current,
        "differences": found,
        "who": current.saved_by or "另一个页面",
        "at": current.saved_at,
        "posted": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "version")
            for value in values
        ],
        "version": current.version,
        "page_token": secrets.token_urlsafe(9),
    }
    return render(request, "proposals/proposal_conflict.html", context, status=409)


# --- Screen two ------------------------------------------------------------------------------


def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Screen two: co-signers, contact, publication, files, a last look, handing in."""
    proposal = _own_text(request, pk)
    if proposal.status not in (*drafting.EDITABLE, Status.COSIGNING):
        return redirect("proposals:item", pk)
    if request.method != "POST":
        return _show_two(request, proposal, FinishForm(proposal=proposal))
    verb = next((name for name in VERBS if name in request.POST), "submit")
    form = FinishForm(request.POST, proposal=proposal, complete=verb in ("submit", "invite"))
    try:
        if proposal.status != Status.COSIGNING:
            if not form.is_valid():
                return _show_two(request, proposal, form)
            proposal = drafting.save_draft(
                proposal, actor=request.user, version=pages.version(request), **form.values()
            )
            pages.remember(request, proposal)
            _take_files(request, proposal)
        return _do(request, proposal, form, verb)
    except Refusal as problem:
        form.is_valid()
        named = problem.field if problem.field in form.fields else None
        form.add_error(named, str(problem))
        return _show_two(request, get_proposal(request.user, pk), form)


VERBS = ("add_co", "drop_co", "upload", "drop_file", "remind", "later", "invite", "submit")


def _do(request: HttpRequest, proposal: Proposal, form: FinishForm, verb: str) -> HttpResponse:
    """What the pressed button asks for, after everything on the page was stored."""
    here = redirect("proposals:finish", proposal.pk)
    if verb == "drop_co":
        kept = [row.member for row in _asked(proposal) if str(row.member_id) != request.POST["drop_co"]]
        drafting.save_draft(proposal, actor=request.user, cosigners=kept)
    elif verb == "drop_file":
        row = attachments.files_of(proposal).filter(pk=request.POST["drop_file"]).first()
        if row:
            attachments.remove(row, actor=request.user)
    elif verb == "remind":
        told = drafting.remind_cosigners(proposal, actor=request.user)
        messages.success(request, f"已提醒{told}位委员。")
    elif verb == "later":
        messages.success(request, f"草稿已存，{timezone.localtime():%H:%M}。")
    elif verb == "invite":
        until = form.cleaned_data.get("cosign_until")
        if until is None:
            raise Refusal("请写联名截止的日期。", field="cosign_until")
        drafting.invite_cosigners(proposal, actor=request.user, until=until)
        messages.success(request, "已发出联名邀请，各位委员在自己的手机上确认。")
    elif verb == "submit":
        return _submit(request, proposal)
    return here


def _submit(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    if problem := workflow.refusal(proposal, "submit", request.user):
        raise Refusal(problem)
    waiting = [row for row in _asked(proposal) if row.state == Proposer.State.INVITED]
    dropped = f"{'、'.join(row.name for row in waiting)}还没有确认，提交后不列名。" if waiting else ""
    page = ask_first(
        request,
        question=f"提交《{proposal.title}》？",
        consequence=f"提交后由提案委审查，退回以前不能再改。{dropped}",
        label="提交给提案委",
        back_url=reverse("proposals:finish", args=[proposal.pk]),
    )
    if page:
        return page
    saved = drafting.submit(proposal, actor=request.user)
    messages.success(request, f"已提交，流水号{saved.intake_no}，{timezone.localtime():%H:%M}。提案委审查后告诉您。")
    return redirect(saved)


def _asked(proposal: Proposal) -> list[Proposer]:
    return list(proposal.proposers.filter(order__gt=0).select_related("member__sector"))


def _take_files(request: HttpRequest, proposal: Proposal) -> None:
    """Store every uploaded file that may be stored; the refused ones are named, the rest stays."""
    for upload in request.FILES.getlist("files"):
        try:
            attachments.add(proposal, upload, actor=request.user, most=MAX_FILES)
        except Refusal as problem:
            messages.error(request, f"{problem}其他内容都在。")


def _show_two(request: HttpRequest, proposal: Proposal, form: FinishForm) -> HttpResponse:
    facts = item_facts(proposal, request.user)
    context = {
        "proposal": proposal,
        "form": form,
        "facts": facts,
        "asked": _asked(proposal),
        "units": form.book.units.values(),
        "cosigning": proposal.status == Status.COSIGNING,
        "accept": attachments.ACCEPT,
        "file_words": attachments.WORDS,
        "file_limit": options.value("files.max_megabytes"),
        "most_files": MAX_FILES,
        "problem": workflow.refusal(proposal, "submit", request.user),
        "may_invite": workflow.refusal(proposal, "invite_cosigners", request.user) is None,
        "autosave_url": reverse("proposals:autosave_finish", args=[proposal.pk]),
        **pages.tokens(request, proposal),
    }
    return render(request, "proposals/proposal_form_finish.html", context)


@require_POST
def autosave_finish(request: HttpRequest, pk: int) -> JsonResponse:
    """Store what is on screen two now."""
    proposal = _own_text(request, pk)
    form = FinishForm(request.POST, proposal=proposal, complete=False)
    form.is_valid()
    form.added = None  # somebody half typed is asked by the button only
    try:
        saved = drafting.save_draft(proposal, actor=request.user, version=pages.version(request), **form.values())
    except Refusal as problem:
        return JsonResponse({"error": str(problem)}, status=409)
    pages.remember(request, saved)
    return _saved(saved, "proposals:autosave_finish")


def cosign(request: HttpRequest, pk: int) -> HttpResponse:
    """The invited member's own page: read it, agree or decline; made for the phone."""
    proposal = get_proposal(request.user, pk)
    asked = [row for row in _asked(proposal) if row.member_id and row.member_id == request.user.member_id]
    if not asked:
        raise Http404
    problem = ""
    if request.method == "POST" and request.POST.get("answer") in ("agree", "decline"):
        agree = request.POST["answer"] == "agree"
        try:
            drafting.answer_invitation(proposal, actor=request.user, agree=agree)
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, "已同意联名，您列为联名人。" if agree else "已回复不联名，已告诉第一提案者。")
            return redirect("proposals:cosign" if agree else "proposals:list", *([pk] if agree else []))
    context = {
        "proposal": proposal,
        "facts": item_facts(proposal, request.user),
        "mine": asked[0],
        "problem": problem,
        "open": proposal.status == Status.COSIGNING,
    }
    return render(request, "proposals/proposal_cosign.html", context)
