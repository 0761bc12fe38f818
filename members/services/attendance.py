"""Attendance 出席: members answer and sign up, leave is decided, presence is marked and corrected."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit, outbox, workflow
from core.errors import Refusal
from members.activities import acts as activity_acts
from members.activities.workflow import is_plenary
from members.models import Member, Role
from members.models.activities import Activity, ActivityStatus, Attendance
from members.services.activities import BATCH, lock

State = Attendance.State
OPEN = (ActivityStatus.PLANNED, ActivityStatus.NOTIFIED)
CORRECTED = (State.PRESENT, State.ABSENT, State.ON_LEAVE)


@transaction.atomic
def come(activity: Activity, *, actor: Any) -> Attendance:
    """The member says 参加, or signs up where anybody may; at most as many as there are places."""
    activity, row = _mine(activity, actor)
    if row is not None and row.state in (State.COMING, State.PRESENT):
        return row
    if activity.sign_up_until and timezone.localdate() > activity.sign_up_until:
        raise Refusal(f"报名在{activity.sign_up_until:%-m月%-d日}截止了。要参加，请和组织的同志联系。")
    taken = activity.attendances.filter(state__in=[State.COMING, State.PRESENT]).count() if activity.places else 0
    if activity.places and taken >= activity.places:
        raise Refusal(f"名额{activity.places}人，已经满了。有人退出时还可以再报。")
    if row is None:
        row = Attendance(activity=activity, member_id=actor.member_id)
    _set(row, State.COMING, reason="", decided_by=None)
    _log("activity.come", "参加", activity, row, actor)
    return row


@transaction.atomic
def ask_leave(activity: Activity, *, actor: Any, reason: str) -> Attendance:
    """The member says that he cannot come; where attendance is a duty, somebody decides."""
    activity, row = _mine(activity, actor)
    if row is None:
        raise Refusal("您不在这次活动的名单里，不用请假。")
    if row.state == State.PRESENT:
        raise Refusal("您已经签到，不用请假了。")
    if row.state == State.LEAVE_REFUSED:
        raise Refusal("这次没有准假。确实来不了，请和批假的同志当面说。")
    if row.state in (State.LEAVE_ASKED, State.ON_LEAVE):
        return row
    if not reason.strip():
        raise Refusal("请写请假事由。", field="reason")
    if len(reason.strip()) > 200:
        raise Refusal("请假事由最多200字。", field="reason")
    state = State.LEAVE_ASKED if activity.must_attend else State.ON_LEAVE
    _set(row, state, reason=reason.strip())
    entry = _log("activity.leave_asked", "请假", activity, row, actor, reason=reason)
    if state == State.LEAVE_ASKED:
        outbox.add("members.leave_asked", key=f"members.leave_asked:{entry.seq}", payload={"attendance": row.pk})
    return row


def may_decide_leave(activity: Activity, user: Any) -> bool:
    """Whether ``user`` decides on leave: who runs the activity; plenary meetings the members' liaison office."""
    if is_plenary(activity):
        return user.has_role(Role.LIAISON)
    return user.has_perm("members.run_activity", activity)


@transaction.atomic
def decide_leave(attendance: Attendance, *, actor: Any, grant: bool, reason: str = "") -> Attendance:
    """Grant leave, or refuse it with a reason; the member is told."""
    activity = lock(attendance.activity_id)
    row = Attendance.objects.select_related("member").get(pk=attendance.pk)
    if not may_decide_leave(activity, actor):
        raise Refusal(
            "全体会议、常委会会议的请假由委员联络室批。" if is_plenary(activity) else "您不能批这次活动的假。"
        )
    if activity.status not in OPEN or row.state != State.LEAVE_ASKED:
        raise Refusal(f"{row.member}现在是“{row.get_state_display()}”，不用再批。")
    if row.member.user_id == actor.pk:
        raise Refusal("自己的请假请别人批。")
    if not grant and not reason.strip():
        raise Refusal("请写明为什么不准假。", field="reason")
    _set(row, State.ON_LEAVE if grant else State.LEAVE_REFUSED, decided_by=actor)
    words = "准假" if grant else "不准假"
    entry = _log("activity.leave_decided", f"{words}：{row.member}", activity, row, actor, reason=reason)
    outbox.add(
        "members.leave_decided", key=f"members.leave_decided:{entry.seq}",
        payload={"attendance": row.pk, "grant": grant, "reason": reason.strip()},
    )  # fmt: skip
    return row


