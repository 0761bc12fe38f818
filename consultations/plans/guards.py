"""What stands against moving a plan or a topic put in for it, in words."""

from consultations.models import AnnualPlan, PlanStatus, TopicStatus, TopicSuggestion


def plan_has_items(plan: AnnualPlan, actor) -> str | None:
    """A plan without topics is not put before a meeting."""
    return None if plan.items.exists() else "计划里还没有议题。"


def every_topic_answered(plan: AnnualPlan, actor) -> str | None:
    """Whoever put a topic in learns what became of it before the plan goes out."""
    left = plan.suggestions.filter(status=TopicStatus.SUBMITTED).count()
    return f"还有{left}条议题建议没有处理，先定列入、留作备选还是不列入。" if left else None


def plan_takes_topics(topic: TopicSuggestion, actor) -> str | None:
    """Topics go into a plan, and out again, while it is drafted."""
    if topic.plan.status in (PlanStatus.COLLECTING, PlanStatus.DRAFTING):
        return None
    return f"计划{topic.plan.get_status_display()}，不能再列入或退出议题；要改先退回修改。"


def plan_not_issued(topic: TopicSuggestion, actor) -> str | None:
    """After the issue the answers stand."""
    return f"计划{topic.plan.get_status_display()}，答复不能再改。" if topic.plan.is_published else None
