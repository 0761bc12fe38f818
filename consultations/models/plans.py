"""The yearly consultation plan 年度协商计划 (domain rules §3): its stages, its topics, and what was changed after issue."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from members.models import Body, HandlingUnit, Role


class PlanStatus(models.TextChoices):
    """Stages of a plan, from collecting topics to its being noted by the standing committee or the plenary."""

    COLLECTING = "collecting", "征集议题"
    DRAFTING = "drafting", "起草"
    REVIEWED = "reviewed", "主席会议已审议"
    DECIDED = "decided", "区委已审定"
    ISSUED = "issued", "已印发"
    NOTED = "noted", "已通报"


PUBLISHED = (PlanStatus.ISSUED, PlanStatus.NOTED)
"""Stages in which everyone may read a plan."""
PLAN_READERS = (Role.LIAISON, Role.LEADER, Role.DISTRICT_LEADER, Role.COMMITTEE)
"""Who reads a plan before it is issued."""


class AnnualPlanQuerySet(models.QuerySet):
    """Plans by who may see them."""

    def visible_to(self, user):
        """Issued plans for everyone, the others for those who make and decide them."""
        return self if user.has_role(*PLAN_READERS) else self.filter(status__in=PUBLISHED)

    def calling(self, today):
        """Plans whose call for topics 议题征集 is open on a day."""
        return self.filter(status=PlanStatus.COLLECTING, opens_on__lte=today, closes_on__gte=today)


class AnnualPlan(models.Model):
    """The plan of one year; ``status`` is written by core.workflow only."""

    Status = PlanStatus

    status = models.CharField("状态", max_length=10, choices=PlanStatus.choices, default=PlanStatus.COLLECTING)
    year = models.PositiveSmallIntegerField("年份", unique=True)
    opens_on = models.DateField("征集开始", null=True, blank=True)
    closes_on = models.DateField("征集截止", null=True, blank=True)
    call_text = models.TextField("征集说明", max_length=2000, blank=True)
    document_no = models.CharField("文号", max_length=40, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    objects = AnnualPlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度协商计划"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__isnull=True) | models.Q(closes_on__gte=models.F("opens_on")),
                name="plan_call_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年协商计划"

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("consultations:plan", args=[self.year])

    @property
    def is_published(self) -> bool:
        """Whether it was issued, so that changing it needs an amendment 调整."""
        return self.status in PUBLISHED

    @property
    def is_calling(self) -> bool:
        """Whether topics are taken in today."""
        today = timezone.localdate()
        return bool(
            self.status == PlanStatus.COLLECTING
            and self.opens_on
            and self.closes_on
            and self.opens_on <= today <= self.closes_on
        )


class PlanStep(models.Model):
    """One stage that a plan reached: on which day, by which meeting, with what remark."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="steps", verbose_name="计划")
    stage = models.CharField("到哪一步", max_length=10, choices=PlanStatus.choices)
    on = models.DateField("日期")
    note = models.CharField("会议和意见", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "计划的步骤"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.plan} {self.get_stage_display()}"


class PlanItemQuerySet(models.QuerySet):
    """Plan items by who may see them."""

    def visible_to(self, user):
        """Those of plans that the person may read."""
        return self.filter(plan__in=AnnualPlan.objects.visible_to(user))

    def standing(self):
        """Items that were not taken out after the issue."""
        return self.filter(dropped_on__isnull=True)


class PlanItem(models.Model):
    """One topic of a plan: form, month, who leads, which units answer for it, who takes part."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="items", verbose_name="计划")
    order = models.PositiveSmallIntegerField("次序", default=0)
    topic = models.CharField("议题", max_length=120)
    form = models.CharField("形式", max_length=12)
    month = models.PositiveSmallIntegerField("月份", null=True, blank=True)
    leader = models.CharField("领衔领导", max_length=40, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办专委会")
    units = models.ManyToManyField(HandlingUnit, blank=True, related_name="+", verbose_name="责任部门")
    partner_units = models.ManyToManyField(HandlingUnit, blank=True, related_name="+", verbose_name="参与部门")
    partner_bodies = models.ManyToManyField(Body, blank=True, related_name="+", verbose_name="参与的界别、党派、专委会")
    participants = models.CharField("参加范围", max_length=200, blank=True)
    method = models.CharField("协商方式", max_length=200, blank=True)
    dropped_on = models.DateField("调出日期", null=True, blank=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划议题"
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month__isnull=True) | models.Q(month__range=(1, 12)), name="plan_item_month"
            )
        ]

    def __str__(self) -> str:
        return self.topic


class PlanAmendment(models.Model):
    """One change 调整 to a plan that was issued: what, why, on what ground; never rewritten."""

    class Kind(models.TextChoices):
        ADD = "add", "增列"
        CHANGE = "change", "变更"
        DROP = "drop", "调出"

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="amendments", verbose_name="计划")
    item = models.ForeignKey(PlanItem, models.PROTECT, related_name="amendments", verbose_name="议题")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    changes = models.JSONField("改了什么", default=list, blank=True)
    reason = models.CharField("理由", max_length=300)
    basis = models.CharField("依据", max_length=120, blank=True)
    on = models.DateField("日期")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "计划调整"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}《{self.item}》"
