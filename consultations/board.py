"""The board 协商看板: plan against done by form and quarter, uptake and conversion, each number with the list of just its rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.urls import reverse

from consultations.models import Consultation, Outcome, PlanItem, Uptake, UptakeResult
from consultations.outcomes.selectors import TAKEN
from consultations.plans import progress
from consultations.plans.progress import State

FORMS = [row for row in Consultation.Form.choices if row[0] != "micro"]


@dataclass(frozen=True)
class Number:
    """One number and the address of just the rows that it counts."""

    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """One row of a table: its name, its numbers of the year, those of the year before, a share in whole percent."""

    name: str
    numbers: tuple[Number, ...]
    before: tuple[Number, ...] = ()
    percent: int | None = None
    formula: str = ""
    percent_before: int | None = None


def percent(part: int, whole: int) -> int | None:
    """A share in whole percent; None of nothing."""
    return round(part * 100 / whole) if whole else None


# --- What is counted, and the lists' conditions ------------------------------------------------


def outcomes(user: Any) -> QuerySet[Outcome]:
    """Outcomes that were sent up, as far as the person may read them."""
    return Outcome.objects.visible_to(user).filter(progress.went_up())


def overdue(today: date) -> Q:
    """Uptakes that wait past their term."""
    return Q(result=UptakeResult.WAITING, due_on__lt=today)


class Addresses:
    """Addresses of the lists for one year."""

    def __init__(self, year: int) -> None:
        self.year = year

    def items(self, **conditions: Any) -> Any:
        """Topics of the year's plan."""
        return f"{reverse('consultations:plan_items')}?{urlencode({'year': self.year, **conditions})}"

    def sessions(self, **conditions: Any) -> str:
        """Sessions of the year that took place."""
        return f"{reverse('consultations:list')}?{urlencode({'year': self.year, 'state': 'held_all', **conditions})}"

    def outcomes(self, **conditions: Any) -> str:
        """Outcomes sent up of the year's sessions."""
        return (
            f"{reverse('consultations:outcomes')}?{urlencode({'year': self.year, 'state': 'sent_all', **conditions})}"
        )

    def uptakes(self, **conditions: Any) -> str:
        """What was given to units in the year."""
        return f"{reverse('consultations:uptakes')}?{urlencode({'year': self.year, **conditions})}"

    def late(self, **conditions: Any) -> str:
        """What units still owe, of any year."""
        return f"{reverse('consultations:uptakes')}?{urlencode({'state': 'overdue', **conditions})}"


# --- Counting: one query for each kind of record, both years at once ----------------------------


class Year:
    """The figures of one year."""

    def __init__(self, year: int) -> None:
        self.to = Addresses(year)
        self.items: Counter[tuple[str, int, str]] = Counter()
        """By form, quarter (0 for none) and state."""
        self.sessions: Counter[str] = Counter()
        self.outcomes: Counter[bool] = Counter()
        self.uptakes: Counter[str] = Counter()

    def planned(self, *, form: str = "", quarter: int | None = None, states: tuple[str, ...] = ()) -> int:
        """Topics of the plan that were not taken out; of a form, a quarter, in some states."""
        return sum(
            number
            for (one, place, state), number in self.items.items()
            if state != State.DROPPED
            and (not form or one == form)
            and (quarter is None or place == quarter)
            and (not states or state in states)
        )


