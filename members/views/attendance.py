"""Pages of attendance 出席: whom to invite, answers and leave, who was there, corrections."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.acting import attempt
from members.activities import export as activity_export
from members.activities import lists as activity_lists
from members.activities import selectors
from members.activities.forms import CorrectForm, InviteForm, MarkForm
from members.models import Member
from members.models.activities import Activity, ActivityStatus, Attendance
from members.services import activities, attendance
from members.views.activities import workbook

State = Attendance.State
MOST = 2000
OPEN = (ActivityStatus.PLANNED, ActivityStatus.NOTIFIED)


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose whom to invite, by body and by list; who is not known is named, the others are invited."""
    activity = _open(request, pk)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        found = activity_lists.read(data["people"], activity_lists.in_office())
        chosen = selectors.members_of(form.body_ids(), whole=data["whole"], standing=data["standing"])
        wanted = list(dict.fromkeys([*chosen, *found.ids]))
        if not wanted and not found.problems:
            form.add_error(None, "还没有选人。在上面打勾，或贴一个名单。")
        elif attempt(request, lambda: _invite(request, activity, wanted), form=form):
            for problem in found.problems[:50]:
                messages.warning(request, f"没有认出来：{problem}")
            if not found.problems:
                return redirect(activity)
            form = InviteForm(initial={"people": "\n".join(_written(problem) for problem in found.problems)})
    context = {"activity": activity, "form": form, "counts": selectors.tallies(activity)}
    return render(request, "members/activity_invite.html", context)


def _invite(request: HttpRequest, activity: Activity, wanted: list[int]) -> None:
    if not wanted:
        return
    added = activities.invite(activity, wanted, actor=request.user)
    known = len(wanted) - added
    words = f"请了{added}位" + (f"，另有{known}位先前已经请过" if known else "")
    told = "，消息已发出。" if activity.status == ActivityStatus.NOTIFIED and added else "。"
    messages.success(request, words + told)


def _written(problem: str) -> str:
    return problem.partition("”")[0].lstrip("“")


