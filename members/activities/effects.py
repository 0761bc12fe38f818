"""What follows from moves of activities and topics 通知: messages, each person once for each event."""

from datetime import date, timedelta
from typing import Any

from core import notices, outbox, reminders
from core.models import AuditEntry, Deadline
from core.reminders import Line
from core.templatetags.frame import cn_date, cn_day
from members.activities.pages import page_of
from members.activities.workflow import is_plenary
from members.models import Member, Role, RoleGrant
from members.models.activities import Activity, ActivityStatus, Attendance, ResearchTopic

State = Attendance.State
MOVED = ("on", "ends_on", "starts_at", "ends_at", "place")
"""Particulars of which people must be told when they change."""


def register() -> None:
    """Answer who is reminded of a topic's day, and remind of tomorrow's activities."""
    reminders.resolve_with("members.researchtopic", topic_lines)
    reminders.on_sweep(tomorrow)


@outbox.effect("members.activity_invited")
def invited(payload: dict) -> None:
    """Ask everybody who has not answered, once."""
    activity = Activity.objects.filter(pk=payload["id"], status=ActivityStatus.NOTIFIED).first()
    if activity is None:
        return
    must = "应到，来不了要请假。" if activity.must_attend else ""
    notices.notify(
        _accounts(activity.attendances.filter(state=State.INVITED)), key=f"activity:{activity.pk}:invited",
        title=f"请您参加：{activity.title}", body=f"{when_and_where(activity)}。{must}请回复参加还是请假。",
        url=page_of(activity),
    )  # fmt: skip


@outbox.effect("members.activity_changed")
def changed(payload: dict) -> None:
    """Tell those who are coming what day, hour or place was and is now; of another day also those on leave."""
    activity = Activity.objects.filter(pk=payload["id"], status=ActivityStatus.NOTIFIED).first()
    entry = AuditEntry.objects.filter(seq=payload["entry"]).first()
    changes = entry.detail.get("changes", {}) if entry else {}
    if activity is None or entry is None or not set(MOVED) & set(changes):
        return
    people = activity.attendances.all() if "on" in changes else activity.attendances.exclude(state=State.ON_LEAVE)
    again = "您原来的回复还在；改了日子，请再确认一次来不来。" if "on" in changes else ""
    notices.notify(
        _accounts(people), key=f"activity:{activity.pk}:changed:{entry.seq}", title=f"时间或地点改了：{activity.title}",
        body=f"{moved(changes, activity)}{again}", url=page_of(activity), urgent=True,
    )  # fmt: skip


def moved(changes: dict[str, list], now: Any) -> str:
    """What was and what is, in a sentence: 原来是…，现在是…; ``changes`` are a log entry's pairs of old and new."""
    old, new = Activity(), Activity()
    for name in MOVED:
        before, after = changes.get(name, [getattr(now, name, None)] * 2)
        setattr(old, name, Activity._meta.get_field(name).to_python(before))
        setattr(new, name, Activity._meta.get_field(name).to_python(after))
    return f"原来是{when_and_where(old)}；现在是{when_and_where(new)}。"


@outbox.effect("members.activity_cancelled")
def cancelled(payload: dict) -> None:
    """Tell everybody who was invited that it does not take place, and why."""
    activity = Activity.objects.get(pk=payload["id"])
    entry = AuditEntry.objects.filter(seq=payload["entry"]).first()
    if entry is None or entry.detail.get("from") != ActivityStatus.NOTIFIED:
        return
    notices.notify(
        _accounts(activity.attendances.all()), key=f"activity:{activity.pk}:cancelled",
        title=f"活动取消：{activity.title}", body=f"{when_and_where(activity)}的活动取消了。{entry.reason}",
        url=page_of(activity), urgent=True,
    )  # fmt: skip


@outbox.effect("members.leave_asked")
def leave_asked(payload: dict) -> None:
    """Tell who decides that a member asks for leave."""
    row = Attendance.objects.select_related("activity", "member").filter(pk=payload["attendance"]).first()
    if row is None or row.state != State.LEAVE_ASKED:
        return
    notices.notify(
        deciders(row.activity), key=f"activity:{row.activity_id}:leave:{row.pk}",
        title=f"{row.member}请假：{row.activity.title}", body=row.reason, url=f"{row.activity.get_absolute_url()}#leave",
    )  # fmt: skip


@outbox.effect("members.leave_decided")
def leave_decided(payload: dict) -> None:
    """Tell the member whether he has leave."""
    row = Attendance.objects.select_related("activity", "member").filter(pk=payload["attendance"]).first()
    if row is None or not row.member.user_id:
        return
    title = "已准假" if payload["grant"] else "没有准假"
    notices.notify(
        [row.member.user_id], key=f"activity:{row.activity_id}:decided:{row.pk}:{title}",
        title=f"{title}：{row.activity.title}", body=payload["reason"], url=page_of(row.activity),
        urgent=not payload["grant"],
    )  # fmt: skip


