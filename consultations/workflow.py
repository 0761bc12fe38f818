"""The machines of sessions and outcomes 协商、成果 (domain rules §3); the plan's stand beside. Data only."""

from consultations import guards
from consultations.models import ConsultationStatus as C
from consultations.models import OutcomeStatus as O
from consultations.plan_workflow import PLAN, TOPIC
from core.workflow import Process, Transition

__all__ = ["OUTCOME", "PLAN", "SESSION", "TOPIC"]

A = "consultations."
FACTS = (
    "title", "form", "on", "starts_at", "place", "organizer", "plan_item", "parties", "background", "agenda", "note",
)  # fmt: skip
RECORD = ("minutes", "consensus", "suggestions_count", "follow_up_on", "on", "parties")

SESSION = Process(
    "consultations.consultation",
    "协商",
    [
        Transition("change", "修改", (C.PLANNED, C.NOTIFIED), None, A + "run", FACTS),
        Transition("notify", "发通知", (C.PLANNED,), C.NOTIFIED, A + "run", ("activity",), None, (A + "notified",), confirm="发出后请的委员和单位都会收到通知，一人一条。"),
        Transition("hold", "登记举行", (C.PLANNED, C.NOTIFIED), C.HELD, A + "run", RECORD, guards.day_has_come, (A + "duty",)),
        Transition("amend", "补充记录", (C.HELD, C.REPORTED), None, A + "run", RECORD, None, (A + "duty",)),
        Transition("report", "报送成果", (C.HELD,), C.REPORTED, "", ("reported_on",)),
        Transition("close", "办结", (C.HELD, C.REPORTED), C.CLOSED, A + "run", ("closed_on",), guards.nothing_waits),
        Transition("cancel", "取消", (C.PLANNED, C.NOTIFIED), C.CANCELLED, A + "run", (), None, (A + "cancelled",), needs_reason=True, confirm="取消后请的人会收到通知。"),
    ],
)  # fmt: skip

OUTCOME = Process(
    "consultations.outcome",
    "协商成果",
    [
        Transition("write", "修改", (O.DRAFT,), None, A + "write_outcome", ("kind", "title", "text", "sent_to")),
        Transition("send", "报送", (O.DRAFT,), O.SENT, A + "write_outcome", ("sent_on", "sent_to"), None, confirm="报送后内容不能再改。"),
        Transition("note", "登记批示", (O.SENT, O.ASSIGNED, O.TAKEN_UP), None, A + "write_outcome", ("note", "noted_on")),
        Transition("assign", "交办", (O.SENT, O.ASSIGNED, O.TAKEN_UP), O.ASSIGNED, A + "write_outcome"),
        Transition("all_answered", "答复完毕", (O.ASSIGNED,), O.TAKEN_UP, "", (), guards.every_unit_answered),
        Transition("convert", "登记转化", (O.SENT, O.ASSIGNED, O.TAKEN_UP), None, A + "write_outcome", ("conversion",)),
        Transition("close", "办结并反馈委员", (O.SENT, O.TAKEN_UP), O.CLOSED, A + "write_outcome", ("closed_on",), guards.every_unit_answered, (A + "fed_back",), confirm="参加协商的委员会收到采纳和落实的情况。"),
    ],
    root=lambda outcome: outcome.consultation,
)  # fmt: skip
