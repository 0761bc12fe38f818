"""What the pages of opinion reports show: read once, in a fixed number of queries."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import Http404
from django.utils.safestring import SafeString

from core import attachments, deadlines, joined, similar, timeline
from core.comparing import compare
from core.models import Attachment, Deadline, Handover
from core.prepared import Prepared
from core.templatetags.frame import cn_date
from members.models import Role
from members.models.accounts import Standing
from sentiment.models import (
    Adoption,
    BulletinItem,
    Forward,
    LeaderNote,
    OpinionReport,
    Reporter,
    ReportStatus,
    ReportVersion,
)

OFFICE = (Role.INFO_EDITOR, Role.INFO_CHECKER, Role.INFO_SIGNER)
ISSUE_READERS = (
    *OFFICE, Role.LEADER, Role.DISTRICT_LEADER, Role.PROPOSAL_CLERK, Role.PROPOSAL_CHIEF,
)  # fmt: skip
KIND, EVIDENCE, ANSWER = "sentiment.opinionreport", "sentiment.adoption", "sentiment.forward"
ASK = 40
LEAST = 0.1
"""Share of the text's weight below which likeness is chance."""
WAY = (
    ReportStatus.DRAFT, ReportStatus.SUBMITTED, ReportStatus.EDITING, ReportStatus.EDITED, ReportStatus.CHECKED,
    ReportStatus.SIGNED, ReportStatus.ISSUED, ReportStatus.FORWARDED, ReportStatus.ANSWERED, ReportStatus.CLOSED,
)  # fmt: skip
PARTS = (("title", "标题"), ("situation", "情况反映"), ("analysis", "问题分析"), ("suggestions", "对策建议"))


@dataclass
class ReportFacts:
    """A report with all that its page shows to one person."""

    report: OpinionReport
    reporters: list[Reporter]
    shows_reporters: bool
    shows_office: bool
    versions: list[ReportVersion]
    adoptions: list[Adoption]
    notes: list[LeaderNote]
    forwards: list[Forward]
    entries: list[BulletinItem]
    parts: list[OpinionReport]
    files: list[Attachment]
    deadlines: list[Deadline]
    timeline: list[dict[str, Any]]
    reads_issues: bool = False
    steps: list[dict[str, str]] = field(default_factory=list)


def get_report(user: Any, pk: int) -> OpinionReport:
    """One report that ``user`` may read, or 404, which never tells whether it exists."""
    report = _readable(user.standing).one(pk)
    if report is None:
        raise Http404
    joined.keep(report, "reporters", _REPORTERS.rows(pk))
    return report


@lru_cache(maxsize=200)
def _readable(standing: Standing) -> Prepared[OpinionReport]:
    """One report by its key, if such a person may read it."""
    links = Handover.objects.filter(
        Q(source_type=KIND, source_id=OuterRef("pk")) | Q(target_type=KIND, target_id=OuterRef("pk"))
    )
    files: Any = Exists(attachments.files_under(KIND, OuterRef("pk")))
    for kind, model in ((EVIDENCE, Adoption), (ANSWER, Forward)):
        files |= Exists(
            model.objects.filter(Exists(attachments.files_under(kind, OuterRef("pk"))), report=OuterRef("pk"))
        )
    rows = OpinionReport.objects.visible_to(standing)
    rows = rows.select_related("body", "combined_into", "editor", "checker", "signer")
    rows = rows.annotate(has_files=files, has_links=Exists(links))
    return Prepared(lambda pk: rows.filter(pk=pk))


def is_own(user: Any, report: OpinionReport) -> bool:
    """Whether the person is among those who report, or wrote it."""
    if report.created_by_id == user.pk:
        return True
    return any(
        row.user_id == user.pk
        or (row.member_id and row.member_id == user.member_id)
        or (row.body_id and row.body_id in user.body_ids)
        for row in report.reporters.all()
    )


