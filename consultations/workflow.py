"""The machines of sessions and outcomes 协商、成果 (domain rules §3); the plan's stand beside. Data only."""

from consultations import guards
from consultations.models import ConsultationStatus as C
from consultations.models import OutcomeStatus as O
from consultations.plans.workflow import PLAN, TOPIC
from core.workflow import Process, Transition

__all__ = ["OUTCOME", "PLAN", "SESSION", "TOPIC"]

A = "consultations."
FACTS = (
    "title", "form", "on", "starts_at", "ends_at", "place", "organizer", "plan_item", "parties", "background", "agenda",
    "work_plan", "note",
)  # fmt: skip
RECORD = ("minutes", "consensus", "suggestions_count", "follow_up_on", "on", "parties")

SESSION = Process(
    "consultations.consultation",
    "协商",
    [
        Transition("change", "修改", (C.PLANNED, C.NOTIFIED), None, A + "run", FACTS, None, (A + "moved",)),
        Transition("prepare", "会前准备", (C.PLANNED, C.NOTIFIED), None, A + "run"),
        Transition("notify", "发通知", (C.PLANNED,), C.NOTIFIED, A + "run", ("activity",), None, (A + "notified",), confirm="发出后请的委员和单位都会收到通知，一人一条。"),
        Transition("hold", "登记举行", (C.PLANNED, C.NOTIFIED), C.HELD, A + "run", RECORD, guards.day_has_come, (A + "duty",)),
        Transition("amend", "补充记录", (C.HELD, C.REPORTED), None, A + "run", RECORD, None, (A + "duty",)),
        Transition("report", "报送成果", (C.HELD,), C.REPORTED, "", ("reported_on",)),
        Transition("close", "办结", (C.HELD, C.REPORTED), C.CLOSED, A + "run", ("closed_on",), guards.nothing_waits),
        Transition("cancel", "取消", (C.PLANNED, C.NOTIFIED), C.CANCELLED, A + "run", ("sequence",), None, (A + "cancelled",), needs_reason=True, confirm="取消后请的人会收到通知。"),
    ],
)  # fmt: skip

WRITTEN = ("kind", "title", "text", "sent_to")
APPROVED = ("approved_by", "approved_at", "approved_on")

OUTCOME = Process(
    "consultations.outcome",
    "协商成果",
    [
        Transition("write", "修改", (O.DRAFT,), None, A + "write_outcome", WRITTEN + APPROVED),
        Transition("approve", "登记会议通过", (O.DRAFT,), None, A + "write_outcome", APPROVED, guards.is_passed_by_a_meeting),
        Transition("send", "报送", (O.DRAFT,), O.SENT, A + "write_outcome", ("document_no", "sent_on", "sent_to", "copies_to"), guards.was_passed, confirm="报送后内容不能再改。"),
        Transition("hand_over", "转出", (O.DRAFT,), O.SENT, "", ("sent_on", "sent_to")),
        Transition("note", "登记批示", (O.SENT, O.ASSIGNED, O.TAKEN_UP, O.CLOSED), None, A + "write_outcome"),
        Transition("assign", "交办", (O.SENT, O.ASSIGNED, O.TAKEN_UP), O.ASSIGNED, A + "write_outcome"),
        Transition("all_answered", "答复完毕", (O.ASSIGNED,), O.TAKEN_UP, "", (), guards.every_unit_answered),
        Transition("ask_again", "退回补充", (O.TAKEN_UP,), O.ASSIGNED, ""),
        Transition("convert", "登记转化", (O.SENT, O.ASSIGNED, O.TAKEN_UP, O.CLOSED), None, A + "write_outcome"),
        Transition("close", "办结并反馈委员", (O.SENT, O.TAKEN_UP), O.CLOSED, A + "write_outcome", ("closed_on", "feedback", "fed_back_to"), guards.every_unit_answered, (A + "fed_back",), confirm="参加协商、发过言、提过意见的委员都会收到反馈。"),
        Transition("follow_up", "回头看", (O.SENT, O.ASSIGNED, O.TAKEN_UP, O.CLOSED), None, A + "write_outcome"),
    ],
    root=lambda outcome: outcome.consultation,
)  # fmt: skip
