"""Factories of activities 履职活动, attendances and research topics."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.models.activities import Activity, Attendance, ResearchTopic
from tests.factories import MemberFactory, UserFactory


class ActivityFactory(DjangoModelFactory):
    """A meeting of today, planned; ``status`` puts it elsewhere without its history."""

    class Meta:
        model = Activity

    kind = Activity.Kind.MEETING
    title = factory.Sequence(lambda number: f"第{number}次协商座谈会")
    on = factory.LazyFunction(timezone.localdate)
    place = "区政协三楼会议室"


class AttendanceFactory(DjangoModelFactory):
    """One member with an account, invited."""

    class Meta:
        model = Attendance

    activity = factory.SubFactory(ActivityFactory)
    member = factory.SubFactory(MemberFactory, user=factory.SubFactory(UserFactory, roles=["member"]))


class ResearchTopicFactory(DjangoModelFactory):
    """A topic of this year, due in a month."""

    class Meta:
        model = ResearchTopic

    year = factory.LazyFunction(lambda: timezone.localdate().year)
    title = factory.Sequence(lambda number: f"第{number}个调研课题")
    leader_name = "王主席"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
