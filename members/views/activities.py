"""Pages of activities 履职活动: the list, one of them, planning and reporting, and what is done to one."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core import attachments, exporting, paging, spreadsheets, workflow
from core.acting import ask_first, attempt
from members.activities import export as activity_export
from members.activities import lists as activity_lists
from members.activities import pages as activity_pages
from members.activities import selectors
from members.activities.filters import ORDER, ActivityFilter
from members.activities.forms import (
    LEAVE_REASONS,
    ActivityForm,
    FilesForm,
    HoldForm,
    PlainForm,
    ReasonForm,
    ReportForm,
)
from members.activities.workflow import is_plenary
from members.models import Role
from members.models.activities import Activity, Attendance
from members.services import activities, attendance, releasing, signin

PAGE = 30
MOST_PICKED = 300


@require_safe
def activity_list(request: HttpRequest) -> HttpResponseBase:
    """The activities that this person may see, by the conditions in the address."""
    user = request.user
    filters = ActivityFilter(request.GET, user=user)
    rows = filters.apply(Activity.objects.visible_to(user))
    if request.GET.get("format") == "xlsx":
        return exporting.answer(request, "activities")
    shown = rows.select_related("organizer", "reported_by").defer("text", "sign_in_secret")
    page = paging.turn(shown, request.GET, ORDER, size=PAGE)
    _with_people(page.rows, user)
    verifies = user.has_role(Role.LIAISON, Role.COMMITTEE)
    context = {
        "rows": page.rows,
        "page": page,
        "filters": filters,
        "active_filters": filters.chips(request.GET),
        "clear_url": reverse("members:activities"),
        "export_url": f"{paging.without(request.GET, 'format')}&format=xlsx".replace("?&", "?"),
        "batch_actions": [("verify", "核实")]
        if verifies and any(row.status == "reported" for row in page.rows)
        else [],
        "batch_url": reverse("members:activities_batch"),
        "unit_word": "项",
        "may_plan": user.has_perm("members.plan_activity"),
        "may_report": user.has_role(Role.MEMBER, Role.CONVENER) and bool(user.member_id),
        "kinds": selectors.STATE_KINDS,
    }
    return render(request, "members/activity_list.html", context)


def _with_people(rows: list[Activity], user: Any) -> None:
    """Give each row how many were there and how this person stands; two queries for all of them."""
    counted = activity_export.with_tallies(Activity.objects.filter(pk__in=[row.pk for row in rows])).order_by()
    tallies = {pk: (asked, present) for pk, asked, present in counted.values_list("pk", "asked", "present")}
    own = {}
    if user.has_role(Role.MEMBER, Role.CONVENER) and user.member_id:
        mine = Attendance.objects.filter(activity__in=rows, member_id=user.member_id)
        own = {row.activity_id: row for row in mine}
    for row in rows:
        row.asked, row.present = tallies.get(row.pk, (0, 0))
        row.own = own.get(row.pk)
        row.state_kind = selectors.STATE_KINDS[row.status]


def workbook(file: Any, name: str) -> FileResponse:
    """A spreadsheet to be saved."""
    response = FileResponse(file, as_attachment=True, filename=name)
    response["Content-Type"] = spreadsheets.CONTENT_TYPE
    return response


@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Verify the picked reports, each on its own; what cannot be is named with the reason."""
    if not request.user.has_role(Role.LIAISON, Role.COMMITTEE):
        raise PermissionDenied
    back = f"{reverse('members:activities')}?state=reported"
    ids = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 18][:MOST_PICKED]
    if not ids:
        messages.warning(request, "还没有选。在每行左边打勾，再点“核实”。")
        return redirect(back)
    rows = Activity.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk")
    result = activities.verify_many(rows, actor=request.user)
    if result.done:
        messages.success(request, f"已核实{len(result.done)}项，记入履职档案。")
    for row, reason in result.refused[:10]:
        messages.warning(request, f"“{row.title}”没有核实：{reason}")
    if len(result.refused) > 10:
        messages.warning(request, f"另有{len(result.refused) - 10}项没有核实。")
    return redirect(back)


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: what it is, who comes, what this person may do."""
    activity = selectors.get_activity(request.user, pk)
    return render(request, "members/activity_item.html", item_context(request, activity))


def item_context(request: HttpRequest, activity: Activity) -> dict[str, Any]:
    """Everything that the page of ``activity`` shows to this person."""
    user = request.user
    own = None
    if user.member_id:
        own = activity.attendances.filter(member_id=user.member_id).first()
    sees = selectors.sees_people(user, activity)
    counts = selectors.tallies(activity) if sees else {}
    today = timezone.localdate()
    open_ = activity.status == "notified"
    may_sign_up = bool(open_ and user.member_id and own is None and activity.sign_up_until)
    return {
        "activity": activity,
        "led_by": activity_pages.claimed([activity.pk]).get(activity.pk, ""),
        "state_kind": selectors.STATE_KINDS[activity.status],
        "own": own,
        "own_kind": selectors.ATTENDANCE_KINDS[own.state] if own else "",
        "may_answer": bool(open_ and (own is not None or may_sign_up)),
        "may_sign_up": may_sign_up,
        "sign_up_over": bool(activity.sign_up_until and today > activity.sign_up_until),
        "leave_reasons": LEAVE_REASONS,
        "shows_code": bool(open_ and activity.sign_in_open and own is not None and own.state != "present"),
        "sees_people": sees,
        "figures": selectors.figures(activity, counts) if sees and not activity.reported_by_id else [],
        "counts": counts,
        "leave_rows": _leave_rows(activity, user) if sees and open_ else [],
        "may_decide": attendance.may_decide_leave(activity, user),
        "plenary": is_plenary(activity),
        "buttons": selectors.buttons(activity, user),
        "files": [_file(row, user) for row in attachments.files_of(activity)],
        "files_form": FilesForm() if activities.may_add_files(activity, user) else None,
        "timeline": selectors.timeline(activity, without=selectors.QUIET)
        if sees or activity.reported_by_id and activity.reported_by_id == user.member_id
        else [],
    }


def _leave_rows(activity: Activity, user: Any) -> list[Attendance]:
    asked = activity.attendances.filter(state=Attendance.State.LEAVE_ASKED)
    return list(asked.select_related("member__sector").order_by("changed_at"))


def _file(row: Any, user: Any) -> dict[str, Any]:
    found = {"name": row.name, "url": reverse("core:file", args=[row.uuid]), "size": row.size}
    if row.content_type in releasing.PICTURES and user.has_perm(releasing.RELEASE):
        found["release_url"] = reverse("members:photo_release", args=[row.uuid])
    return found


def new(request: HttpRequest) -> HttpResponse:
    """Plan an activity, or enter one that took place already with those who were there."""
    if not request.user.has_perm("members.plan_activity"):
        raise Http404
    form = ActivityForm(request.POST or None, user=request.user, initial=_start(request))
    found = activity_lists.Found()
    if request.method == "POST" and form.is_valid():
        made: list[Activity] = []
        if "held" in request.POST:
            found = activity_lists.read(form.cleaned_data["people"], activity_lists.in_office())
            if found.problems:
                form.add_error("people", f"有{len(found.problems)}个没认出来：{'；'.join(found.problems[:20])}")
            elif not found.ids:
                form.add_error("people", "请写参加的委员。")
            else:
                attempt(request, lambda: made.append(activities.record_held(found.ids, actor=request.user, **form.values())), "已登记，记入履职档案。", form)  # fmt: skip
        else:
            attempt(request, lambda: made.append(activities.plan(actor=request.user, **form.values())), "已登记。接着选请哪些委员。", form)  # fmt: skip
        if made:
            return redirect(
                made[0] if "held" in request.POST else reverse("members:activity_invite", args=[made[0].pk])
            )
    context = {"form": form, "heading": "登记活动", "is_new": True, "back_url": reverse("members:activities")}
    return render(request, "members/activity_form.html", context, status=_status(form))


def _start(request: HttpRequest) -> dict[str, Any]:
    """What a new activity begins with: today, and the topic that the address names."""
    topic = request.GET.get("topic", "")
    start: dict[str, Any] = {"on": timezone.localdate()}
    return start | ({"topic": int(topic), "kind": "research"} if topic.isdecimal() and len(topic) < 18 else {})


def report(request: HttpRequest) -> HttpResponse:
    """A member reports what he took part in."""
    if not (request.user.has_role(Role.MEMBER, Role.CONVENER) and request.user.member_id):
        raise Http404
    form = ReportForm(request.POST or None, request.FILES or None, initial={"on": timezone.localdate()})
    made: list[Activity] = []
    if request.method == "POST" and form.is_valid():
        files = _given(form)
        done = "已报给委员联络室，核实以后记入履职档案。"
        if attempt(request, lambda: made.append(activities.report(actor=request.user, files=files, **form.values())), done, form):  # fmt: skip
            return redirect(made[0])
    context = {"form": form, "heading": "自报活动", "is_report": True, "back_url": reverse("members:activities")}
    return render(request, "members/activity_form.html", context, status=_status(form))


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an activity that one runs, or a report of one's own."""
    activity = selectors.get_activity(request.user, pk)
    if elsewhere := _elsewhere(request, activity):
        return elsewhere
    own = request.user.has_perm("members.write_report", activity)
    verb = "report_again" if own else "change"
    if not own and not request.user.has_perm("members.run_activity", activity):
        raise Http404
    if problem := workflow.refusal(activity, verb, request.user):
        messages.error(request, problem)
        return redirect(activity)
    copy = Activity.objects.get(pk=pk)  # the form writes into it
    if own:
        form: Any = ReportForm(request.POST or None, request.FILES or None, instance=copy)
    else:
        form = ActivityForm(request.POST or None, instance=copy, user=request.user)
    if request.method == "POST" and form.is_valid():
        values, reason = form.values(), form.cleaned_data.get("reason", "")
        if own:
            values["files"] = _given(form)
        write = activities.report_again if own else partial(activities.change, reason=reason)
        if attempt(request, lambda: write(activity, actor=request.user, **values), "已改好。", form):
            return redirect(activity)
    context = {"form": form, "heading": "改自报" if own else "改活动", "is_report": own, "activity": activity,
               "back_url": activity.get_absolute_url()}  # fmt: skip
    return render(request, "members/activity_form.html", context, status=_status(form))


