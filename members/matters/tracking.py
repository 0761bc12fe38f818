"""How a matter 民情事项 and a booking 预约 stand for whoever holds the receipt code: plain words, no names.

The words of the visitor, of the unit and of the host never appear; the result appears once the
studio has told it to the visitor, and only where it names nobody.
"""

from django.utils import timezone

from core import handover
from core.models import AuditEntry, Deadline
from core.subjects import subject_key
from core.templatetags.frame import cn_date
from core.tracking import Step, tell_with
from members.matters import privacy as matter_privacy
from members.models import Booking, Matter, MatterStatus, Studio

ROUTE = Matter.Route
TOLD = (MatterStatus.INFORMED, MatterStatus.CLOSED)
SENT_VERBS = ("matter.triage", "matter.reroute")
WAYS: dict[str, str] = {
    ROUTE.TO_PROPOSAL: "委员将把它写成提案。",
    ROUTE.TO_OPINION: "工作室将把它写成社情民意信息上报。",
    ROUTE.TO_MICRO: "工作室将请有关各方坐下来协商。",
    ROUTE.REFERRED: "这件事要走信访或法律途径，工作室已经说明怎样走。",
}


def register() -> None:
    """Tell matters, and bookings which go on as the matter of the visit."""
    tell_with("members.matter", matter_steps)
    tell_with("members.booking", booking_steps, successor=lambda booking: getattr(booking, "visit", None))


def booking_steps(booking: Booking) -> list[Step]:
    """A booked reception: for when, whether it was cancelled."""
    slot = booking.slot
    day = slot.day
    if booking.cancelled_at:
        return [Step(timezone.localdate(booking.cancelled_at), "预约已经取消。")]
    if day.cancelled_at:
        return [Step(timezone.localdate(day.cancelled_at), f"{cn_date(day.on)}的接待日取消了，请另约时间。")]
    words = f"已预约{cn_date(day.on)}{slot.starts:%H:%M}到{_place(day.studio)}。"
    return [Step(timezone.localdate(booking.made_at), words)]


def matter_steps(matter: Matter) -> list[Step]:
    """From the visit to the closing, and what is still to come with its day."""
    found = [Step(matter.received_on, f"您反映的事已在{_place(matter.studio)}登记。")]
    if matter.route == ROUTE.ON_SPOT:
        return [*found, Step(matter.answered_on, f"当场答复：{matter_privacy.public_result(matter)}")]
    if matter.status == MatterStatus.RECORDED:
        return [*found, Step(_due(matter, "triage"), "工作室正在定由谁来办。", open=True)]
    handed = bool(handover.targets_of(matter))  # what it became then tells its own part
    found += [] if handed and matter.status != MatterStatus.TRIAGED else _on_its_way(matter)
    if matter.status == MatterStatus.ANSWERED:
        if not handed:
            found.append(Step(matter.answered_on, "已经有了结果。"))
        found.append(Step(_due(matter, "inform"), "工作室会把结果告诉您。", open=True))
    elif matter.status in TOLD:
        found.append(
            Step(matter.informed_on if handed else matter.answered_on, f"结果：{matter_privacy.public_result(matter)}")
        )
        found.append(Step(matter.informed_on, "结果已经告诉您。"))
    if matter.status == MatterStatus.CLOSED:
        found.append(Step(matter.closed_on, "已办结。"))
    return found


def _on_its_way(matter: Matter) -> list[Step]:
    sent = _sent_on(matter)
    if matter.route == ROUTE.TO_UNIT and matter.unit:
        found = [Step(sent, f"已转{matter.unit}办理。")]
        if due := _due(matter, "answer"):
            found.append(Step(due, f"{matter.unit}应在这一天前答复。", open=True))
        return found
    return [Step(sent, WAYS[matter.route])] if matter.route in WAYS else []


def _sent_on(matter: Matter):
    """The day on which the matter was last sent on its way; None for one that came from papers."""
    kind, number = subject_key(matter)
    rows = AuditEntry.objects.filter(root_type=kind, root_id=number, verb__in=SENT_VERBS)
    entry = rows.order_by("-seq").only("at").first()
    return timezone.localdate(entry.at) if entry else None


def _due(matter: Matter, kind: str):
    return Deadline.objects.of(matter).open().filter(kind=kind).values_list("due", flat=True).first()


def _place(studio: Studio) -> str:
    """The studio by name, unless it bears the name of a person."""
    return "委员工作室" if studio.scope == Studio.Scope.PERSONAL else str(studio)