def report_facts(report: OpinionReport, user: Any) -> ReportFacts:
    """Read everything that the page of ``report`` shows to ``user``.

    Units and leaders do not learn who reported; notes are for those entitled, and for a unit those
    that go along with what was sent to it; versions are for the author and the office.
    """
    own, office = is_own(user, report), user.has_role(*OFFICE)
    inside = own or office
    adoptions, notes = _marks(report)
    adoptions = adoptions if inside or leads(user) else []
    forwards = _forwards(report, user, inside=inside)
    files = _files(report, adoptions, forwards)
    facts = ReportFacts(
        report=report,
        reporters=list(report.reporters.all()) if inside else [],
        shows_reporters=inside,
        shows_office=office,
        versions=_VERSIONS.rows(report.pk) if inside else [],
        adoptions=adoptions,
        notes=_seen_notes(notes, forwards, user),
        forwards=forwards,
        entries=_ENTRIES.rows(report.pk),
        parts=list(report.parts_combined.all()) if office and report.is_composite else [],
        files=files,
        reads_issues=user.has_role(*ISSUE_READERS),
        deadlines=_deadlines(report, forwards, user, inside=inside),
        timeline=timeline.of(report, _for_office if office else _for_author).events if inside else [],
    )
    facts.steps = _steps(facts)
    return facts


def _files(report: OpinionReport, adoptions: list[Adoption], forwards: list[Forward]) -> list[Attachment]:
    """The files of the report; upon each adoption those that prove it, upon each forwarding those of its answer.

    One query, none where there are none.
    """
    found: dict[tuple[str, int], list[Attachment]] = {}
    wanted = Q(subject_type=KIND, subject_id=report.pk)
    wanted |= Q(subject_type=EVIDENCE, subject_id__in=[row.pk for row in adoptions])
    wanted |= Q(subject_type=ANSWER, subject_id__in=[row.pk for row in forwards])
    rows = Attachment.objects.filter(wanted, removed_at__isnull=True) if report.has_files else []
    for row in rows:
        found.setdefault((row.subject_type, row.subject_id), []).append(row)
    for adoption in adoptions:
        adoption.files = found.get((EVIDENCE, adoption.pk), [])
    for forward in forwards:
        forward.files = found.get((ANSWER, forward.pk), [])
    return found.get((KIND, report.pk), [])


def leads(user: Any) -> bool:
    """Whether the person reads as a leader."""
    return user.has_role(Role.LEADER, Role.DISTRICT_LEADER)


def _marked(report: int) -> QuerySet:
    """The adoptions and the leaders' notes that were not taken off; one query for both."""
    adopted = Adoption.objects.filter(report=report, removed_at__isnull=True).order_by()
    noted = LeaderNote.objects.filter(report=report, removed_at__isnull=True).order_by()
    long = CharField(max_length=1000)
    return adopted.values_list(
        Value("adoption"), "pk", "level", "body_name", "on", Cast("note", long), "is_combined"
    ).union(noted.values_list(Value("note"), "pk", "level", "leader", "on", Cast("text", long), "for_unit"), all=True)


_MARKS = Prepared[Any](_marked)
_REPORTERS = Prepared[Reporter](lambda report: Reporter.objects.filter(report=report))
_VERSIONS = Prepared[ReportVersion](
    lambda report: ReportVersion.objects.filter(report=report).select_related("made_by")
)
_FORWARDS = Prepared[Forward](lambda report: Forward.objects.filter(report=report).select_related("unit"))
_ENTRIES = Prepared[BulletinItem](
    lambda report: (
        BulletinItem.objects.filter(report=report).exclude(bulletin__status="draft").select_related("bulletin")
    )
)


def _marks(report: OpinionReport) -> tuple[list[Adoption], list[LeaderNote]]:
    """The adoptions and the leaders' notes that a report bears."""
    rows = _MARKS.rows(report.pk)
    adoptions, notes = [], []
    for kind, pk, level, name, on, words, flag in sorted(rows, key=lambda row: row[:2]):
        if kind == "adoption":
            adoptions.append(Adoption(pk=pk, level=level, body_name=name, on=on, note=words, is_combined=flag))
        else:
            notes.append(LeaderNote(pk=pk, level=level, leader=name, on=on, text=words, for_unit=flag))
    return adoptions, notes


def _seen_notes(notes: list[LeaderNote], forwards: list[Forward], user: Any) -> list[LeaderNote]:
    """All for those entitled; for a unit those that go along with what was sent to it."""
    if user.has_perm("sentiment.see_notes"):
        return notes
    sent = any(row.unit_id in user.unit_ids() for row in forwards)
    return [row for row in notes if row.for_unit] if sent else []


def _forwards(report: OpinionReport, user: Any, *, inside: bool) -> list[Forward]:
    rows = _FORWARDS.rows(report.pk)
    if inside or leads(user) or user.has_role(Role.INSPECTION):
        return rows
    return [row for row in rows if row.unit_id in user.unit_ids()]