def count(user: Any, year: int, today: date) -> tuple[Year, Year]:
    """This year and the one before; four queries."""
    found = {one: Year(one) for one in (year, year - 1)}
    items = progress.with_state(PlanItem.objects.visible_to(user).filter(plan__year__in=found), today)
    quarter = Case(
        *(When(month__in=months, then=Value(number)) for number, months in progress.QUARTERS.items()), default=Value(0)
    )
    rows = items.annotate(quarter=quarter).order_by().values_list("plan__year", "form", "quarter", "state")
    for one, form, place, state, number in rows.annotate(n=Count("pk")):
        found[one].items[form, place, state] += number
    sessions = Consultation.objects.visible_to(user).filter(
        on__gte=date(year - 1, 1, 1), on__lte=date(year, 12, 31), status__in=progress.HELD
    )
    for one, form, number in sessions.order_by().values_list("on__year", "form").annotate(n=Count("pk")):
        found[one].sessions[form] += number
    sent = outcomes(user).filter(consultation__on__gte=date(year - 1, 1, 1), consultation__on__lte=date(year, 12, 31))
    turned = sent.annotate(turned=Case(When(progress.converted(), then=Value(True)), default=Value(False)))
    for one, made, number in turned.order_by().values_list("consultation__on__year", "turned").annotate(n=Count("pk")):
        found[one].outcomes[bool(made)] += number
    asked = Uptake.objects.visible_to(user).filter(
        assigned_on__gte=date(year - 1, 1, 1), assigned_on__lte=date(year, 12, 31)
    )
    for one, result, number in asked.order_by().values_list("assigned_on__year", "result").annotate(n=Count("pk")):
        found[one].uptakes[result] += number
    return found[year], found[year - 1]


# --- Figures ------------------------------------------------------------------------------------


def head(now: Year, before: Year, late: int) -> list[dict[str, Any]]:
    """The six figures at the top, each with the year before."""
    size, done = now.planned(), now.planned(states=progress.DONE)
    overdue_items = now.planned(states=(State.OVERDUE,))
    made, held = sum(now.outcomes.values()), sum(now.sessions.values())
    share = percent(done, size)
    return [
        _figure(size, "个", "计划议题", f"去年{before.planned()}个", now.to.items(planned=1)),
        _figure(
            done,
            "个",
            "计划议题已举行",
            f"完成率{share}%" if share is not None else "还没有计划",
            now.to.items(state="done"),
        ),
        _figure(overdue_items, "个", "计划逾期未办", "过了月份还没举行", now.to.items(state="overdue")),
        _figure(held, "场", "实际举行", f"去年{sum(before.sessions.values())}场，含计划外和微协商", now.to.sessions()),
        _figure(made, "份", "报送成果", f"去年{sum(before.outcomes.values())}份", now.to.outcomes()),
        _figure(late, "份", "单位逾期未答复", "不分年份，按今天算", now.to.late()),
    ]


def _figure(value: int, unit: str, name: str, note: str, url: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "name": name, "note": note, "url": url}


def by_form(now: Year, before: Year) -> list[Line]:
    """Planned, held of the plan, overdue, and all sessions that took place, by form; forms without any are left out."""
    lines = []
    for form, label in FORMS:
        planned, done = now.planned(form=form), now.planned(form=form, states=progress.DONE)
        late = now.planned(form=form, states=(State.OVERDUE,))
        earlier = (before.planned(form=form), before.planned(form=form, states=progress.DONE))
        if planned or any(earlier) or now.sessions[form]:
            numbers = (
                Number(planned, now.to.items(form=form, planned=1)),
                Number(done, now.to.items(form=form, state="done")),
                Number(late, now.to.items(form=form, state="overdue")),
                Number(now.sessions[form], now.to.sessions(form=form)),
            )
            last = (
                Number(earlier[0], before.to.items(form=form, planned=1)),
                Number(earlier[1], before.to.items(form=form, state="done")),
            )
            lines.append(Line(label, numbers, last, percent(done, planned)))
    return lines


def by_quarter(now: Year, before: Year) -> list[Line]:
    """Planned, held and overdue by quarter; topics without a month at the end, where there are any."""
    lines = []
    for quarter, label in ((1, "一季度"), (2, "二季度"), (3, "三季度"), (4, "四季度"), (0, "没有定月份")):
        planned, done = now.planned(quarter=quarter), now.planned(quarter=quarter, states=progress.DONE)
        earlier = (before.planned(quarter=quarter), before.planned(quarter=quarter, states=progress.DONE))
        if not quarter and not planned and not earlier[0]:
            continue
        numbers = (
            Number(planned, now.to.items(quarter=quarter, planned=1)),
            Number(done, now.to.items(quarter=quarter, state="done")),
            Number(
                now.planned(quarter=quarter, states=(State.OVERDUE,)), now.to.items(quarter=quarter, state="overdue")
            ),
        )
        last = (
            Number(earlier[0], before.to.items(quarter=quarter, planned=1)),
            Number(earlier[1], before.to.items(quarter=quarter, state="done")),
        )
        lines.append(Line(label, numbers, last, percent(done, planned)))
    return lines