@transaction.atomic
def mark_present(activity: Activity, member_ids: Collection[int], *, actor: Any, way: str) -> int:
    """Mark invited members present in bulk, from the paper list or by hand; who is present already stays so."""
    activity = lock(activity.pk)
    if not actor.has_perm("members.run_activity", activity):
        raise Refusal("您不能登记这次活动的出席。")
    if activity.status not in OPEN:
        raise Refusal(f"活动现在是“{activity.get_status_display()}”。已经登记举行的，请用“更正出席”。")
    rows = activity.attendances.filter(member_id__in=set(member_ids)).exclude(state=State.PRESENT)
    names = list(rows.order_by("member__code").values_list("member__name", flat=True))
    now = timezone.now()
    rows.update(state=State.PRESENT, way=way, signed_at=now, changed_at=now)
    if names:
        audit.record(
            verb="activity.marked", summary=f"登记到会{len(names)}人（{Attendance.Way(way).label}）", actor=actor,
            subject=activity, root=activity, detail={"names": names},
        )  # fmt: skip
    return len(names)


@transaction.atomic
def admit(activity: Activity, member: Member, *, actor: Any) -> Attendance:
    """Put a member who came uninvited on the list and mark him present."""
    activity = lock(activity.pk)
    if not actor.has_perm("members.run_activity", activity):
        raise Refusal("您不能登记这次活动的出席。")
    if activity.status not in OPEN:
        raise Refusal(f"活动现在是“{activity.get_status_display()}”，不能再加人；请用“更正出席”。")
    row = activity.attendances.filter(member=member).first() or Attendance(activity=activity, member=member)
    if row.state != State.PRESENT:
        _set(row, State.PRESENT, way=Attendance.Way.STAFF, signed_at=timezone.now())
        _log("activity.admit", f"加入名单并签到：{member}", activity, row, actor)
    return row


@transaction.atomic
def correct(
    activity: Activity, member_ids: Collection[int], *, actor: Any, state: str, reason: str, part: Decimal = Decimal(1)
) -> int:
    """Correct who was there after the activity was held; the ledger's rows are reversed and written anew.

    Members not on the list are added to it. Gives how many changed.
    """
    if state not in CORRECTED:
        raise Refusal("请选到会、缺席或已准假。", field="state")
    if not Decimal(0) < part <= 1:
        raise Refusal("参加多少填0.01到1，1是全程。", field="part")
    wanted = set(member_ids)
    if not wanted:
        raise Refusal("还没有选人。", field="people")
    known = set(Member.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    locked = lock(activity.pk)
    rows = {row.member_id: row for row in locked.attendances.filter(member_id__in=known)}
    now = timezone.now()
    changed, added = [], []
    for pk in sorted(known):
        row = rows.get(pk)
        if row is None:
            added.append(Attendance(activity=locked, member_id=pk, state=state, part=part, way=Attendance.Way.STAFF))
        elif (row.state, row.part) != (state, part):
            row.state, row.part, row.changed_at = state, part, now
            if state == State.PRESENT and not row.way:
                row.way = Attendance.Way.STAFF
            changed.append(row)
    names = _names([row.member_id for row in (*changed, *added)])
    Attendance.objects.bulk_create(added, batch_size=BATCH)
    Attendance.objects.bulk_update(changed, ["state", "part", "way", "changed_at"], batch_size=BATCH)
    words = f"更正出席：{names}改为“{State(state).label}”"
    done = workflow.perform(activity, "correct", actor=actor, reason=reason, summary=words)
    activity_acts.record_activity(done, actor=actor, reason=reason, again={row.member_id for row in (*changed, *added)})
    return len(changed) + len(added)


def _mine(activity: Activity, actor: Any) -> tuple[Activity, Attendance | None]:
    """The locked activity and the member's own attendance; refuses where nobody may answer any more."""
    activity = lock(activity.pk)
    row = activity.attendances.filter(member_id=actor.member_id or 0).first()
    if row is None and not (actor.member_id and activity.sign_up_until):
        raise Refusal("您不在这次活动的名单里。要参加，请和组织的同志联系。")
    if activity.status != ActivityStatus.NOTIFIED:
        raise Refusal(f"活动现在是“{activity.get_status_display()}”，不能再回复。")
    if row is None and not Member.objects.filter(pk=actor.member_id, is_active=True).exists():
        raise Refusal("只有在任委员能报名。")
    return activity, row


def _set(row: Attendance, state: str, **values: Any) -> None:
    row.state = state
    row.changed_at = timezone.now()
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def _log(verb: str, words: str, activity: Activity, row: Attendance, actor: Any, *, reason: str = ""):
    return audit.record(verb=verb, summary=words, actor=actor, subject=row, root=activity, reason=reason.strip())


def _names(member_ids: Collection[int]) -> str:
    """The first of these members' names, and how many there are."""
    names = list(Member.objects.filter(pk__in=member_ids).order_by("code").values_list("name", flat=True)[:10])
    return "、".join(names) + (f"等{len(member_ids)}人" if len(member_ids) > len(names) else "")
