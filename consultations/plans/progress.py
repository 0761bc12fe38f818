"""How far the topics of a plan are 计划进度: one state for each, the same in a list's filter and in a count."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, TextChoices, Value, When

from consultations.models import (
    PUBLISHED,
    Consultation,
    ConsultationStatus,
    Conversion,
    Outcome,
    OutcomeStatus,
    PlanItem,
)

HELD = (ConsultationStatus.HELD, ConsultationStatus.REPORTED, ConsultationStatus.CLOSED)
AHEAD = (ConsultationStatus.PLANNED, ConsultationStatus.NOTIFIED)
QUARTERS = {1: (1, 2, 3), 2: (4, 5, 6), 3: (7, 8, 9), 4: (10, 11, 12)}


class State(TextChoices):
    """Where a topic of the plan stands; derived from its sessions, never stored."""

    IDLE = "idle", "未启动"
    ARRANGED = "arranged", "已安排"
    HELD = "held", "已举行"
    SENT = "sent", "成果已报送"
    CONVERTED = "converted", "已转化"
    OVERDUE = "overdue", "逾期未办"
    DROPPED = "dropped", "已调出"


DONE = (State.HELD, State.SENT, State.CONVERTED)
"""States of topics whose session took place."""


def converted() -> Q:
    """Outcomes that turned into a policy, a project or a line of the budget 已转化."""
    made = Conversion.objects.filter(outcome=OuterRef("pk"), removed_at__isnull=True)
    return ~Q(conversion="") | Q(Exists(made))


def went_up() -> Q:
    """Outcomes that were sent up 已报送."""
    return ~Q(status=OutcomeStatus.DRAFT)


def past_month(today: date) -> Q:
    """Items of issued plans whose month, or whose year where no month is set, is over."""
    over = Q(plan__year__lt=today.year) | Q(plan__year=today.year, month__lt=today.month)
    return Q(plan__status__in=PUBLISHED) & over


def with_state(rows: QuerySet[PlanItem], today: date) -> QuerySet[PlanItem]:
    """The items with their ``state`` on a day, worked out by the database."""
    sessions = Consultation.objects.filter(plan_item=OuterRef("pk"))
    papers = Outcome.objects.filter(consultation__plan_item=OuterRef("pk")).filter(went_up())
    return rows.annotate(
        state=Case(
            When(dropped_on__isnull=False, then=Value(State.DROPPED.value)),
            When(Exists(papers.filter(converted())), then=Value(State.CONVERTED.value)),
            When(Exists(papers), then=Value(State.SENT.value)),
            When(Exists(sessions.filter(status__in=HELD)), then=Value(State.HELD.value)),
            When(past_month(today), then=Value(State.OVERDUE.value)),
            When(Exists(sessions.filter(status__in=AHEAD)), then=Value(State.ARRANGED.value)),
            default=Value(State.IDLE.value),
            output_field=CharField(),
        )
    )


def late_words(item: PlanItem, today: date) -> str:
    """How long an item is overdue, in words; empty for one that is not."""
    year = item.plan.year
    months = (today.year - year) * 12 + today.month - (item.month or 12)
    if months <= 0:
        return ""
    planned = f"{item.month}月" if item.month else "年内"
    when = planned if year == today.year else f"{year}年{planned}"
    return f"应在{when}办，已过{months}个月"


def count(items: Iterable[PlanItem], *states: str) -> int:
    """How many of the items stand in one of the states."""
    return sum(getattr(item, "state", "") in states for item in items)
