"""What the yearly plan 年度协商计划 registers: links of the menu, what waits, what a receipt code tells, the demo world."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from consultations.models import (
    PUBLISHED,
    Consultation,
    ConsultationStatus,
    PlanItem,
    TopicStatus,
    TopicSuggestion,
)
from consultations.plans import follow as plan_follow
from core import navigation, todos, tracking
from core.todos import Rows, Todo
from members.demo import parts as demo_parts
from members.models import Role

GROUP = "协商"
CAP = 1000


def topic_count(user: Any) -> int:
    """How many topics wait for the office to be studied."""
    rows = TopicSuggestion.objects.filter(status=TopicStatus.SUBMITTED).exclude(plan__status__in=PUBLISHED)
    return rows[:CAP].count()


def waiting(user: Any, today: date) -> Iterable[Rows]:
    """What waits: topics to study for the office, and items of the plan whose month has come without a session."""
    if user.has_role(Role.LIAISON):
        topics = TopicSuggestion.objects.filter(status=TopicStatus.SUBMITTED).exclude(plan__status__in=PUBLISHED)
        columns = {"pk": "pk", "title": "title", "year": "plan__year", "sent_on": "sent_on"}
        yield Rows(topics.order_by("id"), columns, _to_study, days=("sent_on",), most=20)
    if user.has_role(Role.LIAISON, Role.COMMITTEE):
        arranged = Consultation.objects.filter(plan_item=OuterRef("pk")).exclude(status=ConsultationStatus.CANCELLED)
        items = PlanItem.objects.standing().filter(
            ~Exists(arranged), plan__status__in=PUBLISHED, plan__year=today.year, month__lte=today.month
        )
        if not user.has_role(Role.LIAISON):
            items = items.filter(body__in=user.body_ids)
        columns = {"pk": "pk", "title": "topic", "year": "plan__year", "month": "month"}
        yield Rows(items.order_by("month", "id"), columns, _to_arrange, most=20)


def _to_study(row: Any) -> Todo:
    url = TopicSuggestion(pk=row.pk).get_absolute_url()
    return Todo("consultations.topic", row.title, f"{row.year}年计划的议题建议", url, "定列不列入", None, row.sent_on)


def _to_arrange(row: Any) -> Todo:
    url = reverse("consultations:arrange", args=[row.pk])
    due = plan_follow.terms.month_end(row.year, row.month)
    return Todo("consultations.arrange", row.title, f"{row.year}年计划安排在{row.month}月", url, "安排协商", due)


def puts_in(user: Any) -> bool:
    """Whether the person puts topics in and studies none."""
    return user.has_perm("consultations.suggest") and not studies(user)


def studies(user: Any) -> bool:
    """Whether the person studies what was put in."""
    return user.has_perm("consultations.manage_plan")


def register() -> None:
    """Put everything in its place."""
    from consultations.plans import demo as plan_demo

    link = navigation.register
    link(GROUP, "协商看板", "consultations:board", show=lambda user: user.has_perm("consultations.see_board"), order=12)
    link(GROUP, "提协商议题", "consultations:suggestions", show=puts_in, order=25)
    link(GROUP, "议题建议", "consultations:suggestions", show=studies, badge=topic_count, order=25)
    todos.provide(waiting)
    plan_follow.register()
    tracking.tell_with("consultations.topicsender", plan_follow.steps)
    demo_parts.add("plans", plan_demo.seed)
