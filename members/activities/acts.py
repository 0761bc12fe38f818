"""What activities 履职活动 and research topics bring to the duty ledger 履职台账, live and in the catch-up.

Presence at an activity that was held, or verified, is the act "activity.<kind>"; leave and absence
count where attendance was a duty. A correction reverses the old row and writes a new one, whose key
ends in #2, #3 …, because a key is never used again.
"""

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from members.duty import acts as duty_acts
from members.models import Studio
from members.models.activities import Activity, Attendance, ResearchTopic
from members.services import duty
from members.services.duty import Act

LEAVE, ABSENT, TOPIC, STUDIO = "activity.leave", "activity.absent", "topic.member", "studio.activity"
COUNTED = (Activity.Status.HELD, Activity.Status.VERIFIED)
CORRECTED = "出席更正"
REPORTED = ("reported", "adopted", "closed")
BY_PIECE = frozenset(
    {
        Activity.Kind.READING, Activity.Kind.ESSAY, Activity.Kind.READING_VIDEO, Activity.Kind.SHORT_VIDEO,
        Activity.Kind.HISTORY, Activity.Kind.SPEECH,
    }
)  # fmt: skip
"""Kinds of which a member may deliver several at once; of the others the part attended counts."""

WORDS = {
    Activity.Kind.STUDY: "参加集中学习",
    Activity.Kind.TRAINING: "参加培训",
    Activity.Kind.MEETING: "参加会议",
    Activity.Kind.RESEARCH: "参加调研",
    Activity.Kind.INSPECTION: "参加视察",
    Activity.Kind.READING: "参加读书活动",
    Activity.Kind.ESSAY: "提交征文",
    Activity.Kind.READING_VIDEO: "录制读书视频",
    Activity.Kind.SHORT_VIDEO: "制作短视频",
    Activity.Kind.HISTORY: "提供文史资料",
    Activity.Kind.EXCHANGE: "参加交流活动",
    Activity.Kind.DONATION: "公益捐赠",
    Activity.Kind.CENTRAL_WORK: "参与中心工作",
    Activity.Kind.SPEECH: "会议发言",
}


def register() -> None:
    """Declare the acts, where their evidence is, and what the catch-up walks over."""
    for kind, words in WORDS.items():
        duty_acts.declare(f"activity.{kind.value}", words)
    duty_acts.declare(LEAVE, "应到会议活动请假")
    duty_acts.declare(ABSENT, "应到会议活动缺席")
    duty_acts.declare(TOPIC, "完成调研课题")
    duty_acts.declare(STUDIO, "工作室举办活动", target="studio")
    duty_acts.link_with("members.activity", duty_acts.model_link(Activity))
    duty_acts.link_with("members.researchtopic", duty_acts.model_link(ResearchTopic))
    duty_acts.sweep_with(every_act)


def of_attendance(activity: Activity, row: Attendance) -> Act | None:
    """The act of one member's attendance, if there is one to count."""
    code, quantity = _counted(activity, row)
    if not code:
        return None
    detail: dict[str, Any] = {"part": str(row.part)} if row.part != 1 else {}
    if row.quantity is not None:
        detail |= {"quantity": str(row.quantity), "unit": activity.unit_word}
    if row.amount is not None:
        detail["amount"] = str(row.amount)
    return Act(
        subject=row.member, act=code, on=activity.on, source=activity, key=f"{code}:{activity.pk}:m{row.member_id}",
        summary=activity.title, quantity=quantity, detail=detail,
    )  # fmt: skip


def _counted(activity: Activity, row: Attendance) -> tuple[str, Decimal]:
    """Code and quantity of an attendance; no code where nothing counts."""
    one = Decimal(1)
    if row.state == Attendance.State.PRESENT:
        pieces = row.quantity if activity.kind in BY_PIECE and row.quantity is not None else Decimal(row.part)
        return f"activity.{activity.kind}", pieces
    if activity.must_attend and row.state == Attendance.State.ON_LEAVE:
        return LEAVE, one
    if activity.must_attend and row.state == Attendance.State.ABSENT:
        return ABSENT, one
    return "", one


def of_activity(activity: Activity, rows: Iterable[Attendance], studios: dict[int, Studio]) -> Iterator[Act]:
    """All acts of an activity that counts, its studio's among them; ``rows`` come with their member."""
    if activity.status not in COUNTED:
        return
    for row in rows:
        if act := of_attendance(activity, row):
            yield act
    studio = studios.get(activity.organizer_id or 0)
    if studio and not activity.reported_by_id:  # what a member says of a studio is not yet the studio's own doing
        key = f"{STUDIO}:{activity.pk}:s{studio.pk}"
        yield Act(studio, STUDIO, activity.on, activity, key, activity.title)


def of_topic(topic: ResearchTopic) -> Iterator[Act]:
    """One act for each of the team and the leader, from the day of the paper."""
    if topic.status not in REPORTED or topic.reported_on is None:
        return
    people = {member.pk: member for member in topic.team.all()}
    if topic.leader is not None:
        people[topic.leader.pk] = topic.leader
    for pk, member in people.items():
        key = f"{TOPIC}:{topic.pk}:m{pk}"
        detail = {"leader": True} if pk == topic.leader_id else {}
        yield Act(member, TOPIC, topic.reported_on, topic, key, f"课题：{topic.title}", detail=detail)


def every_act() -> Iterator[Act]:
    """The acts of all activities and topics, for the catch-up; memory does not grow with their number."""
    studios = {studio.pk: studio for studio in Studio.objects.all()}
    found = Activity.objects.filter(status__in=COUNTED).order_by("pk")
    for activity in found.prefetch_related("attendances__member").iterator(chunk_size=200):
        yield from of_activity(activity, activity.attendances.all(), studios)
    topics = ResearchTopic.objects.filter(status__in=REPORTED).select_related("leader").order_by("pk")
    for topic in topics.prefetch_related("team").iterator(chunk_size=200):
        yield from of_topic(topic)


def record_activity(activity: Activity, *, actor: Any, reason: str = "", again: Collection[int] | None = None) -> None:
    """Make the ledger say of ``activity`` what its attendances say now; few queries however many people.

    A row that was taken back is written again only for the members of ``again`` (None: for all), so
    that what an appeal took back does not return by somebody else's correction.
    """
    rows = activity.attendances.select_related("member")
    studios = {row.pk: row for row in Studio.objects.filter(pk=activity.organizer_id or 0)}
    duty.settle(
        activity, list(of_activity(activity, rows, studios)), actor=actor, reason=reason or CORRECTED, again=again
    )


def record_topic(topic: ResearchTopic, *, actor: Any, reason: str = "") -> None:
    """Make the ledger say of ``topic`` what it says now."""
    duty.settle(topic, list(of_topic(topic)), actor=actor, reason=reason or CORRECTED)
