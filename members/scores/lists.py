"""Read results of a year 年度积分: the list with its filters, how many stand in each band, the export."""

from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.db.models import Count, QuerySet

from core import audit, spreadsheets
from members.models import ScoreResult, ScoreYear
from members.scores.ledger import MEMBER
from members.scores.scoring import NOTHING, Heading
from members.services.scores import WORDS, read


@dataclass(frozen=True)
class Share:
    """How many stand in a band, and what part of all that is, 0 to 100."""

    label: str
    count: int
    percent: int


def results(year: ScoreYear, *, q: str = "", band: str = "", sector: Any = None) -> QuerySet[ScoreResult]:
    """Results of a year with the names a list shows."""
    rows = year.results.select_related("member__sector" if year.target == MEMBER else "studio__convener")
    if band:
        rows = rows.filter(band=band)
    if q:
        rows = rows.filter(**{"member__name__icontains" if year.target == MEMBER else "studio__name__icontains": q})
    if sector is not None:
        rows = rows.filter(member__sector=sector.pk)
    return rows


def headings(year: ScoreYear) -> tuple[Heading, ...]:
    """The headings of the year's rules, as columns."""
    return read(year.rules).headings


def by_heading(row: ScoreResult, columns: tuple[Heading, ...]) -> list[tuple[Heading, Decimal]]:
    """The points of a result under each heading."""
    found = {part["code"]: Decimal(part["points"]) for part in row.parts}
    return [(heading, found.get(heading.code, NOTHING)) for heading in columns]


def distribution(year: ScoreYear) -> list[Share]:
    """How many stand in each band of the year's rules; one query."""
    counts = dict(year.results.order_by().values_list("band").annotate(Count("pk")))
    total = sum(counts.values())
    labels = [band["label"] for band in year.rules.bands]
    return [
        Share(label, counts.get(label, 0), round(counts.get(label, 0) * 100 / total) if total else 0)
        for label in labels
    ]


def export(year: ScoreYear, rows: QuerySet[ScoreResult], *, actor: Any, query: str) -> tuple[IO[bytes], str]:
    """The filtered results as a spreadsheet and its name; recorded in the log."""
    columns = headings(year)
    of_members = year.target == MEMBER

    def points_of(at: int):
        return lambda row: float(by_heading(row, columns)[at][1])

    who: tuple[spreadsheets.Column, ...] = (
        (
            ("姓名", 12, lambda row: row.member.name),
            ("委员编号", 14, lambda row: row.member.code),
            ("界别", 14, lambda row: str(row.member.sector or "")),
        )
        if of_members
        else (
            ("工作室", 30, lambda row: row.studio.name),
            ("召集人", 12, lambda row: str(row.studio.convener or "")),
        )
    )
    table: tuple[spreadsheets.Column, ...] = (
        ("名次", 8, lambda row: row.rank),
        *who,
        *((heading.label, 12, points_of(at)) for at, heading in enumerate(columns)),
        ("得分", 10, lambda row: float(row.points)),
        ("等次" if of_members else "星级", 10, lambda row: row.band),
    )
    title = f"{year.year}年{WORDS[year.target]}"
    file, count = spreadsheets.write(title, table, rows.order_by("-points", "id"))
    audit.record(
        verb="scores.export", summary=f"导出{title}{count}行", actor=actor, subject=year,
        detail={"query": query, "rows": count},
    )  # fmt: skip
    return file, f"{title}.xlsx"
