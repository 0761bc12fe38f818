"""The yearly plan, the topics put in for it, the board."""

from django.utils import timezone

from consultations.models import AnnualPlan, TopicSuggestion
from consultations.services import plans
from tests.access.rules import EVERYBODY, SIGNED_IN, Rule, people

LIAISON = people("liaison")
READERS = LIAISON | people("committee leader district-leader")
PUTS_IN = LIAISON | people("member member2 convener unit unit-head unit2 committee")

RULES = {
    "consultations:plans": Rule(SIGNED_IN),
    "consultations:plan_items": Rule(SIGNED_IN),
    "consultations:plan": Rule(READERS, "plan_year"),
    "consultations:plan_print": Rule(READERS, "plan_year"),
    "consultations:plan_docx": Rule(READERS, "plan_year"),
    "consultations:plan_begin": Rule(LIAISON, "plan_year"),
    "consultations:topic": Rule(LIAISON, "plan_year topic_in_plan"),
    "consultations:topic_new": Rule(LIAISON, "plan_year"),
    "consultations:topic_drop": Rule(LIAISON, "plan_year topic_in_plan"),
    "consultations:topic_order": Rule(LIAISON, "plan_year topic_in_plan 'up'"),
    "consultations:arrange": Rule(LIAISON, "topic_in_plan"),
    "consultations:plan_act": Rule(LIAISON, "plan_year 'draft'"),
    "consultations:suggestions": Rule(PUTS_IN | READERS),
    "consultations:suggest": Rule(PUTS_IN),
    "consultations:suggestions_batch": Rule(LIAISON),
    "consultations:suggestion": Rule(READERS | people("member"), "suggestion"),
    "consultations:suggestion_contact": Rule(frozenset(), "suggestion"),  # a member's own: nobody to call back
    "consultations:suggestion_act": Rule(LIAISON, "suggestion 'decline'"),
    "consultations:board": Rule(READERS),
    "portal:topics": Rule(EVERYBODY),
    "portal:topics_sent": Rule(EVERYBODY),
}


def build(world) -> dict[str, object]:
    """A plan that is being made, with a topic of its own and one that a member put in."""
    plan = plans.begin_plan(timezone.localdate().year, actor=world["liaison"])
    topic = plans.set_item(plan, actor=world["liaison"], topic="全域旅游", form="standing")
    suggestion = TopicSuggestion.objects.create(
        plan=AnnualPlan.objects.get(pk=plan.pk), source="member", title="加装电梯", text="老人下不了楼",
        user=world["member"], proposer="委员",
    )  # fmt: skip
    return {"plan_year": plan.year, "topic_in_plan": topic.pk, "suggestion": suggestion.pk}
