"""A large world of opinion reports 社情民意 for measurements: made in batches, the same for the same seed."""

import random
from datetime import date, timedelta

from django.db import connection, transaction

from core import search, similar
from core.bulk_words import MATTERS, MEASURES, PLACES, analysis, situation
from core.models import Deadline
from core.workflow import adopt
from members.models import Member, Sector
from sentiment.models import OpinionReport, Reporter, ReportVersion

BATCH = 2000
STATES = (
    ("submitted", 3), ("editing", 3), ("edited", 2), ("checked", 2), ("kept", 30), ("combined", 5), ("issued", 25),
    ("forwarded", 10), ("answered", 5), ("closed", 15),
)  # fmt: skip
CATEGORIES = "经济 教育 农业农村 医药卫生 城市管理 生态环境".split()
TERM = timedelta(days=30)


def seed(count: int, *, key: int, today: date, progress=None) -> int:
    """Add ``count`` reports with reporters, first wording, terms and search words; returns how many were made."""
    members, rnd, made = _members(), random.Random(key), 0  # noqa: S311  (a repeatable world, no secret)
    first = OpinionReport.objects.count() + 1
    while made < count:
        size = min(BATCH, count - made)
        with transaction.atomic():
            _batch(range(first + made, first + made + size), members, rnd, today)
        made += size
        if progress:
            progress(made)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return made


def _members() -> list[Member]:
    """Those who report; made where a database has none."""
    if not Member.objects.exists():
        sector, _ = Sector.objects.get_or_create(kind="sector", name="经济")
        Member.objects.bulk_create(
            [Member(code=f"BULK{number:05d}", name=f"测{number:03d}", sector=sector) for number in range(300)]
        )
    return list(Member.objects.order_by("pk")[:400])


def _batch(numbers: range, members: list[Member], rnd: random.Random, today: date) -> None:
    """One batch of reports with all their rows."""
    reports = [_report(number, members, rnd, today) for number in numbers]
    people = [rnd.choice(members) for _ in reports]
    for report, who in zip(reports, people, strict=True):
        report.reporter_name = who.name
    OpinionReport.objects.bulk_create(reports, batch_size=BATCH)
    Reporter.objects.bulk_create(
        [Reporter(report=row, member=who, name=who.name) for row, who in zip(reports, people, strict=True)],
        batch_size=BATCH,
    )
    ReportVersion.objects.bulk_create(
        [
            ReportVersion(
                report=row, number=1, stage=ReportVersion.Stage.AUTHOR, title=row.title, situation=row.situation,
                analysis=row.analysis, suggestions=row.suggestions,
            )
            for row in reports
        ],
        batch_size=BATCH,
    )  # fmt: skip
    Deadline.objects.bulk_create([_term(row) for row in reports if row.next_due], batch_size=BATCH)
    search.index_many((row, [row.code or "", row.title, row.text]) for row in reports)
    similar.index_many("sentiment.opinionreport", ((row.pk, row.title, row.text) for row in reports))


def _report(number: int, members: list[Member], rnd: random.Random, today: date) -> OpinionReport:
    status = rnd.choices([name for name, _ in STATES], [weight for _, weight in STATES])[0]
    submitted = today - timedelta(days=rnd.randrange(1500))
    report = OpinionReport(
        code=f"测{number:07d}",
        year=submitted.year,
        title=f"反映{rnd.choice(PLACES)}{rnd.choice(MATTERS)}中的问题",
        situation=situation(rnd),
        analysis=analysis(rnd),
        suggestions=f"{rnd.choice(MEASURES)}，{rnd.choice(MEASURES)}。",
        category=rnd.choice(CATEGORIES),
        submitted_on=submitted,
    )
    adopt(report, status)
    if status in ("issued", "forwarded", "answered", "closed"):
        report.issued_on = min(submitted + TERM, today)
    if status == "closed":
        report.closed_on = min(submitted + 2 * TERM, today)
    if status == "forwarded":
        report.next_due, report.next_due_label = today + timedelta(days=rnd.randrange(-20, 60)), "答复"
    return report


def _term(report: OpinionReport) -> Deadline:
    return Deadline(
        subject_type="sentiment.opinionreport",
        subject_id=report.pk,
        root_type="sentiment.opinionreport",
        root_id=report.pk,
        kind="answer",
        label="答复",
        starts=report.issued_on,
        due=report.next_due,
        unit=Deadline.Unit.MONTHS,
        amount=1,
        rule="转办起1个月",
    )
