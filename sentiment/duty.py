"""What opinion reports 社情民意 add to the duty ledger 履职台账 (domain rules §2, score samples).

A report counts once when handed in, again by the level at which it was adopted, and for leaders'
notes. An issue counts as adoption by the district; the parts of a composite share its adoption. With
the option 只计最高采用层级 only the best level stands. Who reports together share: how many they are
stands in each row.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from core import options
from members.duty import acts as duty_acts
from members.models import Body, DutyEntry, Member, Studio
from members.services import duty
from members.services.duty import Act
from sentiment.models import Adoption, LeaderNote, Level, OpinionReport, Reporter, ReportStatus

SOURCE = "sentiment.opinionreport"
SUBMITTED, ADOPTED, NOTED, OF_STUDIO = "opinion.submitted", "opinion.adopted", "opinion.note", "studio.opinion"
LEVELS = list(Level)
ORDER = [level.value for level in LEVELS]
GONE = "来稿已撤回，或采用登记已更正"
NOT_COUNTED = (ReportStatus.DRAFT, ReportStatus.WITHDRAWN)
CHUNK = 500


def register() -> None:
    """Declare the acts, the page that proves them, and the sweep over all reports."""
    duty_acts.declare(SUBMITTED, "报送社情民意")
    for level in LEVELS:
        duty_acts.declare(f"{ADOPTED}.{level.value}", f"社情民意{level.label}级采用")
        duty_acts.declare(f"{NOTED}.{level.value}", f"社情民意获{level.label}级领导批示")
    duty_acts.declare(OF_STUDIO, "工作室社情民意采用", target="studio")
    duty_acts.link_with(SOURCE, duty_acts.model_link(OpinionReport))
    duty_acts.sweep_with(every_act, stale=stale)


def settle(ids: Iterable[int]) -> None:
    """Bring the ledger in line with these reports: record what they prove, take back what they no longer do.

    An act that was taken back and holds again gets a row of its own with a numbered key.
    """
    ids = list(ids)
    wanted = {act.key: act for act in _acts(ids)}
    standing = {_base(key): key for key in _standing(ids)}
    used = _keys_used(ids)
    for base, act in wanted.items():
        if base not in standing:
            again = sum(1 for key in used if _base(key) == base)
            key = f"{base}#{again + 1}" if again else base
            duty.record_duties([Act(**{**vars(act), "key": key})])
    for base, key in standing.items():
        if base not in wanted:
            duty.take_back(key, actor=None, reason=GONE)


def every_act() -> Iterator[Act]:
    """All acts of all reports, those of imported papers too; in chunks, without any text column."""
    for ids in _chunks():
        yield from _acts(ids)


def stale() -> Iterator[tuple[str, str]]:
    """Rows in the ledger that their report no longer proves."""
    for ids in _chunks():
        wanted = {act.key for act in _acts(ids)}
        for key in _standing(ids):
            if _base(key) not in wanted:
                yield key, GONE


def _chunks() -> Iterator[list[int]]:
    last = 0
    rows = OpinionReport.objects.exclude(status__in=NOT_COUNTED).order_by("pk").values_list("pk", flat=True)
    while ids := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield ids
        last = ids[-1]


def _base(key: str) -> str:
    return key.partition("#")[0]


def _rows(ids: list[int]):
    return DutyEntry.objects.filter(subject_type=SOURCE, subject_id__in=ids, reverses__isnull=True)


def _standing(ids: list[int]) -> list[str]:
    return list(_rows(ids).filter(reversed_by__isnull=True).values_list("key", flat=True))


def _keys_used(ids: list[int]) -> list[str]:
    return list(_rows(ids).values_list("key", flat=True))


def _acts(ids: list[int]) -> Iterator[Act]:
    """The acts that these reports prove now; five queries however many."""
    rows = OpinionReport.objects.filter(pk__in=ids).exclude(status__in=NOT_COUNTED).select_related("combined_into")
    reports = list(rows.only("title", "status", "submitted_on", "issued_on", "combined_into__issued_on", "body_id"))
    people: dict[int, list[Member]] = defaultdict(list)
    named = Reporter.objects.filter(report__in=ids, member__isnull=False).select_related("member").order_by("order")
    for row in named:
        people[row.report_id].append(row.member)
    studios = {studio.pk: studio for studio in Studio.objects.filter(kind=Body.Kind.STUDIO, opinion_reports__in=ids)}
    adopted = _levels(reports)
    noted: dict[int, set[tuple[str, date | None]]] = defaultdict(set)
    notes = LeaderNote.objects.filter(report__in=ids, removed_at__isnull=True)
    for pk, level, on in notes.values_list("report_id", "level", "on"):
        noted[pk].add((level, on))
    for report in reports:
        yield from _acts_of(report, people[report.pk], studios, adopted[report.pk], noted[report.pk])


def _levels(reports: list[OpinionReport]) -> dict[int, dict[str, date | None]]:
    """By report: each level of adoption with its first day."""
    found: dict[int, dict[str, date | None]] = {report.pk: {} for report in reports}
    for report in reports:
        whole = report.combined_into
        issued = report.issued_on or (whole.issued_on if whole else None)
        if issued:
            found[report.pk][Level.DISTRICT] = issued
    parts: dict[int, list[int]] = defaultdict(list)
    for report in reports:
        parts[report.pk].append(report.pk)
        if report.combined_into_id:
            parts[report.combined_into_id].append(report.pk)
    rows = Adoption.objects.filter(report__in=list(parts), removed_at__isnull=True).order_by("on", "id")
    for pk, level, on in rows.values_list("report_id", "level", "on"):
        for part in parts[pk]:
            found[part].setdefault(level, on)
    if options.value("sentiment.best_level_only"):
        for pk, levels in found.items():
            if levels:
                best = max(levels, key=ORDER.index)
                found[pk] = {best: levels[best]}
    return found


def _acts_of(
    report: OpinionReport,
    members: list[Member],
    studios: dict[int, Studio],
    adopted: dict[str, date | None],
    noted: set[tuple[str, date | None]],
) -> Iterator[Act]:
    handed_in = report.submitted_on or report.issued_on
    if handed_in is None:
        return
    title = f"《{report.title}》"
    for place, member in enumerate(members):
        share = {"role": "joint" if place else "first", "signers": len(members)}

        def act(code: str, on: date, words: str, who: Member = member, detail: dict = share) -> Act:
            return Act(who, code, on, report, f"{code}:{report.pk}:m{who.pk}", f"{words}{title}", detail=detail)

        yield act(SUBMITTED, handed_in, "报送")
        for level, on in adopted.items():
            yield act(f"{ADOPTED}.{level}", on or handed_in, f"{Level(level).label}级采用")
        for level in {level for level, _ in noted}:
            days = [on for found, on in noted if found == level and on]
            yield act(f"{NOTED}.{level}", min(days, default=handed_in), f"{Level(level).label}级领导批示")
    studio = studios.get(report.body_id) if report.body_id else None
    if studio and adopted:
        on = min((day for day in adopted.values() if day), default=handed_in)
        yield Act(studio, OF_STUDIO, on, report, f"{OF_STUDIO}:{report.pk}:s{studio.pk}", f"采用{title}")