def _open(request: HttpRequest, pk: int) -> Activity:
    activity = selectors.get_run(request.user, pk)
    if activity.status not in OPEN:
        raise Http404
    return activity


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The member's own 参加 or 请假."""
    activity = selectors.get_activity(request.user, pk)
    if not request.user.member_id:
        raise Http404
    if request.POST.get("answer") == "come":
        attempt(request, lambda: attendance.come(activity, actor=request.user), "已回复：参加。")
    else:
        reason = request.POST.get("quick") or request.POST.get("reason", "")
        done = "请假已送出，等批。" if activity.must_attend else "已回复：请假。"
        attempt(request, lambda: attendance.ask_leave(activity, actor=request.user, reason=reason), done)
    return redirect(activity)


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse one request for leave, or grant all."""
    activity = selectors.get_activity(request.user, pk)
    if not attendance.may_decide_leave(activity, request.user):
        raise Http404
    rows = activity.attendances.filter(state=State.LEAVE_ASKED)
    verb, _, number = request.POST.get("decision", "").partition(":")
    if verb != "all":
        rows = rows.filter(pk=int(number) if number.isdecimal() and len(number) < 18 else 0)
    chosen = list(rows)
    if not chosen:
        messages.warning(request, "这一条已经批过了。")
    for row in chosen:
        grant = verb != "refuse"
        reason = request.POST.get(f"reason-{row.pk}", "")
        done = f"{row.member}：{'准假' if grant else '不准假'}。"
        attempt(request, lambda row=row, grant=grant, reason=reason: attendance.decide_leave(row, actor=request.user, grant=grant, reason=reason), done)  # fmt: skip
    return redirect(f"{activity.get_absolute_url()}#leave")


def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was invited and how each stands, as a page and as a spreadsheet; taking somebody off the list."""
    activity = selectors.get_activity(request.user, pk)
    if not selectors.sees_people(request.user, activity):
        raise Http404
    if request.method == "POST":
        if not request.user.has_perm("members.run_activity", activity):
            raise Http404
        row = get_object_or_404(activity.attendances, pk=_number(request.POST.get("remove", "")))
        attempt(request, lambda: activities.uninvite(row, actor=request.user), "已从名单里去掉。")
        return redirect("members:activity_people", pk)
    if request.GET.get("format") == "xlsx":
        return workbook(activity_export.attendance(activity, actor=request.user), f"出席_{activity.on:%Y%m%d}.xlsx")
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    rows = activity.attendances.select_related("member__sector", "decided_by").order_by("member__code")
    shown = list((rows.filter(state=state) if state else rows)[:MOST])
    for row in shown:
        row.kind = selectors.ATTENDANCE_KINDS[row.state]
    context = {
        "activity": activity, "rows": shown, "state": state, "counts": selectors.tallies(activity),
        "states": State.choices, "may_remove": activity.status in OPEN
        and request.user.has_perm("members.run_activity", activity),
    }  # fmt: skip
    return render(request, "members/activity_people.html", context)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark who was there, from the paper list: by ticks, or by a pasted list whose unknown entries are named."""
    activity = _open(request, pk)
    form = MarkForm(request.POST or None)
    uninvited: list[Member] = []
    if request.method == "POST" and form.is_valid():
        admitted = [_number(text) for text in request.POST.getlist("admit")]
        if admitted:
            for member in Member.objects.filter(pk__in=admitted, is_active=True):
                attempt(request, lambda member=member: attendance.admit(activity, member, actor=request.user), f"{member}已加入名单并签到。")  # fmt: skip
            return redirect("members:activity_mark", pk)
        found = activity_lists.read(form.cleaned_data["people"], activity_lists.in_office())
        invited = set(activity.attendances.values_list("member_id", flat=True))
        uninvited = list(Member.objects.filter(pk__in=[pk for pk in found.ids if pk not in invited]).order_by("code"))
        wanted = [pk for pk in (*_picked(request), *found.ids) if pk in invited]
        way = Attendance.Way.STAFF if request.POST.get("way") == "staff" else Attendance.Way.PAPER
        counted: list[int] = []
        if not (wanted or found.problems or uninvited):
            form.add_error(None, "还没有选人。打勾，或贴一个名单。")
        elif attempt(request, lambda: counted.append(attendance.mark_present(activity, wanted, actor=request.user, way=way)), form=form):  # fmt: skip
            if wanted:
                before = len(set(wanted)) - counted[0]
                messages.success(
                    request, f"登记到会{counted[0]}人" + (f"，另有{before}人先前已签到。" if before else "。")
                )
            for problem in found.problems[:50]:
                messages.warning(request, f"没有认出来：{problem}")
            if not (found.problems or uninvited):
                return redirect("members:activity_mark", pk)
            form = MarkForm(initial={"people": "\n".join(_written(problem) for problem in found.problems)})
    context = {"activity": activity, "form": form, "rows": _sheet(activity), "uninvited": uninvited,
               "counts": selectors.tallies(activity)}  # fmt: skip
    return render(request, "members/activity_mark.html", context)


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct who was there after the activity was held, with a reason."""
    activity = selectors.get_run(request.user, pk)
    if activity.status != ActivityStatus.HELD:
        raise Http404
    form = CorrectForm(request.POST or None, initial={"state": "present"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        found = activity_lists.read(data["people"], activity_lists.in_office())
        wanted = {*_picked(request), *found.ids}
        if found.problems:
            form.add_error("people", f"有{len(found.problems)}个没认出来：{'；'.join(found.problems[:20])}")
        else:
            counted: list[int] = []
            if attempt(request, lambda: counted.append(attendance.correct(activity, wanted, actor=request.user, state=data["state"], reason=data["reason"], part=data["part"])), form=form):  # fmt: skip
                messages.success(request, f"更正了{counted[0]}人，履职档案已跟着更正。")
                return redirect(activity)
    context = {"activity": activity, "form": form, "rows": _sheet(activity), "correcting": True,
               "counts": selectors.tallies(activity), "picked": _picked(request)}  # fmt: skip
    return render(request, "members/activity_mark.html", context)


def _picked(request: HttpRequest) -> list[int]:
    return [_number(text) for text in request.POST.getlist("pick")]


def _sheet(activity: Activity) -> list[Any]:
    rows = list(activity.attendances.select_related("member__sector").order_by("member__code")[:MOST])
    for row in rows:
        row.kind = selectors.ATTENDANCE_KINDS[row.state]
    return rows


@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign-in sheet for the door: a number, a name and a box for each who is invited."""
    activity = selectors.get_run(request.user, pk)
    context = {"activity": activity, "rows": _sheet(activity), "back_url": reverse("members:activity", args=[pk])}
    return render(request, "members/activity_paper.html", context)
