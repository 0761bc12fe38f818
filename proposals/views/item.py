"""The page of one proposal 一事一页, and the small acts done from it: withdraw, mark, publish, archive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import handover, workflow
from core.act_forms import PlainForm
from proposals import onward
from proposals.forms.acts import DayForm, EndFollowUpForm, KeyForm, ReasonForm, WordingForm
from proposals.models import Proposal, Status
from proposals.selectors_item import ItemFacts, changes_since, get_proposal, item_facts
from proposals.services import assignment, drafting, excellence, feedback, publishing, review
from proposals.views.acting import ask_first, attempt


@dataclass(frozen=True)
class Button:
    """One thing that the person may do now; ``strong`` marks the one that is expected next."""

    label: str
    url: str
    strong: bool = False


REVIEWING = ("accept", "recommend", "file", "merge", "refuse", "return", "disagree")
ACTS = (
    "mark_key", "publish", "withhold", "archive", "end_follow_up", "mark_excellent", "revoke_excellent", "edit_wording",
    "withdraw", "withdraw_assigned",
)  # fmt: skip


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """The document, where it stands, what is due, who did what, and what this person may do."""
    proposal = get_proposal(request.user, pk)
    facts = item_facts(proposal, request.user, whole_timeline="all" in request.GET)
    context = {
        "facts": facts,
        "proposal": proposal,
        "timeline": facts.timeline.events,
        "timeline_more_url": "?all=1#events" if facts.timeline.folded else "",
        "deadlines": facts.deadlines,
        "steps": facts.steps,
        "buttons": buttons(facts, request.user),
        "sources": handover.seen_by(request.user, handover.sources_of(proposal)) if proposal.has_sources else [],
        "went_to": onward.went_to(request.user, proposal),
        "records_promises": request.user.has_perm("proposals.record_promise", proposal),
        "revisions": [(row, changes_since(facts, row)) for row in facts.revisions],
    }
    return render(request, "proposals/proposal_item.html", context)


def buttons(facts: ItemFacts, user) -> list[Button]:
    """What ``user`` may do now, the expected act first."""
    proposal = facts.proposal
    allowed = {row.verb: row for row in workflow.allowed(proposal, user)}
    if proposal.published_on:
        allowed.pop("publish", None)
    found = _drafting(proposal, allowed, user) + _own_parts(facts, user)
    if allowed.keys() & set(REVIEWING):
        label = "复审" if proposal.first_reviewer_id else "初审"
        if {"recommend", "accept", "file"} & allowed.keys():
            found.append(Button(label, reverse("proposals:review_item", args=[proposal.pk]), strong=True))
    if "assign" in allowed:
        found.append(Button("交办", reverse("proposals:assign", args=[proposal.pk]), strong=True))
    for verb in ACTS:
        if verb in allowed:
            url = reverse("proposals:act", args=[proposal.pk, verb])
            found.append(Button(allowed[verb].label, url))
    if going := onward.way(user, proposal):
        found.append(Button(*going, strong=True))
    strong = next((button for button in found if button.strong), None)
    return [Button(row.label, row.url, row is strong) for row in sorted(found, key=lambda row: row is not strong)]


def _drafting(proposal: Proposal, allowed: dict[str, Any], user) -> list[Button]:
    """Acts on a text that is still its author's."""
    found = []
    if proposal.status in (Status.DRAFT, Status.RETURNED) and user.has_perm("proposals.write_draft", proposal):
        label = "按意见修改" if proposal.status == Status.RETURNED else "接着写"
        found.append(Button(label, reverse("proposals:edit", args=[proposal.pk]), strong=True))
    if {"submit", "invite_cosigners"} & allowed.keys():
        found.append(
            Button(
                "联名与提交",
                reverse("proposals:finish", args=[proposal.pk]),
                strong=proposal.status == Status.COSIGNING,
            )
        )
    asked = [row for row in proposal.proposers.all() if row.order > 0 and row.member_id]
    if proposal.status == Status.COSIGNING and any(row.member_id == user.member_id for row in asked):
        found.append(Button("答复联名邀请", reverse("proposals:cosign", args=[proposal.pk]), strong=True))
    return found  # fmt: skip


