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
from consultations.models.plans import PUBLISHED, AnnualPlan, PlanAmendment, PlanItem, PlanStatus, PlanStep
from consultations.models.sessions import Consultation, ConsultationStatus, Speech
from consultations.models.topics import TopicSender, TopicStatus, TopicSuggestion

__all__ = [
    "PUBLISHED",
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
    "PlanAmendment",
    "PlanItem",
    "PlanStatus",
    "PlanStep",
    "Speech",
    "TopicSender",
    "TopicStatus",
    "TopicSuggestion",
    "Uptake",
    "UptakeResult",
    "Vote",
]
