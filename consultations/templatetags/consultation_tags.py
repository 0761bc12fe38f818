"""Small tags of the consultation pages: states as badges, forms in words."""

from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consultations.models import (
    AnnualPlan,
    Consultation,
    ConsultationStatus,
    Outcome,
    OutcomeStatus,
    PlanStatus,
    Uptake,
    UptakeResult,
)

register = template.Library()

SESSIONS: dict[str, str] = {
    ConsultationStatus.REPORTED: "info", ConsultationStatus.CLOSED: "done", ConsultationStatus.CANCELLED: "",
}  # fmt: skip
OUTCOMES: dict[str, str] = {OutcomeStatus.DRAFT: "", OutcomeStatus.CLOSED: "done", OutcomeStatus.ASSIGNED: "soon"}
PLANS: dict[str, str] = {PlanStatus.ISSUED: "done"}
UPTAKES: dict[str, str] = {UptakeResult.WAITING: "soon", UptakeResult.ADOPTED: "done", UptakeResult.NOT: ""}
FORMS = dict(Consultation.Form.choices)


@register.simple_tag
def session_state(row: Consultation) -> SafeString:
    """The state of a session in words with its shape and colour."""
    return _badge(ConsultationStatus(row.status).label, SESSIONS.get(row.status, "info"))


@register.simple_tag
def outcome_state(row: Outcome) -> SafeString:
    """The state of an outcome."""
    return _badge(OutcomeStatus(row.status).label, OUTCOMES.get(row.status, "info"))


@register.simple_tag
def plan_state(row: AnnualPlan) -> SafeString:
    """The state of a plan."""
    return _badge(PlanStatus(row.status).label, PLANS.get(row.status, "info"))


@register.simple_tag
def uptake_state(row: Uptake) -> SafeString:
    """What a unit did with it."""
    return _badge(UptakeResult(row.result).label, UPTAKES.get(row.result, "info"))


@register.filter
def form_label(code: str) -> str:
    """A form of consultation in words."""
    return FORMS.get(code, code)


@lru_cache(maxsize=64)
def _badge(label: str, look: str) -> SafeString:
    return format_html('<span class="badge{}">{}</span>', f" badge-{look}" if look else "", label)