@outbox.effect("members.report_decided")
def report_decided(payload: dict) -> None:
    """Tell the member that his report counts, or what is missing."""
    activity = Activity.objects.select_related("reported_by").get(pk=payload["id"])
    if activity.reported_by is None or not activity.reported_by.user_id:
        return
    words = {"verify": "自报的活动已核实", "return": "自报的活动退回补充", "unverify": "自报的活动撤销核实"}
    entry = AuditEntry.objects.filter(seq=payload["entry"]).first()
    notices.notify(
        [activity.reported_by.user_id], key=f"activity:{activity.pk}:{payload['verb']}:{payload['entry']}",
        title=f"{words[payload['verb']]}：{activity.title}", body=entry.reason if entry else "",
        url=activity.get_absolute_url(), urgent=payload["verb"] != "verify",
    )  # fmt: skip


@outbox.effect("members.topic_moved")
def topic_moved(payload: dict) -> None:
    """Tell the team how far the topic is."""
    topic = ResearchTopic.objects.get(pk=payload["id"])
    people = topic.team.filter(user__is_active=True).values_list("user_id", flat=True)
    notices.notify(
        people, key=f"topic:{topic.pk}:{payload['entry']}", title=f"课题{topic.get_status_display()}：{topic.title}",
        url=topic.get_absolute_url(),
    )  # fmt: skip


def tomorrow(on: date) -> None:
    """Remind of tomorrow's activities those who come, or have not answered."""
    rows = Activity.objects.filter(status=ActivityStatus.NOTIFIED, on=on + timedelta(days=1))
    for activity in rows:
        people = activity.attendances.filter(state__in=[State.COMING, State.INVITED, State.LEAVE_REFUSED])
        notices.notify(
            _accounts(people), key=f"activity:{activity.pk}:tomorrow:{activity.on}",
            title=f"明天：{activity.title}", body=f"{when_and_where(activity)}。", url=page_of(activity),
        )  # fmt: skip


def topic_lines(rows: list[Deadline]) -> dict[int, Line]:
    """Who is told of a topic's day: the committee's staff and the team, then the members' liaison office."""
    topics = ResearchTopic.objects.in_bulk({row.subject_id for row in rows})
    bodies = {topic.body_id for topic in topics.values() if topic.body_id}
    staff: dict[int, list[int]] = {}
    grants = RoleGrant.objects.filter(role=Role.COMMITTEE, body__in=bodies, user__is_active=True)
    for body_id, user_id in grants.values_list("body_id", "user_id"):
        staff.setdefault(body_id, []).append(user_id)
    teams: dict[int, list[int]] = {}
    team = ResearchTopic.team.through.objects.filter(researchtopic_id__in=topics, member__user__is_active=True)
    for topic_id, user_id in team.values_list("researchtopic_id", "member__user_id"):
        teams.setdefault(topic_id, []).append(user_id)
    office = liaison_office()
    found = {}
    for row in rows:
        if topic := topics.get(row.subject_id):
            own = staff.get(topic.body_id or 0, [])
            first = [*own, *teams.get(topic.pk, [])] or office
            found[row.pk] = Line(f"课题“{topic.title}”", topic.get_absolute_url(), {1: first, 2: office, 3: office})
    return found


def deciders(activity: Activity) -> list[int]:
    """Accounts of those who decide on leave."""
    if is_plenary(activity) or activity.organizer_id is None:
        return liaison_office()
    roles = [Role.COMMITTEE, Role.CONVENER]
    grants = RoleGrant.objects.filter(role__in=roles, body_id=activity.organizer_id, user__is_active=True)
    return list(grants.values_list("user_id", flat=True)) or liaison_office()


def liaison_office() -> list[int]:
    """Accounts of the members' liaison office."""
    grants = RoleGrant.objects.filter(role=Role.LIAISON, user__is_active=True)
    return list(grants.values_list("user_id", flat=True))


def when_and_where(activity: Any) -> str:
    """Day, hours and place in one phrase: 2026年3月5日 9:00至11:30，区政协三楼会议室."""
    day = cn_date(activity.on)
    last = getattr(activity, "ends_on", None)
    if last and last != activity.on:
        day += f"至{cn_day(last)}"
    if activity.starts_at:
        day += f" {activity.starts_at:%-H:%M}"
        day += f"至{activity.ends_at:%-H:%M}" if activity.ends_at else ""
    return f"{day}，{activity.place}" if activity.place else day


def _accounts(rows) -> list[int]:
    people = Member.objects.filter(pk__in=rows.values("member_id"), user__is_active=True)
    return list(people.values_list("user_id", flat=True))
