"""The board 看板 of opinion reports: a year's figures, each with the address of just the rows that it counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from sentiment import figures
from sentiment.filters import AGES, WAITS, aged
from sentiment.models import Forward, ForwardStatus, Level, OpinionReport, ReportStatus
from sentiment.models.queries import OUT
from sentiment.ranking import Fact, summed

QUEUES = (
    ReportStatus.SUBMITTED, ReportStatus.EDITING, ReportStatus.EDITED, ReportStatus.CHECKED, ReportStatus.SIGNED,
)  # fmt: skip

Counts = dict[str, int]


@dataclass(frozen=True)
class Number:
    """One number; ``url`` opens just its rows, and is empty for whoever may not open all of them."""

    value: int
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a table: a name and its numbers, with a share in whole percent where one is shown."""

    name: str
    numbers: tuple[Number, ...]
    percent: int | None = None


class Addresses:
    """Addresses of the report list and the issue list for one year, as far as the person may open all rows."""

    def __init__(self, year: int, *, office: bool) -> None:
        self.year, self.office = year, office
        self.reports, self.issues = reverse("sentiment:list"), reverse("sentiment:bulletins")

    def came_in(self, **conditions: Any) -> str:
        """Reports of the year that came in; the office alone sees them before they are issued."""
        return f"{self.reports}?{urlencode({'counted': 1, 'year': self.year, **conditions})}" if self.office else ""

    def now(self, **conditions: Any) -> str:
        """Reports of any year, as they stand now."""
        return f"{self.reports}?{urlencode(conditions)}" if self.office else ""

    def out(self, **conditions: Any) -> str:
        """Reports that were issued, which every reader of the board may open."""
        return f"{self.reports}?{urlencode({'year': self.year, **conditions})}"

    def published(self, **conditions: Any) -> str:
        """Issues of the year."""
        return f"{self.issues}?{urlencode({'year': self.year, 'state': 'published', **conditions})}"


def percent(part: int, whole: int) -> int | None:
    """A share in whole percent; None of nothing."""
    return round(part * 100 / whole) if whole else None


def head(found: list[Fact], to: Addresses, now: Counts, *, sees_notes: bool) -> list[dict[str, Any]]:
    """The six figures at the top: what came in, was adopted, issued, answered 答复办理率, still waits, was noted."""
    adopted, noted = sum(bool(row.levels) for row in found), sum(bool(row.notes) for row in found)
    kept = sum(row.status == ReportStatus.KEPT for row in found)
    issues = figures.issues(to.year).aggregate(all=Count("pk"), full=Count("pk", filter=figures.answered_in_full()))
    answered = percent(issues["full"], issues["all"])
    rows = [
        _figure(len(found), "篇", "来稿", "不含编成的综合", to.came_in()),
        _figure(adopted, "篇", "采用", _share(percent(adopted, len(found)), "采用率"), to.came_in(level="any")),
        _figure(issues["all"], "期", "刊发", "已撤回的不算", to.published()),
        _figure(issues["full"], "期", "已答复办理", _share(answered, "答复办理率"), to.published(answered=1)),
        _figure(now["waits"], "篇", "转办待答复", "有单位还没有答复", to.out(answer="waiting")),
    ]
    if sees_notes:
        rows.append(
            _figure(noted, "篇", "获领导批示", _share(percent(noted, len(found)), "占来稿"), to.came_in(noted=1))
        )
    else:
        rows.append(_figure(kept, "篇", "留存", _share(percent(kept, len(found)), "占来稿"), to.came_in(state="kept")))
    return rows


def _figure(value: int, unit: str, name: str, note: str, url: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "name": name, "note": note, "url": url}


def _share(value: int | None, name: str) -> str:
    return f"{name}{value}%" if value is not None else ""


def levels(found: list[Fact], to: Addresses) -> list[Line]:
    """Adoption by level, the lowest first; one report may stand in several."""
    counts = {level: sum(level in row.levels for row in found) for level in Level.values}
    return [
        Line(
            "全国" if level == Level.NATION else f"{level.label}级",
            (Number(counts[level], to.came_in(level=level.value)),),
            percent(counts[level], len(found)),
        )
        for level in Level
    ]


