"""The yearly consultation plan 年度协商计划 (domain rules §3): topics, who leads, and when."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from members.models import Body, HandlingUnit


class PlanStatus(models.TextChoices):
    """Steps of a plan, from collecting topics to its issue as a document."""

    COLLECTING = "collecting", "征集议题"
    DRAFTING = "drafting", "起草"
    REVIEWED = "reviewed", "主席会议已审议"
    DECIDED = "decided", "区委已审定"
    ISSUED = "issued", "已印发"


class AnnualPlan(models.Model):
    """The plan of one year; ``status`` is written by core.workflow only."""

    Status = PlanStatus

    status = models.CharField("状态", max_length=10, choices=PlanStatus.choices, default=PlanStatus.COLLECTING)
    year = models.PositiveSmallIntegerField("年份", unique=True)
    document_no = models.CharField("文号", max_length=40, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "年度协商计划"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年协商计划"

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("consultations:plan", args=[self.year])


class PlanItem(models.Model):
    """One topic of a plan: form, month, who leads, which units answer for it."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="items", verbose_name="计划")
    order = models.PositiveSmallIntegerField("次序", default=0)
    topic = models.CharField("议题", max_length=120)
    form = models.CharField("形式", max_length=12)
    month = models.PositiveSmallIntegerField("月份", null=True, blank=True)
    leader = models.CharField("牵头领导", max_length=40, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办专委会")
    units = models.ManyToManyField(HandlingUnit, blank=True, related_name="+", verbose_name="责任部门")
    participants = models.CharField("参加范围", max_length=200, blank=True)

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
