"""Figures 统计 of proposals: the funnel, rates with fixed denominators, who is late, by unit, category and sector.

Every figure comes with the list filter (a query string of /proposals/) that yields just the rows
it counts. Denominators follow domain rules §1.7: filing rate = filed ÷ received; reply rate =
replied by the due day ÷ assigned; closing rate = closed ÷ assigned; satisfaction = (satisfied +
basically) ÷ feedback given, silence being none.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, F, Q

from core.models import Deadline
from proposals.models import Promise, Proposal, UnitTask
from proposals.models.queries import STAGES, WITHDRAWN_OUT

STAGE_LABELS = {"received": "收到", "filed": "立案", "assigned": "交办", "replied": "已答复", "closed": "办结"}
LATE_GROUPS = {"contact": ("receipt", "contact", "opinion"), "reply": ("reply",), "promise": ("promise",)}
LATE_LABELS = {"contact": "签收、沟通、会办", "reply": "答复", "promise": "承诺"}

RATE_FORMULAS = {
    "立案率": "立案÷收到",
    "办复率": "期限内答复÷交办",
    "办结率": "办结÷交办",
    "满意率": "（满意＋基本满意）÷已反馈",
}


@dataclass(frozen=True)
class Counted:
    """A number of proposals and the filter that lists them."""

    value: int
    query: str


@dataclass(frozen=True)
class Step:
    """One step of the funnel beside the same day a year before; ``of_previous`` in percent."""

    code: str
    label: str
    now: Counted
    before: Counted
    of_previous: float | None


@dataclass(frozen=True)
class Share:
    """A rate in percent of a year and of the whole year before; None where nothing was counted."""

    now: float | None
    before: float | None


@dataclass(frozen=True)
class Group:
    """One line of a breakdown: counts per column, each with its filter, the same day of last year, and three rates."""

    pk: int
    name: str
    assigned: Counted
    assigned_before: Counted
    replied: Counted
    closed: Counted
    overdue: Counted
    reply_rate: Share
    close_rate: Share
    satisfied_rate: Share


def link(**filters) -> str:
    """A query string of the proposal list."""
    return urlencode({key: value for key, value in filters.items() if value not in (None, "")})


def percent(part: int, whole: int) -> float | None:
    """``part`` of ``whole`` in percent with one decimal; None without a whole."""
    return round(100 * part / whole, 1) if whole else None


@dataclass(frozen=True)
class YearCounts:
    """What one query counts of a year: by step, by step up to a day, by answer, and what was replied in time."""

    year: int
    by: date | None
    steps: dict[str, int]
    steps_by: dict[str, int]
    answers: dict[str, dict[str, int]]
    in_time: int


def count_year(rows, year: int, by: date | None = None) -> YearCounts:
    """Count the cases of ``year``; ``by`` is the day up to which the funnel counts its steps (None: all). One query."""
    wanted = _steps("all", None) | _steps("by", by)
    for column in ("attitude", "rating"):
        wanted |= {f"{column}_{code}": Count("pk", Q(**{column: code})) for code in Proposal.Rating.values}
    replied = Q(assigned_on__isnull=False, replied_on__isnull=False) & WITHDRAWN_OUT
    wanted["in_time"] = Count("pk", replied & ~Q(pk__in=_late_replies().values("root_id")))
    found = rows.filter(year=year).order_by().aggregate(**wanted)
    return YearCounts(
        year,
        by,
        {code: found[f"all_{code}"] for code in STAGES},
        {code: found[f"by_{code}"] for code in STAGES},
        {
            column: {code: found[f"{column}_{code}"] for code in Proposal.Rating.values}
            for column in ("attitude", "rating")
        },
        found["in_time"],
    )


def funnel(now: YearCounts, before: YearCounts) -> list[Step]:
    """The steps from received to closed of a year, each beside the same day of the year before."""
    steps, previous = [], None
    for code, label in STAGE_LABELS.items():
        steps.append(
            Step(
                code,
                label,
                Counted(now.steps_by[code], link(year=now.year, stage=code)),
                Counted(before.steps_by[code], link(year=before.year, stage=code, by=before.by)),
                percent(now.steps_by[code], previous) if previous is not None else None,
            )
        )
        previous = now.steps_by[code]
    return steps


def ratings(counts: YearCounts) -> dict[str, dict[str, Counted]]:
    """Cases by attitude 办理态度 and by result 办理结果: satisfied, basically, unsatisfied, no_response."""
    return {
        column: {code: Counted(value, link(year=counts.year, **{column: code})) for code, value in found.items()}
        for column, found in counts.answers.items()
    }


def satisfied_rate(counts: dict[str, Counted]) -> float | None:
    """Satisfied and basically satisfied ÷ those who answered."""
    answered = sum(counts[code].value for code in ("satisfied", "basically", "unsatisfied"))
    return percent(counts["satisfied"].value + counts["basically"].value, answered)


@dataclass(frozen=True)
class Rate:
    """A rate in percent beside the whole year before, with its formula in words."""

    name: str
    now: float | None
    before: float | None
    formula: str


def rates(now: YearCounts, before: YearCounts) -> list[Rate]:
    """Filing, reply, closing and satisfaction rate of a year and of the whole year before."""
    present, past = _rates(now), _rates(before)
    return [Rate(name, present[name], past[name], formula) for name, formula in RATE_FORMULAS.items()]


def _rates(counts: YearCounts) -> dict[str, float | None]:
    steps = counts.steps
    return {
        "立案率": percent(steps["filed"], steps["received"]),
        "办复率": percent(counts.in_time, steps["assigned"]),
        "办结率": percent(steps["closed"], steps["assigned"]),
        "满意率": satisfied_rate(ratings(counts)["rating"]),
    }


def _late_replies():
    """Reply deadlines that were met after their day."""
    return Deadline.objects.filter(root_type="proposals.proposal", kind="reply", void=False, met_on__gt=F("due"))


def breakdown(rows, year: int, by: str, today: date) -> list[Group]:
    """Cases of ``year`` and of the year before by ``unit``, ``category`` or ``sector``, the largest first; one query."""
    column = {"unit": "lead_unit", "category": "category", "sector": "sector"}[by]
    label = {"unit": "lead_unit__short_name", "category": "category__name", "sector": "sector__name"}[by]
    assigned = rows.filter(year__in=(year, year - 1), **{f"{column}__isnull": False}).in_stage("assigned")
    late = Q(pk__in=Proposal.objects.filter(year=year).overdue_on(today).values("pk"))
    late_reply = Q(pk__in=_late_replies().values("root_id"))
    found = (
        assigned.values(column, label, "year")
        .annotate(
            assigned_n=Count("pk"),
            assigned_by=Count("pk", Q(assigned_on__lte=year_before(today))),
            replied_n=Count("pk", Q(replied_on__isnull=False)),
            in_time=Count("pk", Q(replied_on__isnull=False) & ~late_reply),
            closed_n=Count("pk", Q(closed_on__isnull=False)),
            late_n=Count("pk", late),
            happy=Count("pk", Q(rating__in=["satisfied", "basically"])),
            answered=Count("pk", Q(rating__in=["satisfied", "basically", "unsatisfied"])),
        )
        .order_by()
    )
    years: dict[tuple[int, str], dict[int, dict]] = defaultdict(dict)
    for row in found:
        years[row[column], row[label]][row["year"]] = row
    key = "lead" if by == "unit" else by
    groups = [
        _group(pk, name, of.get(year, _NOTHING), of.get(year - 1, _NOTHING), {"year": year, key: pk}, today)
        for (pk, name), of in years.items()
    ]
    return sorted(groups, key=lambda group: (-group.assigned.value, -group.assigned_before.value, group.pk))


def late_units(rows, today: date) -> list[dict]:
    """Units with something overdue: distinct cases by group of duty, the latest-burdened first.

    Each row: ``unit`` pk, ``name``, ``groups`` {code: Counted}, ``total`` Counted.
    """
    late = Deadline.objects.open().filter(root_type="proposals.proposal", due__lt=today)
    late = late.filter(root_id__in=rows.values("pk")).values_list("subject_type", "subject_id", "root_id", "kind")
    found = list(late)
    units = _units_of(found)
    cases: dict[tuple[tuple[int, str], str], set[int]] = defaultdict(set)
    for subject_type, subject_id, root_id, kind in found:
        unit = units.get((subject_type, subject_id))
        code = next((name for name, kinds in LATE_GROUPS.items() if kind in kinds), None)
        if unit and code:
            cases[unit, code].add(root_id)
    lines = []
    for pk, name in sorted({unit for unit, _ in cases}):
        per_group = {code: cases.get(((pk, name), code), set()) for code in LATE_GROUPS}
        groups = {code: Counted(len(ids), link(late_unit=pk, late=code, on=today)) for code, ids in per_group.items()}
        total = Counted(len(set().union(*per_group.values())), link(late_unit=pk, late="any", on=today))
        lines.append({"unit": pk, "name": name, "groups": groups, "total": total})
    return sorted(lines, key=lambda line: -line["total"].value)


def late_total(rows, today: date) -> Counted:
    """Cases in which some deadline has passed unmet, and their filter."""
    return Counted(rows.overdue_on(today).count(), link(overdue=today))


def _steps(prefix: str, by: date | None) -> dict[str, Count]:
    """A count of each step, reached at all or by a day."""
    wanted = {}
    for code, (column, states) in STAGES.items():
        reached = Q(**{f"{column}__isnull": False}) if by is None else Q(**{f"{column}__lte": by})
        wanted[f"{prefix}_{code}"] = Count("pk", reached & states if states else reached)
    return wanted


_NOTHING: Mapping[str, int] = defaultdict(int)


def _group(
    pk: int, name: str, now: Mapping[str, int], before: Mapping[str, int], where: dict[str, int], today: date
) -> Group:
    past = {**where, "year": where["year"] - 1, "stage": "assigned", "by": year_before(today)}
    return Group(
        pk,
        name,
        Counted(now["assigned_n"], link(**where, stage="assigned")),
        Counted(before["assigned_by"], link(**past)),
        Counted(now["replied_n"], link(**where, stage="replied")),
        Counted(now["closed_n"], link(**where, stage="closed")),
        Counted(now["late_n"], link(**where, stage="assigned", overdue=today)),
        *(
            Share(percent(now[part], now[whole]), percent(before[part], before[whole]))
            for part, whole in (("in_time", "assigned_n"), ("closed_n", "assigned_n"), ("happy", "answered"))
        ),
    )


def _units_of(found) -> dict[tuple[str, int], tuple[int, str]]:
    """The unit (pk, short name) behind each deadline's subject, in two queries."""
    task_ids = [pk for kind, pk, *_ in found if kind == "proposals.unittask"]
    promise_ids = [pk for kind, pk, *_ in found if kind == "proposals.promise"]
    tasks = UnitTask.objects.filter(pk__in=task_ids).values_list("pk", "unit_id", "unit__short_name")
    promises = Promise.objects.filter(pk__in=promise_ids).values_list(
        "pk", "reply__task__unit_id", "reply__task__unit__short_name"
    )
    return {("proposals.unittask", pk): (unit, name) for pk, unit, name in tasks} | {
        ("proposals.promise", pk): (unit, name) for pk, unit, name in promises
    }


def year_before(day: date) -> date:
    """The same day a year earlier; 29 February becomes 28."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
