"""Review 审查: the queue with one proposal beside it, the two opinions, and filing many at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core import numbering, options
from members.models import Member
from proposals.forms.drafting import length
from proposals.forms.review import BatchForm, OpinionForm
from proposals.models import Proposal, Status
from proposals.near_titles import near_titles
from proposals.numbers import case_scope
from proposals.selectors_item import ItemFacts, get_proposal, item_facts
from proposals.services import review as service
from proposals.views.acting import ask_first, attempt

QUEUE_SHOWN = 60
WAITING = (Status.SUBMITTED, Status.REVIEWING)
STEPS = {
    "recommend": ("成批初审：同意立案", "提出初审意见"),
    "decide": ("成批复审：准予立案", "准予立案"),
}


@dataclass(frozen=True)
class Check:
    """One thing looked at for the reviewer, as a reference only; ``look`` is a badge's look."""

    name: str
    look: str
    verdict: str
    note: str
    links: tuple[tuple[str, str], ...] = ()


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm("proposals.review"):
        raise PermissionDenied


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for review, first come first served, with the first this person may decide."""
    _require(request)
    rows = _waiting()
    mine = next((row for row in rows if not _waits_for_other(row, request.user)), None)
    if chosen := mine or next(iter(rows), None):
        return redirect("proposals:review_item", chosen.pk)
    return render(request, "proposals/proposal_review.html", {"rows": [], "total": 0})


def review_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal under review with the queue beside it and the form of this person's opinion."""
    _require(request)
    proposal = get_proposal(request.user, pk)
    if proposal.status not in WAITING:
        messages.info(request, f"这一件现在是“{proposal.get_status_display()}”，不用审了。")
        return redirect(proposal)
    second = proposal.first_reviewer_id is not None
    form = OpinionForm(request.POST or None, proposal=proposal, second=second)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        if second and (page := _ask(request, proposal, values["outcome"])):
            return page
        act = service.decide if second else service.recommend
        done = _done_words(second, values["outcome"])
        if attempt(request, lambda: act(proposal, actor=request.user, **values), done, form):
            return redirect("proposals:review")
    facts = item_facts(proposal, request.user)
    rows = _waiting()
    context = {
        "rows": rows,
        "total": Proposal.objects.filter(status__in=WAITING).count(),
        "proposal": proposal,
        "facts": facts,
        "form": form,
        "second": second,
        "own_opinion": second and proposal.first_reviewer_id == request.user.pk,
        "first_words": dict(service.OPINIONS).get(proposal.first_opinion, ""),
        "checks": checks(facts),
        "deadlines": [row for row in facts.deadlines if row.is_open],
        "decidable": [
            row.pk for row in rows if row.first_opinion == "file" and row.first_reviewer_id != request.user.pk
        ],
    }
    return render(request, "proposals/proposal_review.html", context)  # fmt: skip


def _ask(request: HttpRequest, proposal: Proposal, outcome: str) -> HttpResponse | None:
    """Ask before what cannot be taken back: filing, merging, refusing."""
    said = {
        "file": ("准予立案", "立案后编定案号，案号不能收回。"),
        "merge": ("并案", "并入主案后合并办理，所有提案者都收到答复并反馈。"),
        "refuse": ("不立案", "会通知提案者，并附处理去向。"),
    }
    if outcome not in said:
        return None
    label, consequence = said[outcome]
    return ask_first(
        request,
        question=f"{label}：{proposal.title}？",
        consequence=consequence,
        label=label,
        back_url=reverse("proposals:review_item", args=[proposal.pk]),
    )


def _done_words(second: bool, outcome: str) -> str:
    if outcome == "return":
        return "已退回修改，提案者会收到您的说明。"
    if outcome == "disagree":
        return "已请初审人重新提意见。"
    return "已定，见下一件。" if second else "初审意见已存，等另一位复审。"


def _waiting() -> list[Proposal]:
    rows = Proposal.objects.for_list().filter(status__in=WAITING)
    return list(rows.only(*ONLY).order_by("submitted_on", "intake_no", "pk")[:QUEUE_SHOWN])


ONLY = (
    "status", "intake_no", "title", "kind", "proposer_name", "first_reviewer_id", "first_opinion", "submitted_on",
    "number", "lead_unit__short_name", "category__name", "sector__name", "sector__short_name", "session__name",
)  # fmt: skip


def _waits_for_other(row: Proposal, user) -> bool:
    return row.first_reviewer_id == user.pk


def checks(facts: ItemFacts) -> list[Check]:
    """Standing, length, suggestions and near titles; never more than a hint."""
    proposal = facts.proposal
    return [
        _standing(facts),
        _length(facts),
        _suggestions(facts),
        *_near(proposal),
    ]


def _standing(facts: ItemFacts) -> Check:
    ids = [row.member_id for row in facts.proposers if row.member_id]
    gone = list(Member.objects.filter(pk__in=ids, is_active=False).values_list("name", flat=True))
    if gone:
        return Check("提案者", "over", "有人不在任", f"{'、'.join(gone)}已不是本届委员。")
    names = "、".join(row.name for row in facts.proposers if row.state == "confirmed")
    return Check("提案者", "done", "符合", f"{names}，{facts.proposal.get_kind_display()}。")


