"""Factories of opinion reports 社情民意."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from sentiment.models import Bulletin, BulletinItem, Forward, OpinionReport, Reporter, ReportStatus
from tests.factories import HandlingUnitFactory, MemberFactory


class ReportFactory(DjangoModelFactory):
    """A complete report, handed in, of one member; ``reporters=False`` leaves it without."""

    class Meta:
        model = OpinionReport
        skip_postgeneration_save = True

    status = ReportStatus.SUBMITTED
    year = 2026
    code = factory.Sequence(lambda number: f"2026-{number:05d}")
    title = factory.Sequence(lambda number: f"第{number}条路路灯不亮")
    situation = "兴安西路早晨六点前关灯，学生上学摸黑。"
    analysis = "照明控制采用固定时间。"
    suggestions = "按日出日落时间自动调控。"
    submitted_on = date(2026, 3, 2)

    @factory.post_generation
    def reporters(self, create, extracted, **kwargs):
        if extracted is False:
            return
        member = extracted or MemberFactory()
        Reporter.objects.create(report=self, order=0, member=member, name=member.name)
        OpinionReport.objects.filter(pk=self.pk).update(reporter_name=member.name)
        self.reporter_name = member.name


class BulletinFactory(DjangoModelFactory):
    """An issue that is being put together."""

    class Meta:
        model = Bulletin

    year = 2026
    report_to = "区委书记、区长"


class BulletinItemFactory(DjangoModelFactory):
    """One signed report in an issue."""

    class Meta:
        model = BulletinItem

    bulletin = factory.SubFactory(BulletinFactory)
    report = factory.SubFactory(ReportFactory, status=ReportStatus.SIGNED)


class ForwardFactory(DjangoModelFactory):
    """A report sent to a unit."""

    class Meta:
        model = Forward

    report = factory.SubFactory(ReportFactory, status=ReportStatus.FORWARDED)
    unit = factory.SubFactory(HandlingUnitFactory)
    sent_on = date(2026, 3, 9)
