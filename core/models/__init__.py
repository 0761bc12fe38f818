"""Tables of the rooms' common floor: log, outbox, messages, deadlines, files, jobs, calendar, options."""

from core.models.attachments import Attachment
from core.models.audit import AuditEntry, AuditHead
from core.models.calendar import CalendarDay
from core.models.calendar_links import CalendarLink
from core.models.deadlines import Deadline, Reminder
from core.models.handover import Handover
from core.models.jobs import Job
from core.models.notices import Notice
from core.models.numbering import Counter
from core.models.options import OptionValue
from core.models.outbox import Effect
from core.models.papers import PaperRow
from core.models.revisions import Revision
from core.models.search import SearchDocument
from core.models.similar import SimilarTerm

__all__ = [
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "CalendarDay",
    "CalendarLink",
    "Counter",
    "Deadline",
    "Effect",
    "Handover",
    "Job",
    "Notice",
    "OptionValue",
    "PaperRow",
    "Reminder",
    "Revision",
    "SearchDocument",
    "SimilarTerm",
]
