"""Members take part in an online deliberation 网络议政: one opinion at a time, and opinions of their own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultations.deliberation import forms, selectors
from consultations.deliberation.participants import member_key
from consultations.models import Deliberation, OpinionStatus
from consultations.services import deliberation
from core import paging, workflow
from core.acting import attempt
from core.errors import Refusal
from members.models import Member

NEWEST = (paging.Key("closes_at", True), paging.Key("id", True))
LATEST = (paging.Key("id", True),)
PAGE = 20


def get_deliberation(request: HttpRequest, pk: int) -> Deliberation:
    """One deliberation that the person may read, or 404."""
    rows = Deliberation.objects.visible_to(request.user).select_related("consultation__organizer")
    return get_object_or_404(rows, pk=pk)


def seat_of(request: HttpRequest, row: Deliberation) -> selectors.Seat:
    """The seat of the member who is signed in; nobody else takes part here."""
    if not request.user.has_perm("consultations.take_part"):
        raise PermissionDenied
    member_id = request.user.member_id
    return selectors.seat(row, member_key(row, member_id), member_id)


def said_value(request: HttpRequest) -> tuple[int, int]:
    """The opinion and the vote in a post; what cannot be read is refused in words."""
    try:
        return int(request.POST.get("opinion", "")), int(request.POST.get("value", ""))
    except ValueError as error:
        raise Refusal("没有看懂您的表态，请再点一次。") from error


@require_safe
def deliberations(request: HttpRequest) -> HttpResponse:
    """The deliberations that the person may read, those that end last first."""
    page = paging.turn(
        Deliberation.objects.visible_to(request.user).select_related("consultation").only(
            "status", "opens_at", "closes_at", "audience", "consultation__title"
        ), request.GET, NEWEST, size=PAGE,
    )  # fmt: skip
    context = {"rows": page.rows, "page": page, "unit_word": "场"}
    return render(request, "consultations/deliberation_list.html", context)


@never_cache
@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one deliberation: a member has his say, the office runs it."""
    row = get_deliberation(request, pk)
    runs = request.user.has_perm("consultations.run_deliberation", row)
    is_open = row.is_open()
    context: dict[str, Any] = {
        "row": row, "runs": runs, "is_open": is_open, "soon": row.status == "open" and row.opens_at > timezone.now(),
        "can": {move.verb for move in workflow.allowed(row, request.user)} if runs else set(),
        "vote_url": reverse("consultations:deliberation_vote", args=[row.pk]),
        "say_url": reverse("consultations:deliberation_say", args=[row.pk]),
        "mine_url": reverse("consultations:deliberation_mine", args=[row.pk]),
    }  # fmt: skip
    if request.user.has_perm("consultations.take_part") and is_open:
        context |= selectors.progress(row, seat_of(request, row)) | {"takes_part": True, "form": forms.SayForm()}
    if runs:
        counts = [(status.label, row.opinions.filter(status=status).count()) for status in OpinionStatus]
        context |= {"counts": counts, "held": counts[0][1], "people": row.participants.count()}
        context["seed_form"] = forms.SayForm(auto_id="seed-%s") if row.status != "closed" else None
    return render(request, "consultations/deliberation_item.html", context)


@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one vote; then the next opinion, or back to one's own votes."""
    row = get_deliberation(request, pk)
    at = seat_of(request, row)
    try:
        opinion, value = said_value(request)
        deliberation.vote(row, opinion, value, key=at.key, member_id=at.member_id)
    except Refusal as problem:
        messages.error(request, str(problem))
    if request.POST.get("next") == "mine":
        return redirect("consultations:deliberation_mine", row.pk)
    return redirect(row)


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an opinion: a member his own, the office (``seed``) one to begin with."""
    row = get_deliberation(request, pk)
    form = forms.SayForm(request.POST)
    seed = bool(request.POST.get("seed"))
    member = None
    if not seed:
        seat_of(request, row)
        member = Member.objects.get(pk=request.user.member_id)
    if not form.is_valid():
        messages.error(request, "请先写意见。")
        return redirect(row)
    made: list[Any] = []
    text = form.cleaned_data["text"]
    if attempt(request, lambda: made.append(
        deliberation.say(row, text=text, member=member, actor=request.user)
    ), "收到了。" if seed else "收到了，审核、公开到哪一步在“我的意见”里看。", form):  # fmt: skip
        return redirect(row)
    messages.error(request, str(next(iter(form.errors.values()))[0]))
    return redirect(row)


@never_cache
@require_safe
def mine(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one's own opinions, and one's votes, which may be changed while it is open."""
    row = get_deliberation(request, pk)
    at = seat_of(request, row)
    page = paging.turn(selectors.own_votes(at), request.GET, LATEST, size=PAGE)
    context = {
        "row": row, "is_open": row.is_open(), "opinions": selectors.own_opinions(row, at), "rows": page.rows,
        "page": page, "vote_url": reverse("consultations:deliberation_vote", args=[row.pk]), "back_url": row.get_absolute_url(),
        "unit_word": "条",
    }  # fmt: skip
    return render(request, "consultations/deliberation_mine.html", context)
