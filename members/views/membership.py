"""Changes of membership 任职变动: co-opt, leave, move, give and end posts; the history; several at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import acts
from core.acting import ask_first, attempt
from core.errors import Refusal
from members.models import Body, Member, Membership, MembershipChange
from members.people import selectors as selectors_people
from members.people.filters import people, picked
from members.people.forms import CoOptForm, LeaveForm, MoveForm, PlaceForm, PostForm, UndoForm
from members.people.forms_party import BranchPlaceForm, ContactForm
from members.services import changes, membership, party
from members.services.membership import MEMBER

TITLES = {
    "sector": "转任界别", "committee": "调整专委会", "studio": "调整工作室", "appoint": "登记任职", "dismiss": "免去职务",
    "leave": "辞去、撤销、去世或调离",
}  # fmt: skip
PLACES = {
    "committee": ("编入专委会", "members.manage_people"),
    "studio": ("编入工作室", "members.manage_people"),
    "branch": ("编入支部", "members.manage_party"),
    "contact": ("指定党员联系人", "members.manage_party"),
}


def _office(request: HttpRequest) -> None:
    if not request.user.has_perm("members.manage_people"):
        raise PermissionDenied


def _page(request: HttpRequest, form: forms.Form, **context: Any) -> HttpResponse:
    return render(
        request, "members/membership_form.html", {"form": form, **context}, status=422 if form.errors else 200
    )


def _tell(request: HttpRequest, change: MembershipChange) -> None:
    """Say what was recorded, and what it brought about."""
    told = "".join(change.detail["told"])
    messages.success(
        request, f"已登记：{change.member.name}{change.summary}。{told}写错了，当天可以在“变动经过”里撤回。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def co_opt(request: HttpRequest) -> HttpResponse:
    """Register a new member 增补."""
    _office(request)
    form = CoOptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        change = _try(form, lambda: membership.co_opt(actor=request.user, **form.cleaned_data))
        if change:
            _tell(request, change)
            return redirect("members:item", pk=change.member_id)
    lede = "增补先由主席会议审议，再由常委会协商决定，两次会议都要写明。以前当过委员的，用原来的编号。"
    return _page(request, form, title="增补委员", lede=lede, label="登记增补")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Register one change of one member in office."""
    _office(request)
    if verb not in TITLES:
        raise Http404
    member = get_object_or_404(Member.objects.select_related("sector", "committee", "studio"), pk=pk)
    if not member.is_active:
        messages.error(request, f"{member.name}已不在任，不能再登记这项变动。")
        return redirect("members:item", pk=pk)
    form = _form(verb, member, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if verb == "leave" and (page := _ask(request, member, form)):
            return page
        done = _try(form, lambda: _act(verb, member, request, form.cleaned_data))
        if done:
            _tell(request, done)
            return redirect("members:item", pk=pk)
    context = {"member": member, "title": TITLES[verb], "label": "登记", "held": selectors_people.posts_of(member)}
    return _page(request, form, **context)


def _form(verb: str, member: Member, data: Any) -> forms.Form:
    if verb == "leave":
        return LeaveForm(data)
    if verb == "appoint":
        return PostForm(data)
    if verb == "dismiss":
        held = Membership.objects.filter(member=member, ends=None).exclude(post=MEMBER)
        return PostForm(data, posts=tuple(held.values_list("post", flat=True)))
    return MoveForm(data, kind=verb, initial={"body": getattr(member, membership.REPEATED[verb])})


def _act(verb: str, member: Member, request: HttpRequest, data: dict[str, Any]) -> MembershipChange:
    if verb in membership.REPEATED:
        return membership.move(member, actor=request.user, kind=verb, **data)
    act: Callable[..., MembershipChange] = getattr(membership, verb)
    return act(member, actor=request.user, **data)


def _ask(request: HttpRequest, member: Member, form: forms.Form) -> HttpResponse | None:
    kind = dict(form.fields["kind"].choices)[form.cleaned_data["kind"]]
    account = "他的账号会停用，正在登录的会退出，委员的角色会收回。" if member.user_id else ""
    return ask_first(
        request,
        question=f"{member.name}{kind}？",
        consequence=f"他的职务、所在专委会、工作室和支部都到这一天为止。{account}没有提交的提案草稿不删，提案委能看到。",
        label="登记",
        back_url=request.path,
    )


def _try(form: forms.Form, act: Callable[[], MembershipChange]) -> MembershipChange | None:
    """The change, or the reason against it at the field that it names."""
    try:
        return act()
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """All that happened to a membership, with the decisions and who recorded them."""
    member = get_object_or_404(Member, pk=pk)
    if not selectors_people.sees_history(request.user, member):
        raise PermissionDenied
    context = {
        "member": member, "lines": selectors_people.history(member), "held": selectors_people.posts_of(member),
        "may_undo": request.user.has_perm("members.manage_people"), "form": UndoForm(member=member),
    }  # fmt: skip
    return render(request, "members/membership_history.html", context)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last change of the day back."""
    _office(request)
    member = get_object_or_404(Member, pk=pk)
    form = UndoForm(request.POST, member=member)
    if not form.is_valid():
        messages.error(request, "请写明为什么撤回。")
    else:
        data = form.cleaned_data
        attempt(
            request, lambda: changes.undo(data["change"], actor=request.user, reason=data["reason"]),
            f"已撤回“{data['change'].summary}”，记录留在变动经过里。",
        )  # fmt: skip
    return redirect("members:history", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, kind: str) -> HttpResponse:
    """Put the picked members into one committee, studio or branch, or give them one contact."""
    if kind not in PLACES:
        raise Http404
    title, permission = PLACES[kind]
    if not request.user.has_perm(permission):
        raise PermissionDenied
    rows = list(people(picked(request.GET.get("ids", ""))))
    made = {"branch": BranchPlaceForm, "contact": ContactForm}.get(kind)
    data = request.POST or None
    form = made(data) if made else PlaceForm(data, kind=kind)
    if request.method == "POST" and form.is_valid() and rows and _placed(request, kind, rows, form):
        return redirect("members:party" if kind in ("branch", "contact") else "members:list")
    context = {"title": title, "label": f"{title}（{len(rows)}人）", "rows": rows}
    return _page(request, form, **context)


def _placed(request: HttpRequest, kind: str, rows: list[Member], form: forms.Form) -> bool:
    """Do it to all: a coverage to everybody or nobody, a committee or studio to each on his own."""
    data = form.cleaned_data
    if kind in ("branch", "contact"):
        act = party.place_in_branch if kind == "branch" else party.give_contact
        target = data["branch" if kind == "branch" else "contact"]
        done = f"{len(rows)}人，{'已编入' + target.name if kind == 'branch' else '由' + target.name + '联系'}。"
        return attempt(request, lambda: act(rows, target, actor=request.user, on=data["on"]), done, form)
    body: Body = data["body"]
    result = acts.run_batch(
        rows,
        lambda row: membership.move(
            row, actor=request.user, kind=kind, body=body, on=data["on"], decision=data["decision"]
        ),
    )
    if result.done:
        messages.success(request, f"{len(result.done)}人已编入{body.name}。")
    for row, reason in result.refused[:10]:
        messages.warning(request, f"{row.name}没有编入：{reason}")
    if len(result.refused) > 10:
        messages.warning(request, f"另有{len(result.refused) - 10}人没有编入。")
    return True