def _elsewhere(request: HttpRequest, activity: Activity) -> HttpResponse | None:
    """Lead to the page of what the activity belongs to, so that the two never say different things."""
    page = activity_pages.claimed([activity.pk]).get(activity.pk)
    if page is None:
        return None
    messages.info(request, "这是一场协商的出席。改时间地点、登记举行、取消，都在协商页上办。")
    return redirect(page)


def _given(form: Any) -> list[Any]:
    return [file for file in form.cleaned_data.get("files") or [] if file]


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


DONE = {
    "notify": "通知已发出，每人一条。",
    "open_sign_in": "可以签到了。",
    "close_sign_in": "签到停了。没有签到的，登记举行时记为缺席。",
    "hold": "已登记举行，出席记入履职档案。",
    "cancel": "已取消，请到的委员会收到消息。",
    "annul": "已作废，履职档案里的记录已冲销。",
    "withdraw": "已撤回。",
    "verify": "已核实，记入履职档案。",
    "return": "已退回，委员会收到消息。",
    "unverify": "已撤销核实。",
}
RUN: dict[str, Callable[..., Any]] = {
    "notify": activities.notify,
    "open_sign_in": signin.open_sign_in,
    "close_sign_in": signin.close_sign_in,
    "hold": activities.hold,
    "cancel": activities.cancel,
    "annul": activities.annul,
    "withdraw": activities.withdraw,
    "verify": activities.verify,
    "return": activities.send_back,
    "unverify": activities.unverify,
}
LED = ("notify", "hold", "cancel")
"""Acts that belong to the record which shows the activity on its own page, where there is one."""
AT_ONCE = ("notify", "open_sign_in", "close_sign_in", "verify")


