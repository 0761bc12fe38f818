"""The yearly report's figures of consultations (协商), computed from what is stored."""

from django.db.models import Sum

from consultations.models import Consultation, ConsultationStatus
from core.papers import figures

Form = Consultation.Form
HELD = (ConsultationStatus.HELD, ConsultationStatus.REPORTED, ConsultationStatus.CLOSED)


def held(year: int, *forms: str):
    """Sessions of some forms (all when none is named) that took place in a year."""
    rows = Consultation.objects.filter(on__year=year, status__in=HELD)
    return rows.filter(form__in=forms) if forms else rows


def register() -> None:
    """Give the report the figures that this app knows; a year without any session has none."""
    counted = {
        "standing_committee_topics": (Form.STANDING,),
        "consultation_sessions": (Form.TOPICAL, Form.SECTOR, Form.COUNTERPART),
        "micro_consultations": (Form.MICRO, Form.FRONTLINE),
        "network_consultations": (Form.NETWORK,),
    }
    for key, forms in counted.items():
        figures.provide(key, lambda year, forms=forms: held(year, *forms).count() if held(year).exists() else None)
    figures.provide("consultation_suggestions", lambda year: held(year).aggregate(n=Sum("suggestions_count"))["n"])
