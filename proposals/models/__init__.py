"""Proposals 提案: the case, its text and proposers, the units' tasks, replies, promises and feedback."""

from proposals.models.handling import (
    ContactLog,
    CosignOpinion,
    Feedback,
    Promise,
    Reply,
    ReplyItem,
    ReplyStatus,
    TaskStatus,
    UnitTask,
)
from proposals.models.learnt import UnitTerm
from proposals.models.proposal import Proposal, ProposalRevision, Proposer, Status, Suggestion
from proposals.models.reference import Category, Ground, Handover, ResultClass

__all__ = [
    "Category",
    "ContactLog",
    "CosignOpinion",
    "Feedback",
    "Ground",
    "Handover",
    "Promise",
    "Proposal",
    "ProposalRevision",
    "Proposer",
    "Reply",
    "ReplyItem",
    "ReplyStatus",
    "ResultClass",
    "Status",
    "Suggestion",
    "TaskStatus",
    "UnitTask",
    "UnitTerm",
]
