"""Yearly duty reports 年度履职报告: the round in which the office asks for them, and what each member hands in."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from members.models.accounts import Role
from members.models.people import Member


class ReportRound(models.Model):
    """The office asks all members for the report of a year, to be handed in by a day; one round a year.

    A closed round keeps how many were asked and how many had handed in: the roll changes later.
    """

    year = models.PositiveSmallIntegerField("年度", unique=True)
    due_on = models.DateField("截止日期")
    note = models.CharField("要求", max_length=500, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="布置人")
    opened_at = models.DateTimeField("布置时间", default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结束人"
    )
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    asked = models.PositiveIntegerField("应交", null=True, blank=True)
    received = models.PositiveIntegerField("已交", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "履职报告的布置"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年度履职报告"

    def get_absolute_url(self) -> str:
        """The list of the round's reports."""
        return f"{reverse('members:reports')}?year={self.year}"


class ReportStatus(models.TextChoices):
    """States of a report."""

    DRAFT = "draft", "没有交"
    SUBMITTED = "submitted", "待阅"
    RETURNED = "returned", "退回修改"
    ACCEPTED = "accepted", "已收"


HANDED_IN = (ReportStatus.SUBMITTED, ReportStatus.RETURNED, ReportStatus.ACCEPTED)


class DutyReportQuerySet(models.QuerySet):
    """Reads of reports."""

    def visible_to(self, user: Any) -> Any:
        """One's own; for the liaison office and leaders all that were handed in, but nobody's draft."""
        own = Q(member__user_id=user.pk)
        if user.has_role(Role.LIAISON, Role.LEADER):
            return self.filter(own | ~Q(status=ReportStatus.DRAFT))
        return self.filter(own)

    def late(self) -> Any:
        """Those first handed in after the day."""
        return self.filter(handed_in_on__gt=F("round__due_on"))


class DutyReport(models.Model):
    """A member's report of a year: what was done, what was gained and lacks, what is planned.

    ``handed_in_on`` is the day it first came in and stays when it is returned; ``on_paper`` marks one
    that came on paper and was entered by the office.
    """

    PARTS = ("done", "gains", "plans")

    Status = ReportStatus

    round = models.ForeignKey(ReportRound, models.PROTECT, related_name="reports", verbose_name="布置")
    member = models.ForeignKey(Member, models.PROTECT, related_name="duty_reports", verbose_name="委员")
    status = models.CharField("状态", max_length=10, choices=ReportStatus.choices, default=ReportStatus.DRAFT)
    done = models.TextField("履职情况", max_length=6000, blank=True)
    gains = models.TextField("体会和不足", max_length=2000, blank=True)
    plans = models.TextField("明年打算", max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_at = models.DateTimeField("保存时间", default=timezone.now)
    handed_in_on = models.DateField("交来日期", null=True, blank=True)
    submitted_at = models.DateTimeField("最近一次交来", null=True, blank=True)
    times_kept = models.PositiveSmallIntegerField("收下几次", default=0, editable=False)
    on_paper = models.BooleanField("纸质", default=False)
    answer = models.CharField("委员联络室的意见", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="阅办人"
    )
    decided_at = models.DateTimeField("阅办时间", null=True, blank=True)

    objects = DutyReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度履职报告"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "member"], name="duty_report_once"),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.DRAFT) | Q(handed_in_on__isnull=False), name="duty_report_day"
            ),
        ]
        indexes = [models.Index(fields=["round", "status"], name="duty_report_status")]

    def __str__(self) -> str:
        return f"{self.member}的{self.round}"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("members:yearly_report", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether it first came in after the day."""
        return self.handed_in_on is not None and self.handed_in_on > self.round.due_on
