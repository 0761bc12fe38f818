"""Small tags of the consultation pages: states as badges, forms in words."""

from django import template
from django.utils.safestring import SafeString

from consultations.models import (
    AnnualPlan,
    Consultation,
    ConsultationStatus,
    Outcome,
    OutcomeStatus,
    PlanStatus,
    TopicStatus,
    TopicSuggestion,
    Uptake,
    UptakeItem,
    UptakeResult,
)
from consultations.plans.progress import State
from core.state_badge import badge

register = template.Library()

SESSIONS: dict[str, str] = {
    ConsultationStatus.REPORTED: "info", ConsultationStatus.CLOSED: "done", ConsultationStatus.CANCELLED: "",
}  # fmt: skip
OUTCOMES: dict[str, str] = {OutcomeStatus.DRAFT: "", OutcomeStatus.CLOSED: "done", OutcomeStatus.ASSIGNED: "soon"}
PLANS: dict[str, str] = {PlanStatus.ISSUED: "done", PlanStatus.NOTED: "done"}
TOPICS: dict[str, str] = {
    TopicStatus.SUBMITTED: "soon", TopicStatus.TAKEN: "done", TopicStatus.DECLINED: "", TopicStatus.WITHDRAWN: "",
}  # fmt: skip
ITEMS: dict[str, str] = {
    State.IDLE: "", State.OVERDUE: "over", State.CONVERTED: "done", State.DROPPED: "", State.ARRANGED: "soon",
}  # fmt: skip
UPTAKES: dict[str, str] = {UptakeResult.WAITING: "soon", UptakeResult.ADOPTED: "done", UptakeResult.NOT: ""}
FORMS = dict(Consultation.Form.choices)


@register.simple_tag
def session_state(row: Consultation) -> SafeString:
    """The state of a session in words with its shape and colour."""
    return badge(ConsultationStatus(row.status).label, SESSIONS.get(row.status, "info"))


@register.simple_tag
def outcome_state(row: Outcome) -> SafeString:
    """The state of an outcome."""
    return badge(OutcomeStatus(row.status).label, OUTCOMES.get(row.status, "info"))


@register.simple_tag
def plan_state(row: AnnualPlan) -> SafeString:
    """The state of a plan."""
    return badge(PlanStatus(row.status).label, PLANS.get(row.status, "info"))


@register.simple_tag
def topic_state(row: TopicSuggestion) -> SafeString:
    """What became of a topic that was put in."""
    return badge(TopicStatus(row.status).label, TOPICS.get(row.status, "info"))


@register.simple_tag
def item_state(state: str) -> SafeString:
    """How far a topic of the plan is."""
    return badge(State(state).label, ITEMS.get(state, "info"))


@register.simple_tag
def uptake_state(row: Uptake | UptakeItem) -> SafeString:
    """What a unit did with it, or with one of its suggestions."""
    if not row.result:
        return badge("还没有选", "")
    return badge(UptakeResult(row.result).label, UPTAKES.get(row.result, "info"))


@register.filter
def form_label(code: str) -> str:
    """A form of consultation in words."""
    return FORMS.get(code, code)
