"""Consultations 协商: the yearly plan, sessions in all forms, and what came of them."""

from consultations.models.deliberation import (
    Deliberation,
    DeliberationStatus,
    DeliberationSummary,
    Opinion,
    OpinionStatus,
    Participant,
    Vote,
)
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
    "Deliberation",
    "DeliberationStatus",
    "DeliberationSummary",
    "Evaluation",
    "EvaluationAnswer",
    "EvaluationComment",
    "EvaluationInvitation",
    "EvaluationStatus",
    "IndicatorSet",
    "Opinion",
    "OpinionStatus",
    "Outcome",
    "OutcomeStatus",
    "Participant",
    "PlanItem",
    "PlanStatus",
    "Speech",
    "Uptake",
    "UptakeResult",
    "Vote",
]
