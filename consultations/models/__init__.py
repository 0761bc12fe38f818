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
from consultations.models.outcomes import WATCHERS, FollowUp, Outcome, OutcomeNote, OutcomeStatus, Suggestion
from consultations.models.plans import PUBLISHED, AnnualPlan, PlanAmendment, PlanItem, PlanStatus, PlanStep
from consultations.models.preparation import Delegation, Task, TeamMember, Visit
from consultations.models.sessions import Consultation, ConsultationStatus, Speech
from consultations.models.topics import TopicSender, TopicStatus, TopicSuggestion
from consultations.models.uptake import ANSWERS, Conversion, Uptake, UptakeItem, UptakeResult

__all__ = [
    "ANSWERS",
    "PUBLISHED",
    "WATCHERS",
    "AnnualPlan",
    "Consultation",
    "ConsultationStatus",
    "Conversion",
    "Delegation",
    "Deliberation",
    "DeliberationStatus",
    "DeliberationSummary",
    "Evaluation",
    "EvaluationAnswer",
    "EvaluationComment",
    "EvaluationInvitation",
    "EvaluationStatus",
    "FollowUp",
    "IndicatorSet",
    "Opinion",
    "OpinionStatus",
    "Outcome",
    "OutcomeNote",
    "OutcomeStatus",
    "Participant",
    "PlanAmendment",
    "PlanItem",
    "PlanStatus",
    "PlanStep",
    "Speech",
    "Suggestion",
    "Task",
    "TeamMember",
    "TopicSender",
    "TopicStatus",
    "TopicSuggestion",
    "Uptake",
    "UptakeItem",
    "UptakeResult",
    "Visit",
    "Vote",
]