def rates(now: Year, before: Year) -> list[Line]:
    """Three rates with fixed denominators: part and whole of this year and of the year before."""
    return [
        _rate("计划完成率", "已举行的计划议题 ÷ 计划议题", now, before, _plan),
        _rate("采纳率", "采纳和部分采纳 ÷ 交单位的全部份数（没答复的也在内）", now, before, _taken),
        _rate("转化率", "已转化的成果 ÷ 这一年协商报送的全部成果", now, before, _turned),
    ]


def _plan(year: Year) -> tuple[Number, Number]:
    done = Number(year.planned(states=progress.DONE), year.to.items(state="done"))
    return done, Number(year.planned(), year.to.items(planned=1))


def _taken(year: Year) -> tuple[Number, Number]:
    part = sum(year.uptakes[result] for result in TAKEN)
    return Number(part, year.to.uptakes(state="taken")), Number(sum(year.uptakes.values()), year.to.uptakes())


def _turned(year: Year) -> tuple[Number, Number]:
    whole = Number(sum(year.outcomes.values()), year.to.outcomes())
    return Number(year.outcomes[True], year.to.outcomes(came="converted")), whole


def _rate(name: str, formula: str, now: Year, before: Year, of: Any) -> Line:
    this, last = of(now), of(before)
    return Line(
        name, this, last, percent(this[0].value, this[1].value), formula, percent(last[0].value, last[1].value)
    )  # fmt: skip


def by_unit(user: Any, now: Year, today: date) -> list[Line]:
    """What was given to each unit in the year, taken up, still owed and overdue, the most overdue first; one query.

    A unit that owes something from an earlier year stands here too.
    """
    year = Q(assigned_on__year=now.to.year)
    rows = Uptake.objects.visible_to(user).filter(year | overdue(today)).order_by().values("unit_id", "unit__name")
    rows = rows.annotate(
        given=Count("pk", filter=year), taken=Count("pk", filter=year & Q(result__in=TAKEN)),
        waits=Count("pk", filter=year & Q(result=UptakeResult.WAITING)), late=Count("pk", filter=overdue(today)),
    )  # fmt: skip
    lines = [
        Line(
            row["unit__name"],
            (
                Number(row["given"], now.to.uptakes(unit=row["unit_id"])),
                Number(row["taken"], now.to.uptakes(unit=row["unit_id"], state="taken")),
                Number(row["waits"], now.to.uptakes(unit=row["unit_id"], state="waiting")),
                Number(row["late"], now.to.late(unit=row["unit_id"])),
            ),
            percent=percent(row["taken"], row["given"]),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.numbers[3].value, -line.numbers[0].value, line.name))


def late_total(lines: list[Line]) -> int:
    """How many uptakes are overdue in all units."""
    return sum(line.numbers[3].value for line in lines)


def chart(lines: list[Line]) -> dict[str, Any]:
    """Planned and held side by side, from the same lines as the table."""
    return {
        "names": [line.name for line in lines],
        "now": [line.numbers[1].value for line in lines],
        "before": [line.numbers[0].value for line in lines],
        "years": ["已举行", "计划"],
    }


def sheet(now: Year, before: Year, units: list[Line]) -> list[tuple[str, str, Any, Any]]:
    """All figures as rows of a spreadsheet: part, name, this year, the year before."""
    found: list[tuple[str, str, Any, Any]] = []
    for part, lines in (("按形式", by_form(now, before)), ("按季度", by_quarter(now, before))):
        for line in lines:
            found.append((part, f"{line.name}：计划", line.numbers[0].value, line.before[0].value))
            found.append((part, f"{line.name}：已举行", line.numbers[1].value, line.before[1].value))
            found.append((part, f"{line.name}：逾期", line.numbers[2].value, None))
    for line in rates(now, before):
        found.append(("率", f"{line.name}（%）", line.percent, line.percent_before))
    for line in units:
        for name, number in zip(("交办", "采纳", "待答复", "逾期"), line.numbers, strict=True):
            found.append(("按单位", f"{line.name}：{name}", number.value, None))
    return found