def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one act on its own page: say what follows from it, ask what it needs, do it."""
    activity = selectors.get_activity(request.user, pk)
    row = workflow.process_of(activity).transitions.get(verb)
    if row is None or verb not in RUN or not request.user.has_perm(row.permission, activity):
        raise Http404
    if verb in LED and (elsewhere := _elsewhere(request, activity)):
        return elsewhere
    if problem := workflow.refusal(activity, verb, request.user):
        messages.error(request, problem)
        return redirect(activity)
    form = _act_form(request, activity, verb)
    if request.method == "POST" and form.is_valid():
        if row.confirm and (
            page := ask_first(
                request, question=f"{row.label}：{activity.title}？", consequence=row.confirm, label=row.label,
                back_url=activity.get_absolute_url(),
            )
        ):  # fmt: skip
            return page
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        if attempt(request, lambda: RUN[verb](activity, actor=request.user, **values), DONE[verb], form):
            target = "members:signin_host" if verb == "open_sign_in" else "members:activity"
            return redirect(target, activity.pk)
    context = {"activity": activity, "form": form, "label": row.label, "consequence": row.confirm,
               "at_once": verb in AT_ONCE, "counts": selectors.tallies(activity) if verb == "hold" else None}  # fmt: skip
    return render(request, "members/activity_act.html", context, status=_status(form))


def _act_form(request: HttpRequest, activity: Activity, verb: str) -> Any:
    data = request.POST if request.method == "POST" else None
    if verb == "hold":
        return HoldForm(data, instance=Activity.objects.get(pk=activity.pk))
    return ReasonForm(data) if workflow.process_of(activity)[verb].needs_reason else PlainForm(data)


@require_POST
def add_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep evidence with an activity."""
    activity = selectors.get_activity(request.user, pk)
    if not activities.may_add_files(activity, request.user):
        raise Http404
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid() and _given(form):
        attempt(request, lambda: activities.add_files(activity, _given(form), actor=request.user), "附件传上去了。")
    else:
        messages.warning(request, "还没有选文件。")
    return redirect(f"{activity.get_absolute_url()}#files")


@require_safe
def print_view(request: HttpRequest, pk: int) -> HttpResponse:
    """An activity as a paper: what it was, who was there."""
    activity = selectors.get_activity(request.user, pk)
    people: list[Attendance] = []
    if selectors.sees_people(request.user, activity):
        people = list(activity.attendances.select_related("member__sector").order_by("member__code"))
    context = {"activity": activity, "people": people, "counts": selectors.tallies(activity) if people else {},
               "files": [_file(row, request.user) for row in attachments.files_of(activity)]}  # fmt: skip
    return render(request, "members/activity_print.html", context)