def _deadlines(report: OpinionReport, forwards: list[Forward], user: Any, *, inside: bool) -> list[Deadline]:
    rows = deadlines.of_case(report)
    if inside:
        return rows
    mine = {row.pk for row in forwards if row.unit_id in user.unit_ids()}
    return [row for row in rows if row.kind == "answer" and row.subject_id in mine]


def _for_office(rows: QuerySet) -> QuerySet:
    """What the office reads of the log: a look at a telephone number is no step of the case."""
    return rows.exclude(verb="opinionreport.phone")


def _for_author(rows: QuerySet) -> QuerySet:
    """What an author reads of the log: leaders' notes are for those entitled."""
    return _for_office(rows).exclude(verb__in=("opinionreport.note", "opinionreport.unrecord"))


def _steps(facts: ReportFacts) -> list[dict[str, str]]:
    """Where the report stands, as ``components/_stepper.html`` takes it."""
    report, status = facts.report, facts.report.status
    if status in (ReportStatus.KEPT, ReportStatus.TO_PROPOSAL, ReportStatus.COMBINED, ReportStatus.WITHDRAWN):
        return [
            {"label": "报送", "note": cn_date(report.submitted_on), "state": "done"},
            {"label": report.get_status_display(), "note": "", "state": "done"},
        ]
    place = WAY.index(ReportStatus.DRAFT if status == ReportStatus.RETURNED else status)
    labels = [
        ("报送", cn_date(report.submitted_on), 1), ("编辑", str(report.editor or ""), 3),
        ("核稿", str(report.checker or ""), 4), ("签发", str(report.signer or ""), 5),
        ("刊发", cn_date(report.issued_on), 6),
    ]  # fmt: skip
    if facts.forwards or place < 6:
        labels += [("转办", f"{len(facts.forwards)}家" if facts.forwards else "", 7), ("答复", "", 8)]
    labels.append(("办结", cn_date(report.closed_on), 9))
    now = next((label for label, _, reached in labels if place < reached), "")
    return [
        {
            "label": label,
            "note": note if facts.shows_reporters else "",
            "state": "done" if place >= reached else ("current" if label == now else ""),
        }
        for label, note, reached in labels
    ]


@dataclass(frozen=True)
class Change:
    """One part of the text in an earlier and a later version."""

    label: str
    before: SafeString
    after: SafeString


def changes(before: Any, after: Any) -> list[Change]:
    """The parts that differ between two versions (or a version and the report), marked word by word."""
    found = []
    for name, label in PARTS:
        one, two = getattr(before, name), getattr(after, name)
        if one != two:
            found.append(Change(label, *compare(one, two)))
    return found


def similar_reports(
    user: Any, title: str, text: str, *, without: int | None = None, limit: int = 5
) -> list[tuple[OpinionReport, similar.Hit]]:
    """Earlier reports that ``user`` may see and that say much the same, best first."""
    hits = [hit for hit in similar.find(KIND, title, text, limit=ASK, without=without) if hit.score >= LEAST]
    rows = OpinionReport.objects.visible_to(user).exclude(status__in=(ReportStatus.DRAFT, ReportStatus.WITHDRAWN))
    found = rows.for_list().in_bulk([hit.id for hit in hits])
    return [(found[hit.id], hit) for hit in hits if hit.id in found][:limit]


def forwarded_to(user: Any):
    """What was sent to the person's units, what waits first."""
    rows = Forward.objects.filter(unit__in=user.unit_ids()) if user.unit_ids() else Forward.objects.none()
    if user.has_role(Role.INSPECTION):
        rows = Forward.objects.all()
    return rows.select_related("report", "unit").defer("report__situation", "report__analysis", "report__suggestions")


def waiting_of(user: Any) -> Q:
    """The reports on which it is this person's turn, by his roles in the office."""
    mine = Q(pk__in=[])
    if user.has_role(Role.INFO_EDITOR):
        mine |= Q(status__in=(ReportStatus.SUBMITTED, ReportStatus.SIGNED, ReportStatus.ANSWERED))
        mine |= Q(status=ReportStatus.EDITING, editor=user)
    if user.has_role(Role.INFO_CHECKER):
        mine |= Q(status=ReportStatus.EDITED) & ~Q(editor=user)
    if user.has_role(Role.INFO_SIGNER):
        mine |= Q(status=ReportStatus.CHECKED) & ~Q(editor=user) & ~Q(checker=user)
    return mine
