"""What follows an issue: adoption 采用, leaders' notes 批示, forwarding 转办 with the unit's answer."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from members.models import HandlingUnit
from sentiment.models.reports import OpinionReport


class Level(models.TextChoices):
    """The level at which a report was adopted or a note written, the lowest first."""

    DISTRICT = "district", "区"
    CITY = "city", "市"
    PROVINCE = "province", "省"
    NATION = "nation", "全国"


class Adoption(models.Model):
    """A report was taken up by a body of some level, alone or within a 综合; each row counts."""

    files: list
    """What proves it, set on the row by ``selectors.report_facts`` alone."""

    report = models.ForeignKey(OpinionReport, models.CASCADE, related_name="adoptions", verbose_name="来稿")
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    body_name = models.CharField("采用单位", max_length=60)
    is_combined = models.BooleanField("综合采用", default=False)
    on = models.DateField("日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    removed_at = models.DateTimeField("删去时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "采用"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "level", "body_name"],
                condition=models.Q(removed_at__isnull=True),
                name="adoption_once",
            )
        ]


class LeaderNote(models.Model):
    """A leader's note 批示 on a report; ``for_unit`` lets it go along when the report is forwarded."""

    report = models.ForeignKey(OpinionReport, models.CASCADE, related_name="notes", verbose_name="来稿")
    leader = models.CharField("批示领导", max_length=40)
    level = models.CharField("层级", max_length=10, choices=Level.choices, default=Level.DISTRICT)
    on = models.DateField("日期", null=True, blank=True)
    text = models.TextField("批示内容")
    for_unit = models.BooleanField("随转办告知承办单位", default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    made_at = models.DateTimeField("登记时间", default=timezone.now)
    removed_at = models.DateTimeField("删去时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批示"
        ordering = ["id"]


class ForwardStatus(models.TextChoices):
    """States of a forwarding to one unit."""

    SENT = "sent", "待答复"
    ANSWERED = "answered", "已答复"
    ACCEPTED = "accepted", "已反馈反映人"
    ASKED_AGAIN = "asked_again", "已再转办"


class Forward(models.Model):
    """A report sent to one unit with a term; asking again opens a new row of the next round."""

    files: list
    """What goes with the answer, set on the row by ``selectors.report_facts`` alone."""

    Status = ForwardStatus

    status = models.CharField("状态", max_length=12, choices=ForwardStatus.choices, default=ForwardStatus.SENT)
    report = models.ForeignKey(OpinionReport, models.CASCADE, related_name="forwards", verbose_name="来稿")
    unit = models.ForeignKey(HandlingUnit, models.PROTECT, related_name="forwarded_reports", verbose_name="转办单位")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    request = models.CharField("转办要求", max_length=500, blank=True)
    sent_on = models.DateField("转办日期", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    is_enough = models.BooleanField("反映人满意", null=True, blank=True)
    comment = models.CharField("反映人意见", max_length=500, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="转办人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "转办"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "unit", "round"], name="forward_once_a_round")]
        indexes = [models.Index(fields=["unit", "status"], name="forward_of_unit")]

    def get_absolute_url(self) -> str:
        """The page on which the unit answers."""
        return reverse("sentiment:forward", args=[self.pk])
