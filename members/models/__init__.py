"""People and bodies: accounts, terms, members and their posts, studios and their work, activities, duty and scores."""

from members.models.accounts import ADMINISTRATORS, STAFF, ActivationLink, OldPassword, Role, RoleGrant, User
from members.models.activities import Activity, ActivityStatus, Attendance, ResearchTopic, TopicStatus
from members.models.bodies import Body, HandlingUnit, Sector, SpecialCommittee, Studio
from members.models.changes import CorrectionRequest, MembershipChange
from members.models.duty import AppealStatus, DutyEntry, ScoreAppeal, ScoreResult, ScoreRules, ScoreYear
from members.models.mail import Mail, MailAddress
from members.models.matters import Matter, MatterStatus
from members.models.party import BranchPlace, PartyBranch, PartyContact
from members.models.people import Member, Membership, Placement
from members.models.reception import Booking, ReceptionDay, ReceptionHost, ReceptionSlot, RotaRule
from members.models.released import ReleasedPhoto
from members.models.reports import DutyReport, ReportRound, ReportStatus
from members.models.studio_work import StudioRecord, StudioRequisite
from members.models.terms import Session, Term

__all__ = [
    "ADMINISTRATORS",
    "STAFF",
    "ActivationLink",
    "Activity",
    "ActivityStatus",
    "AppealStatus",
    "Attendance",
    "Body",
    "Booking",
    "BranchPlace",
    "CorrectionRequest",
    "DutyEntry",
    "DutyReport",
    "HandlingUnit",
    "Mail",
    "MailAddress",
    "Matter",
    "MatterStatus",
    "Member",
    "Membership",
    "MembershipChange",
    "OldPassword",
    "PartyBranch",
    "PartyContact",
    "Placement",
    "ReceptionDay",
    "ReceptionHost",
    "ReceptionSlot",
    "ReleasedPhoto",
    "ReportRound",
    "ReportStatus",
    "ResearchTopic",
    "Role",
    "RoleGrant",
    "RotaRule",
    "ScoreAppeal",
    "ScoreResult",
    "ScoreRules",
    "ScoreYear",
    "Sector",
    "Session",
    "SpecialCommittee",
    "Studio",
    "StudioRecord",
    "StudioRequisite",
    "Term",
    "TopicStatus",
    "User",
]
