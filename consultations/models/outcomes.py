"""Outcomes 协商成果: the paper that goes up, the note on it, which unit took up what, and what it became."""

from django.conf import settings
from django.db import models

from consultations.models.sessions import Consultation
from members.models import HandlingUnit


class OutcomeStatus(models.TextChoices):
    """States of an outcome."""

    DRAFT = "draft", "起草"
    SENT = "sent", "已报送"
    ASSIGNED = "assigned", "已交办"
    TAKEN_UP = "taken_up", "已采纳答复"
    CLOSED = "closed", "已办结"


class Outcome(models.Model):
    """One paper of a session; ``status`` is written by core.workflow only."""

    class Kind(models.TextChoices):
        FORMAL = "formal_recommendation", "建议案"
        RESEARCH = "research", "调研报告"
        INSPECTION = "inspection", "视察报告"
        BRIEF = "brief", "协商专报"
        MINUTES = "minutes", "协商纪要"
        OPINIONS = "opinions", "意见建议书"
        SECTOR = "sector", "界别协商报告"
        DIGEST = "digest", "意见建议汇编"

    Status = OutcomeStatus

    status = models.CharField("状态", max_length=10, choices=OutcomeStatus.choices, default=OutcomeStatus.DRAFT)
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="outcomes", verbose_name="协商")
    kind = models.CharField("成果类型", max_length=24, choices=Kind.choices)
    title = models.CharField("题目", max_length=160)
    text = models.TextField("内容", blank=True)
    sent_on = models.DateField("报送日期", null=True, blank=True)
    sent_to = models.CharField("报送", max_length=200, blank=True)
    note = models.TextField("批示或采纳情况", blank=True)
    noted_on = models.DateField("批示日期", null=True, blank=True)
    conversion = models.TextField("转化落实情况", blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "协商成果"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class UptakeResult(models.TextChoices):
    """What a unit did with the suggestions."""

    WAITING = "waiting", "待答复"
    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    NOT = "not", "未采纳"


class Uptake(models.Model):
    """What one unit takes up of an outcome, by when, and what it turned into."""

    Result = UptakeResult

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="uptakes", verbose_name="成果")
    unit = models.ForeignKey(HandlingUnit, models.PROTECT, related_name="uptakes", verbose_name="承办单位")
    result = models.CharField("结果", max_length=8, choices=UptakeResult.choices, default=UptakeResult.WAITING)
    assigned_on = models.DateField("交办日期")
    answered_on = models.DateField("答复日期", null=True, blank=True)
    adopted_count = models.PositiveSmallIntegerField("采纳几条", null=True, blank=True)
    text = models.TextField("采纳和落实的计划、理由", blank=True)
    policy = models.CharField("转化成的政策、项目或预算", max_length=200, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "采纳转化"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["outcome", "unit"], name="uptake_once")]
        indexes = [models.Index(fields=["unit", "result"], name="uptake_of_unit")]
