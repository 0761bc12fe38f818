"""Opinion reports 社情民意信息, their issues, and what follows."""

from sentiment.models.aftermath import Adoption, Forward, ForwardStatus, LeaderNote, Level
from sentiment.models.bulletins import Bulletin, BulletinItem, BulletinStatus, Distribution
from sentiment.models.reports import OpinionReport, Reporter, ReportStatus, ReportVersion

__all__ = [
    "Adoption",
    "Bulletin",
    "BulletinItem",
    "BulletinStatus",
    "Distribution",
    "Forward",
    "ForwardStatus",
    "LeaderNote",
    "Level",
    "OpinionReport",
    "ReportStatus",
    "ReportVersion",
    "Reporter",
]
