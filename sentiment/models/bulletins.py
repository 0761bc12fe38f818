"""Issues 刊发: the printed numbers of 社情民意信息, what stands in each, to whom it went."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from sentiment.models.reports import OpinionReport


class BulletinStatus(models.TextChoices):
    """States of an issue."""

    DRAFT = "draft", "编排中"
    PUBLISHED = "published", "已刊发"
    WITHDRAWN = "withdrawn", "已撤回"


class Bulletin(models.Model):
    """One issue; its numbers are given at publishing, without gaps, and stay when it is withdrawn.

    An issue of an old register may lack the running number, which that paper does not tell.
    """

    Status = BulletinStatus

    status = models.CharField("状态", max_length=10, choices=BulletinStatus.choices, default=BulletinStatus.DRAFT)
    year = models.PositiveSmallIntegerField("年份")
    issue_no = models.PositiveIntegerField("期号", null=True, blank=True)
    total_no = models.PositiveIntegerField("总期号", null=True, blank=True, unique=True)
    issued_on = models.DateField("刊发日期", null=True, blank=True)
    items = models.ManyToManyField(OpinionReport, through="BulletinItem", related_name="bulletins", verbose_name="篇目")
    report_to = models.TextField("报", blank=True)
    send_to = models.TextField("送", blank=True)
    copies = models.PositiveSmallIntegerField("共印几份", default=30)
    editor_name = models.CharField("编辑", max_length=40, blank=True)
    checker_name = models.CharField("核稿", max_length=40, blank=True)
    signer_name = models.CharField("签发", max_length=40, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="编排人"
    )
    made_at = models.DateTimeField("编排时间", default=timezone.now)
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)
    source_key = models.CharField("原始登记", max_length=80, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "社情民意信息刊期"
        ordering = ["-year", "-issue_no", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "issue_no"], name="bulletin_number_once"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(issue_no__isnull=False),
                name="bulletin_published_has_numbers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年第{self.issue_no}期" if self.issue_no else "编排中的一期"

    def get_absolute_url(self) -> str:
        """The issue's page."""
        return reverse("sentiment:bulletin", args=[self.pk])


class BulletinItem(models.Model):
    """One report in an issue, in its order; a report stands in one issue that was not withdrawn."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="entries", verbose_name="刊期")
    report = models.ForeignKey(OpinionReport, models.PROTECT, related_name="entries", verbose_name="篇目")
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "篇目"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "report"], name="bulletin_item_once")]


class Distribution(models.Model):
    """To whom an issue was sent 分发登记, how, and how many copies."""

    class Way(models.TextChoices):
        PAPER = "paper", "纸质"
        OFFICE = "office", "机要交换"
        ONLINE = "online", "网上"

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="distributions", verbose_name="刊期")
    recipient = models.CharField("收件人（单位）", max_length=60)
    way = models.CharField("方式", max_length=8, choices=Way.choices, default=Way.PAPER)
    copies = models.PositiveSmallIntegerField("份数", default=1)
    on = models.DateField("日期")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = verbose_name_plural = "分发登记"
        ordering = ["id"]
