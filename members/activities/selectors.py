"""Reads of activities 履职活动: one as a person sees it, whom bodies name, what he may do, what happened."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core import audit, workflow
from members.models import Body, Member, Placement, Role
from members.models.activities import Activity, ActivityStatus, Attendance, ResearchTopic

State = Attendance.State
SHOWN_EVENTS = 60
QUIET = ("activity.signed_in", "activity.come", "activity.invite")
"""What happens a hundred times at one activity and would bury the rest of its timeline."""

STATE_KINDS = {
    "planned": "", "notified": "info", "held": "done", "cancelled": "", "reported": "soon", "returned": "over",
    "verified": "done", "researching": "info", "adopted": "honour", "closed": "done",
}  # fmt: skip
ATTENDANCE_KINDS = {
    "invited": "", "coming": "info", "leave_asked": "soon", "on_leave": "", "leave_refused": "over", "present": "done",
    "absent": "over",
}  # fmt: skip


@dataclass(frozen=True)
class Button:
    """One thing that the person may do now; ``strong`` marks the one that is expected next."""

    label: str
    url: str
    strong: bool = False
    post: bool = False


def get_activity(user: Any, pk: int) -> Activity:
    """One activity that ``user`` may see, or 404."""
    rows = Activity.objects.visible_to(user).select_related("organizer", "topic", "reported_by", "verified_by")
    return get_object_or_404(rows, pk=pk)


def get_run(user: Any, pk: int) -> Activity:
    """One activity that ``user`` runs, or 404."""
    activity = get_activity(user, pk)
    if not user.has_perm("members.run_activity", activity) or activity.reported_by_id:
        raise Http404
    return activity


def get_topic(user: Any, pk: int) -> ResearchTopic:
    """One research topic that ``user`` may see, or 404."""
    return get_object_or_404(ResearchTopic.objects.visible_to(user).select_related("body", "leader"), pk=pk)


def members_of(body_ids: Collection[int], *, whole: bool = False, standing: bool = False) -> list[int]:
    """Ids of the members in office whom bodies of any kind name, or all of them."""
    active = Member.objects.filter(is_active=True)
    wanted = Q(pk__in=[])
    if whole:
        wanted = Q()
    elif body_ids or standing:
        wanted = Q(sector_id__in=body_ids) | Q(committee_id__in=body_ids) | Q(studio_id__in=body_ids)
        placed = Placement.objects.filter(body_id__in=body_ids, ends__isnull=True)
        wanted |= Q(pk__in=placed.values("member_id"))
        for name in Body.objects.filter(pk__in=body_ids, kind=Body.Kind.PARTY).values_list("name", flat=True):
            wanted |= _of_party(name)
        if standing:
            wanted |= Q(is_standing=True)
    return list(active.filter(wanted).order_by("code").values_list("pk", flat=True))


PARTIES = ("中共", "民革", "民盟", "民建", "民进", "农工", "致公", "九三", "台盟", "无党派")


def _of_party(name: str) -> Q:
    """Members whose political status (民盟盟员, 中共党员) names the party that a body's name holds."""
    found = Q(pk__in=[])
    for party in PARTIES:
        if party in name:
            found |= Q(political_status__startswith=party)
    return found


def tallies(activity: Activity) -> dict[str, int]:
    """How many are in each state, and in all."""
    counts = dict(activity.attendances.order_by().values_list("state").annotate(count=Count("pk")))
    return {**{state.value: counts.get(state.value, 0) for state in State}, "all": sum(counts.values())}


