"""Consultations 协商: the yearly plan, sessions in all forms, and what came of them."""

from consultations.models.evaluation import (
    Evaluation,
    EvaluationAnswer,
    EvaluationComment,
    EvaluationInvitation,
    EvaluationStatus,
    IndicatorSet,
)
from consultations.models.outcomes import Outcome, OutcomeStatus, Uptake, UptakeResult
from consultations.models.plans import AnnualPlan, PlanItem, PlanStatus
from consultations.models.sessions import Consultation, ConsultationStatus, Speech

__all__ = [
    "AnnualPlan",
    "Consultation",
    "ConsultationStatus",
    "Evaluation",
    "EvaluationAnswer",
    "EvaluationComment",
    "EvaluationInvitation",
    "EvaluationStatus",
    "IndicatorSet",
    "Outcome",
    "OutcomeStatus",
    "PlanItem",
    "PlanStatus",
    "Speech",
    "Uptake",
    "UptakeResult",
]