def _length(facts: ItemFacts) -> Check:
    proposal = facts.proposal
    texts = [proposal.situation, proposal.analysis, *(row.text for row in facts.suggestions)]
    count, most = sum(map(length, texts)), options.value("proposals.text_limit")
    note = f"正文{count:,}字，不超过{most:,}字；建议{len(facts.suggestions)}条。"
    if count > most:
        return Check("字数", "soon", f"多{count - most:,}字", f"正文{count:,}字，提示线{most:,}字。")
    return Check("字数", "done", "合适", note)


def _suggestions(facts: ItemFacts) -> Check:
    short = [row.order for row in facts.suggestions if length(row.text) < 10]
    if not facts.suggestions:
        return Check("建议", "over", "没有", "没有写具体建议。")
    if short:
        places = "、".join(str(order) for order in short)
        return Check("建议", "soon", "太短", f"第{places}条不到10个字，看看是否具体。")
    return Check("建议", "done", "具体", f"共{len(facts.suggestions)}条，每条都有内容。")


def _near(proposal: Proposal) -> list[Check]:
    near = near_titles(proposal.title, Proposal.objects.received(), without=proposal.pk, limit=3)
    if not near:
        return [Check("相近的", "done", "没有", "没有案由相近的提案。")]
    links = tuple(
        (
            row.get_absolute_url(),
            f"{row.session.name}{row.case_no or row.intake_no or ''}　{row.title}（同写：{'、'.join(words)}）",
        )
        for row, words in near
    )
    return [Check("相近的", "soon", f"{len(near)}件", "", links)]


def review_batch(request: HttpRequest) -> HttpResponse:
    """File many at once: the numbers they will get are shown before the button is pressed."""
    _require(request)
    step = request.POST.get("step") or request.GET.get("step", "decide")
    if step not in STEPS:
        raise Http404
    given = request.POST.getlist("pick") or request.GET.get("ids", "").split(",")
    ids = [int(pk) for pk in given if pk.isdecimal()]
    rows = Proposal.objects.visible_to(request.user).filter(pk__in=ids).for_list()
    rows = list(rows.only(*ONLY, "year").order_by("submitted_on", "intake_no", "pk"))
    able, unable = _split(rows, step, request.user)
    form = BatchForm(request.POST or None)
    if request.method == "POST" and "go" in request.POST and form.is_valid() and able:
        title, label = STEPS[step]
        if step == "decide" and (page := ask_first(
            request, question=f"准予立案{len(able)}件？",
            consequence="编了案号不能再改。提案者马上收到通知，正文从此定下。",
            label=f"准予立案{len(able)}件", back_url=reverse("proposals:review"),
        )):  # fmt: skip
            return page
        act = service.decide_many if step == "decide" else service.recommend_many
        result = act([row.pk for row in able], actor=request.user, outcome="file", note=form.cleaned_data["note"])
        _say_batch(request, result, label)
        return redirect("proposals:review")
    context = {
        "step": step,
        "title": STEPS[step][0],
        "label": STEPS[step][1],
        "rows": _numbered(able) if step == "decide" else [(row, None) for row in able],
        "unable": unable,
        "back": [("回到待审查", reverse("proposals:review"))],
        "form": form,
    }
    return render(request, "proposals/proposal_review_batch.html", context)


def _split(rows: list[Proposal], step: str, user) -> tuple[list[Proposal], list[tuple[Proposal, str]]]:
    """Those that may be done in the batch, and the others with the reason."""
    able: list[Proposal] = []
    unable: list[tuple[Proposal, str]] = []
    for row in rows:
        problem = _problem(row, step, user)
        if problem:
            unable.append((row, problem))
        else:
            able.append(row)
    return able, unable


def _problem(row: Proposal, step: str, user) -> str:
    if row.status not in WAITING:
        return f"现在是“{row.get_status_display()}”，不用审。"
    if step == "recommend":
        return "已有初审意见，等待复审。" if row.first_reviewer_id else ""
    if row.first_reviewer_id is None:
        return "还没有初审意见。"
    if row.first_reviewer_id == user.pk:
        return "初审是您提的，请另一位同事复审。"
    if row.first_opinion != "file":
        return f"初审意见是“{service.OPINIONS.get(row.first_opinion, '')}”，请单独复审。"
    return ""


def _numbered(rows: list[Proposal]) -> list[tuple[Proposal, int]]:
    """Each row with the number it will get if nobody files in between."""
    following: dict[int, int] = {}
    found = []
    for row in rows:
        number = following.get(row.session_id) or numbering.peek(case_scope(row.session))
        found.append((row, number))
        following[row.session_id] = number + 1
    return found


def _say_batch(request: HttpRequest, result, label: str) -> None:
    """What was done, and each that was not with its reason."""
    if result.done:
        numbers = [row.number for row in result.done if row.number]
        if len(numbers) > 1:
            given = f"，编第{min(numbers)}至{max(numbers)}号"
        else:
            given = f"，编第{numbers[0]}号" if numbers else ""
        messages.success(request, f"{label}{len(result.done)}件{given}。")
    for row, problem in result.refused:
        messages.error(request, f"{row.intake_no} {row.title}：{problem}")