def figures(activity: Activity, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The tallies as the page's row of numbers, each the list that it counts."""
    url = reverse("members:activity_people", args=[activity.pk])
    wanted = [("all", "请到", ""), ("present", "到会", "present"), ("on_leave", "请假", "on_leave")]
    if activity.status in (ActivityStatus.PLANNED, ActivityStatus.NOTIFIED):
        wanted[1:1] = [("coming", "说来的", "coming"), ("invited", "没回复", "invited")]
    else:
        wanted.append(("absent", "缺席", "absent"))
    return [
        {"value": counts[key], "unit": "人", "name": name, "url": f"{url}?state={state}" if state else url}
        for key, name, state in wanted
    ]


VERBS = (
    "notify", "open_sign_in", "close_sign_in", "hold", "verify", "return", "unverify", "cancel", "annul", "withdraw",
)  # fmt: skip
LAST = ("取消活动", "作废")
"""Acts that stand below all others."""

EXPECTED = {"planned": "notify", "reported": "verify"}


def buttons(activity: Activity, user: Any) -> list[Button]:
    """What ``user`` may do now, the expected act first."""
    allowed = {row.verb: row.label for row in workflow.allowed(activity, user)}
    if "open_sign_in" in allowed and "close_sign_in" in allowed:
        del allowed["open_sign_in" if activity.sign_in_open else "close_sign_in"]
    found = []
    strong = EXPECTED.get(activity.status, "hold")
    for verb in VERBS:
        if verb in allowed and not (verb == "hold" and workflow.refusal(activity, verb, user)):
            url = reverse("members:activity_act", args=[activity.pk, verb])
            # While people sign in, the desk 签到台 is what one comes for.
            found.append(Button(allowed[verb], url, verb == strong and not (verb == "hold" and activity.sign_in_open)))
    runs = user.has_perm("members.run_activity", activity) and not activity.reported_by_id
    if runs:
        found = _pages(activity, found)
    elif "report_again" in allowed:
        url = reverse("members:activity_edit", args=[activity.pk])
        found.insert(0, Button("改自报", url, activity.status == ActivityStatus.RETURNED))
    return sorted(found, key=lambda button: not button.strong)


def _pages(activity: Activity, found: list[Button]) -> list[Button]:
    """The ways to the pages of running an activity, around its acts."""

    def page(name: str) -> str:
        return reverse(f"members:{name}", args=[activity.pk])

    if activity.status in (ActivityStatus.PLANNED, ActivityStatus.NOTIFIED):
        first = [Button("请哪些委员", page("activity_invite"), not activity.attendances.exists())]
        if activity.status == ActivityStatus.NOTIFIED:
            first.append(Button("签到台", page("signin_host"), activity.sign_in_open))
        first += [Button("登记到会", page("activity_mark")), Button("打印签到表", page("activity_paper"))]
        if first[0].strong:
            found = [Button(row.label, row.url) for row in found]
        last = [row for row in found if row.label in LAST]
        found = [
            *(row for row in found if row.label not in LAST),
            *first,
            Button("改活动", page("activity_edit")),
            *last,
        ]
    elif activity.status == ActivityStatus.HELD:
        found = [Button("更正出席", page("activity_correct")), Button("改活动", page("activity_edit")), *found]
    return found


def timeline(root: models.Model, *, without: Collection[str] = ()) -> list[dict[str, Any]]:
    """What happened, the latest first, as ``components/_timeline.html`` takes it."""
    rows = audit.timeline(root).exclude(verb__in=without).order_by("-seq")[:SHOWN_EVENTS]
    return [
        {
            "at": row.at, "on": row.occurred_on, "recorded": row.at, "who": row.actor_name, "what": row.summary,
            "reason": row.reason,
        }
        for row in rows
    ]  # fmt: skip


def sees_people(user: Any, activity: Activity) -> bool:
    """Whether ``user`` reads who comes, who is on leave and why: who runs it, the office, leaders."""
    return user.has_role(Role.LIAISON, Role.LEADER) or user.has_perm("members.run_activity", activity)


def topic_buttons(topic: ResearchTopic, user: Any) -> list[Button]:
    """What ``user`` may do with a topic now."""
    found = []
    for row in workflow.process_of(topic).transitions.values():
        if not user.has_perm(row.permission, topic) or topic.status not in row.sources:
            continue
        if row.verb == "change":
            found.append(Button("改课题", reverse("members:topic_edit", args=[topic.pk])))
        else:
            strong = row.verb in ("start", "report", "adopt")
            found.append(Button(row.label, reverse("members:topic_act", args=[topic.pk, row.verb]), strong))
    return sorted(found, key=lambda button: not button.strong)