def groups(found: list[Fact], to: Addresses, attribute: str) -> list[Line]:
    """What came in and what was adopted, by "source" or "category", the most first."""
    labels = dict(OpinionReport.Source.choices) if attribute == "source" else {}
    lines = []
    for key, rows in summed(found, attribute).items():
        adopted = sum(bool(row.levels) for row in rows)
        one = {attribute: key} if key else {"nocategory": 1}
        numbers = (Number(len(rows), to.came_in(**one)), Number(adopted, to.came_in(level="any", **one)))
        lines.append(Line(labels.get(key, key) or "没有选类别", numbers, percent(adopted, len(rows))))
    return sorted(lines, key=lambda row: -row.numbers[0].value)


def standing(to: Addresses, today: date) -> Counts:
    """How many reports stand in each state of the office's work by age, and how many wait for a unit; one query."""
    counts: dict[str, Any] = {
        f"{state}_{age}": Count("pk", filter=Q(status=state) & aged(age, today)) for state in QUEUES for age in AGES
    }
    counts["waits"] = Count("pk", filter=Q(status__in=OUT, year=to.year) & WAITS)
    return OpinionReport.objects.filter(status__in=(*QUEUES, *OUT)).aggregate(**counts)


def queues(to: Addresses, now: Counts) -> list[Line]:
    """What waits in the office now, by state and by how long ago it came in."""
    return [
        Line(state.label, tuple(Number(now[f"{state}_{age}"], to.now(state=state.value, aged=age)) for age in AGES))
        for state in QUEUES
    ]


def units(to: Addresses, today: date) -> list[Line]:
    """Reports of the year by the unit that they were sent to: sent, answered, still to answer, overdue; one query.

    A report asked again counts once; it waits while its last round does.
    """
    waits = Q(status=ForwardStatus.SENT)
    rows = Forward.objects.filter(report__year=to.year, report__status__in=OUT).values("unit_id", "unit__name")
    rows = rows.annotate(
        sent=Count("report", distinct=True),
        waiting=Count("report", filter=waits, distinct=True),
        late=Count("report", filter=waits & Q(report__next_due__lt=today), distinct=True),
    ).order_by("-late", "-waiting", "-sent", "unit__name")
    return [
        Line(
            row["unit__name"],
            (
                Number(row["sent"], to.out(unit=row["unit_id"])),
                Number(row["sent"] - row["waiting"], to.out(unit=row["unit_id"], answer="done")),
                Number(row["waiting"], to.out(unit=row["unit_id"], answer="waiting")),
                Number(row["late"], to.out(unit=row["unit_id"], answer="waiting", due="overdue")),
            ),
            percent(row["sent"] - row["waiting"], row["sent"]),
        )
        for row in rows
    ]


def years(today: date) -> list[int]:
    """The years that the board can show, this one first."""
    return [today.year - back for back in range(5)]


def sheet(
    found: list[Fact], to: Addresses, now: Counts, today: date, *, sees_notes: bool
) -> Iterable[tuple[str, str, int]]:
    """All figures as rows of a spreadsheet: table, name, number."""
    for row in head(found, to, now, sees_notes=sees_notes):
        yield "全年", f"{row['name']}（{row['unit']}）", row["value"]
    for line in levels(found, to):
        yield "按层级采用", line.name, line.numbers[0].value
    for title, attribute in (("来源", "source"), ("类别", "category")):
        for line in groups(found, to, attribute):
            for name, number in zip(("来稿", "采用"), line.numbers, strict=True):
                yield f"按{title}", f"{line.name}：{name}", number.value
    for line in units(to, today):
        for name, number in zip(("转办", "已答复", "待答复", "超期"), line.numbers, strict=True):
            yield "按转办单位", f"{line.name}：{name}", number.value