def _own_parts(facts: ItemFacts, user) -> list[Button]:
    """Ways to the pages of a unit's task and of a proposer's feedback."""
    found = []
    for task in facts.tasks:
        if task.unit_id in user.unit_ids():
            label = "签收" if task.status in ("pending", "upheld") else "去办理"
            url = reverse("proposals:task", args=[task.pk])
            found.append(Button(label, url, strong=task.status != "done"))
    waiting = [row for row in facts.feedback if row.state == "waiting"]
    office = user.has_perm("proposals.enter_feedback")
    for row in waiting:
        own = _is_own(row.proposer, user)
        if own or office:
            label = "填写反馈" if own else f"代录{row.proposer.name}的纸质反馈"
            found.append(Button(label, reverse("proposals:feedback", args=[row.pk]), strong=own))
    return found


def _is_own(proposer, user) -> bool:
    if proposer.member_id:
        return proposer.member_id == user.member_id
    return proposer.body_id in user.body_ids


@dataclass(frozen=True)
class Act:
    """How one act is done from its own small page."""

    form: Callable[..., Any]
    run: Callable[[Proposal, Any, dict[str, Any]], Any]
    done: str
    note: str = ""


def _acts() -> dict[str, Act]:
    return {
        "withdraw": Act(ReasonForm, lambda row, who, data: review.withdraw(row, actor=who, **data), "已撤案。"),
        "withdraw_assigned": Act(ReasonForm, lambda row, who, data: review.withdraw(row, actor=who, **data), "已同意撤案，承办单位不再办理。"),
        "mark_key": Act(KeyForm, lambda row, who, data: assignment.mark_key(row, actor=who, **data), "已列为重点提案。"),
        "mark_excellent": Act(DayForm, lambda row, who, data: excellence.mark_excellent(row, actor=who, **data), "已评为优秀提案，记入提案者的履职档案。"),
        "revoke_excellent": Act(ReasonForm, lambda row, who, data: excellence.revoke_excellent(row, actor=who, **data), "已撤销优秀提案，提案者档案里的这一条已冲销。"),
        "publish": Act(PlainForm, lambda row, who, data: publishing.publish(row, actor=who), "已公开，门户上能看到了。"),
        "withhold": Act(ReasonForm, lambda row, who, data: publishing.withhold(row, actor=who, **data), "已定为不公开；以后情况变了，还可以公开。"),
        "archive": Act(PlainForm, lambda row, who, data: feedback.archive(row, actor=who), "已归档。"),
        "end_follow_up": Act(EndFollowUpForm, lambda row, who, data: feedback.end_follow_up(row, actor=who, **data), "已结束跟踪。"),
        "edit_wording": Act(WordingForm, lambda row, who, data: drafting.edit_wording(row, actor=who, **data), "文字已修改，原文留存，提案者会收到通知。"),
        "delete": Act(PlainForm, lambda row, who, data: drafting.delete_draft(row, actor=who), "草稿已删除。"),
    }  # fmt: skip


def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one act on its own page: say what follows from it, ask what it needs, do it."""
    proposal = get_proposal(request.user, pk)
    known = _acts().get(verb)
    if known is None:
        raise Http404
    label, consequence, problem = _says(proposal, verb, request.user)
    if problem:
        messages.error(request, problem)
        return redirect(proposal)
    form = known.form(request.POST or None, record=proposal)
    if request.method == "POST" and form.is_valid():
        if consequence and (page := ask_first(
            request, question=f"{label}：{proposal.title}？", consequence=consequence, label=label,
            back_url=proposal.get_absolute_url(),
        )):  # fmt: skip
            return page
        run = known.run
        if attempt(request, lambda: run(proposal, request.user, form.values()), known.done, form):
            return redirect("proposals:list") if verb == "delete" else redirect("proposals:item", pk)
    context = {"proposal": proposal, "form": form, "label": label, "consequence": consequence}
    return render(request, "proposals/proposal_act.html", context)


def _says(proposal: Proposal, verb: str, user) -> tuple[str, str, str | None]:
    """Label, consequence, and why it may not be done now."""
    if verb == "delete":
        may = user.has_perm("proposals.write_draft", proposal)
        return "删除草稿", "删除后不能恢复。", None if may else "您不能删除这份草稿。"
    row = workflow.process_of(proposal)[verb]
    return row.label, row.confirm, workflow.refusal(proposal, verb, user)
