"""Tags of quality evaluation 质量评价: its state as a badge, and the way to it from a session's page."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consultations.evaluation.workflow import RUN
from consultations.models import Consultation, Evaluation, EvaluationStatus
from consultations.services.evaluation import HELD
from core.state_badge import badge

register = template.Library()

LOOKS = {EvaluationStatus.OPEN: "soon", EvaluationStatus.CLOSED: "info", EvaluationStatus.PUBLISHED: "done"}


@register.simple_tag
def evaluation_state(row: Evaluation) -> SafeString:
    """The state of an evaluation in words with its shape and colour."""
    status = EvaluationStatus(row.status)
    return badge(status.label, LOOKS[status])


@register.simple_tag(takes_context=True)
def evaluation_link(context: dict[str, Any], session: Consultation) -> SafeString:
    """On a session's page: its evaluation for those who may see it, or the beginning of one; one query."""
    user = context["request"].user
    if session.status not in HELD or session.is_light:
        return SafeString()
    row = Evaluation.objects.visible_to(user).filter(consultation=session).only("status", "grade").first()
    if row is not None:
        words = f"质量评价：{row.grade}" if row.grade else f"质量评价：{row.get_status_display()}"
        return format_html('<p><a class="text-link" href="{}">{}</a></p>', row.get_absolute_url(), words)
    if user.has_perm(RUN) and not Evaluation.objects.filter(consultation=session).exists():
        url = reverse("consultations:evaluation_open", args=[session.pk])
        return format_html('<p><a class="text-link" href="{}">{}</a></p>', url, "开始质量评价")
    return SafeString()
