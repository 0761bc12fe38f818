"""A large world of opinion reports 社情民意 for measurements: made in batches, the same for the same seed."""

import random
from datetime import date, timedelta

from django.db import connection, transaction

from core import revisions, search, workdays
from core.bulk_index import WordIndex
from core.bulk_rows import Table
from core.bulk_words import Piece, Pieces
from core.models import Deadline
from members.models import Member, Sector
from sentiment.models import OpinionReport, Reporter, ReportVersion

BATCH = 2000
KIND = "sentiment.opinionreport"
STATES = (
    ("submitted", 3), ("editing", 3), ("edited", 2), ("checked", 2), ("kept", 30), ("combined", 5), ("issued", 25),
    ("forwarded", 10), ("answered", 5), ("closed", 15),
)  # fmt: skip
OUT = ("issued", "forwarded", "answered", "closed")
CATEGORIES = "经济 教育 农业农村 医药卫生 城市管理 生态环境".split()
TERM = timedelta(days=30)


def seed(count: int, *, key: int, today: date, progress=None) -> int:
    """Add ``count`` reports with reporters, first wording, terms and search words; returns how many were made.

    Each batch is stored whole or not at all.
    """
    made = 0
    with revisions.scope():
        reports = _Reports(_members(), random.Random(key), today)  # noqa: S311  (a repeatable world, no secret)
        while made < count:
            size = min(BATCH, count - made)
            with transaction.atomic():
                reports.batch(size)
            made += size
            if progress:
                progress(made)
        reports.finish()
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


class _Reports:
    """Makes reports one after another and writes them a batch at a time."""

    def __init__(self, members: list[Member], rnd: random.Random, today: date) -> None:
        self._members, self._rnd, self._today = members, rnd, today
        self._pieces, self._index = Pieces(rnd), WordIndex(KIND)
        self._states, self._weights = zip(*STATES, strict=True)
        self._reports = Table(
            OpinionReport, "id", "status", "code", "year", "title", "situation", "analysis", "suggestions", "category",
            "reporter_name", "submitted_on", "issued_on", "closed_on", "next_due", "next_due_label",
        )  # fmt: skip
        self._reporters = Table(Reporter, "id", "report_id", "member_id", "name")
        self._versions = Table(
            ReportVersion, "id", "report_id", "number", "stage", "title", "situation", "analysis", "suggestions"
        )
        self._deadlines = Table(
            Deadline, "id", "subject_type", "subject_id", "root_type", "root_id", "kind", "label", "starts", "due", "unit",
            "amount", "rule", "provisional",
        )  # fmt: skip
        self._tables = (self._reports, self._reporters, self._versions, self._deadlines)
        self._rows: dict[Table, list[tuple]] = {table: [] for table in self._tables}

    def batch(self, size: int) -> None:
        """Make ``size`` reports and write them with all their rows."""
        for _ in range(size):
            self._report()
        for table in self._tables:
            table.write(self._rows[table])
            self._rows[table] = []
        self._index.write()

    def finish(self) -> None:
        """Let each table count on from its last row."""
        for table in self._tables:
            table.finish()
        self._index.finish()

    def _report(self) -> None:
        rnd, today = self._rnd, self._today
        status = rnd.choices(self._states, self._weights)[0]
        back = 60 if status == "forwarded" else 1500
        submitted = today - timedelta(days=rnd.randrange(back))
        key, who, title = self._reports.key(), rnd.choice(self._members), rnd.choice(self._pieces.problems)
        parts = [
            self._pieces.some(self._pieces.sentences, 20),
            self._pieces.some(self._pieces.reasons, 10),
            self._pieces.some(self._pieces.asks, 2),
        ]
        texts = ["".join(piece.text for piece in part) for part in parts]
        issued = min(submitted + TERM, today) if status in OUT else None
        closed = min(submitted + 2 * TERM, today) if status == "closed" else None
        due = self._term(key, issued) if status == "forwarded" and issued else None
        code = f"测{key:07d}"
        self._rows[self._reports].append((
            key, status, code, submitted.year, title.text, *texts, rnd.choice(CATEGORIES), who.name, submitted, issued,
            closed, due, "答复" if due else "",
        ))  # fmt: skip
        self._rows[self._reporters].append((self._reporters.key(), key, who.pk, who.name))
        first = ReportVersion.Stage.AUTHOR.value
        self._rows[self._versions].append((self._versions.key(), key, 1, first, title.text, *texts))
        pieces: list[Piece] = [piece for part in parts for piece in part]
        self._index.add(key, search.words(code), title, pieces)

    def _term(self, key: int, start: date) -> date:
        """The term of the answer, a month from the day on which the report was sent on."""
        due = workdays.add_months(start, 1)
        self._rows[self._deadlines].append((
            self._deadlines.key(), KIND, key, KIND, key, "answer", "答复", start, due.due, Deadline.Unit.MONTHS.value, 1,
            "转办起1个月", due.provisional,
        ))  # fmt: skip
        return due.due
