"""Activities, sign-in and research topics."""

from typing import Any

from django.utils import timezone

from members.models import Body, Member, RoleGrant
from members.services import activities, signin, topics
from tests.access.rules import SIGNED_IN, Rule, people

OFFICE = people("liaison")
RUNNERS = OFFICE | people("committee")
PLANNERS = RUNNERS | people("convener")
SEES = RUNNERS | people("leader")
MEMBERS = people("member member2 convener")

RULES = {
    "members:activities": Rule(SIGNED_IN),
    "members:activities_batch": Rule(RUNNERS, form={"verb": "verify"}),
    "members:activity_new": Rule(PLANNERS),
    "members:activity_report": Rule(MEMBERS),
    "members:activity": Rule(SEES | people("member"), "activity"),
    "members:activity_edit": Rule(RUNNERS, "activity"),
    "members:activity_act": Rule(RUNNERS, "activity 'cancel'"),
    "members:activity_files": Rule(RUNNERS, "activity"),
    "members:activity_print": Rule(SEES | people("member"), "activity"),
    "members:activity_invite": Rule(RUNNERS, "activity"),
    "members:activity_answer": Rule(people("member"), "activity"),
    "members:activity_leave": Rule(RUNNERS, "activity"),
    "members:activity_people": Rule(SEES, "activity"),
    "members:activity_mark": Rule(RUNNERS, "activity"),
    "members:activity_correct": Rule(RUNNERS, "held_activity"),
    "members:activity_paper": Rule(RUNNERS, "activity"),
    "members:signin_code": Rule(people("member"), "activity"),
    "members:signin_host": Rule(RUNNERS, "activity"),
    "members:signin_check": Rule(RUNNERS, "activity"),
    "members:topics": Rule(SIGNED_IN),
    "members:topic_new": Rule(RUNNERS),
    "members:topic": Rule(SEES | people("member"), "topic"),
    "members:topic_edit": Rule(RUNNERS, "topic"),
    "members:topic_act": Rule(RUNNERS, "topic 'start'"),
    "members:topic_files": Rule(RUNNERS | people("member"), "topic"),
}


def build(world: Any) -> dict[str, Any]:
    """An activity of the demo committee to which the demo member is invited, one that was held, and a topic."""
    office = world["liaison"]
    grant = RoleGrant.objects.filter(user=world["committee"], role="committee", body__isnull=False).first()
    body = grant.body if grant else Body.objects.filter(kind=Body.Kind.COMMITTEE).first()
    member = Member.objects.get(user=world["member"])
    today = timezone.localdate()
    values = {"kind": "meeting", "on": today, "organizer": body}
    activity = activities.plan(actor=office, title="签到中的", **values)
    activities.invite(activity, [member.pk], actor=office)
    activity = signin.open_sign_in(activities.notify(activity, actor=office), actor=office)
    held = activities.record_held([member.pk], actor=office, title="举行过的", **values)
    topic = topics.create(
        actor=office, year=today.year, title="课题", leader_name="王主席", body=body, team=[member.pk]
    )
    return {"activity": activity.pk, "held_activity": held.pk, "topic": topic.pk}
