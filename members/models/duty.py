"""Duty ledger 履职台账 and scores 履职积分: rows that only grow, rules that are versions, results with a hash.

A row says that a countable act took place, never how many points it brings: points follow from the
rule version of the year. A correction is a reversal, a row that takes another back.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.errors import Refusal
from core.subjects import SubjectModel
from members.models.accounts import Role
from members.models.bodies import Studio
from members.models.people import Member


class DutyEntry(SubjectModel):
    """One countable act of a member, or of a studio, with its source; PostgreSQL refuses change and deletion.

    ``key`` names the act so that recording it again adds nothing; ``quantity`` is negative in a
    reversal. ``subject_type`` and ``subject_id`` are the source: the record that is the evidence.
    """

    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="duty_entries", verbose_name="委员"
    )
    studio = models.ForeignKey(
        Studio, models.PROTECT, null=True, blank=True, related_name="duty_entries", verbose_name="工作室"
    )
    act = models.CharField("事项", max_length=40)
    on = models.DateField("日期")
    year = models.PositiveSmallIntegerField("年度")
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, default=1)
    summary = models.CharField("说明", max_length=200)
    detail = models.JSONField("细目", default=dict, blank=True)
    key = models.CharField("唯一键", max_length=120, unique=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="冲销"
    )
    reason = models.CharField("理由", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录人"
    )
    made_at = models.DateTimeField("记录时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "履职记录"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, studio__isnull=True) | Q(member__isnull=True, studio__isnull=False),
                name="duty_of_member_or_studio",
            )
        ]
        indexes = [
            models.Index(fields=["member", "year", "act"], name="duty_member_year"),
            models.Index(fields=["studio", "year", "act"], name="duty_studio_year"),
            models.Index(fields=["member", "-on", "-id"], name="duty_member_newest"),
            models.Index(fields=["year", "id"], name="duty_year"),
            models.Index(fields=["subject_type", "subject_id"], name="duty_source"),
        ]


class ScoreRules(models.Model):
    """A version of the scoring rules 计分办法 for members or for studios, as data.

    ``headings`` is a list of {"code", "label", "cap", "items": [{"act", "label", "points", "most",
    "share"}]}, checked by ``members.scores.scoring``; ``bands`` a list of {"label", "from"}, the highest
    first. A version in force is never changed: a new one takes over from a year.
    """

    class Target(models.TextChoices):
        MEMBER = "member", "委员履职"
        STUDIO = "studio", "工作室考核"

    target = models.CharField("对象", max_length=8, choices=Target.choices, default=Target.MEMBER)
    number = models.PositiveSmallIntegerField("版次")
    title = models.CharField("名称", max_length=80)
    headings = models.JSONField("项目和分值", default=list)
    bands = models.JSONField("等次", default=list)
    from_year = models.PositiveSmallIntegerField("从哪年起用", null=True, blank=True)
    in_force_at = models.DateTimeField("施行时间", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟定人"
    )
    made_at = models.DateTimeField("拟定时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "计分办法"
        ordering = ["target", "-number"]
        constraints = [models.UniqueConstraint(fields=["target", "number"], name="score_rules_number_once")]

    def __str__(self) -> str:
        return f"{self.title}（第{self.number}版）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a draft or a new version; ``Refusal`` for one in force (PostgreSQL refuses it too)."""
        self._refuse_in_force()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Throw a draft away; ``Refusal`` for a version in force."""
        self._refuse_in_force()
        return super().delete(*args, **kwargs)

    def _refuse_in_force(self) -> None:
        if self.pk and ScoreRules.objects.filter(pk=self.pk, in_force_at__isnull=False).exists():
            raise Refusal("施行了的办法不能再改，请另起草一版。")


class ScoreYear(models.Model):
    """A year's results: kept while open, and from the closing on the same for ever.

    ``last_entry`` is the last ledger row that counted, ``digest`` the SHA-256 of all results in a
    fixed order; recomputing a closed year from both gives the same digest.
    """

    target = models.CharField("对象", max_length=8, choices=ScoreRules.Target.choices)
    year = models.PositiveSmallIntegerField("年度")
    rules = models.ForeignKey(ScoreRules, models.PROTECT, related_name="years", verbose_name="计分办法")
    last_entry = models.BigIntegerField("计到哪一条", default=0)
    digest = models.CharField("校验值", max_length=64, blank=True)
    computed_at = models.DateTimeField("计算时间", null=True, blank=True)
    closed_at = models.DateTimeField("封存时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="封存人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "年度积分"
        ordering = ["-year", "target"]
        constraints = [models.UniqueConstraint(fields=["target", "year"], name="score_year_once")]


class ScoreResult(models.Model):
    """One member's or studio's result of a year: points in all, by heading, and the band or stars."""

    score_year = models.ForeignKey(ScoreYear, models.CASCADE, related_name="results", verbose_name="年度")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="score_results", verbose_name="委员"
    )
    studio = models.ForeignKey(
        Studio, models.PROTECT, null=True, blank=True, related_name="score_results", verbose_name="工作室"
    )
    points = models.DecimalField("得分", max_digits=7, decimal_places=2)
    parts = models.JSONField("各项得分", default=list)
    band = models.CharField("等次", max_length=10)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "积分结果"
        ordering = ["score_year", "-points", "id"]
        constraints = [
            models.UniqueConstraint(fields=["score_year", "member"], name="score_result_member_once"),
            models.UniqueConstraint(fields=["score_year", "studio"], name="score_result_studio_once"),
        ]
        indexes = [models.Index(fields=["score_year", "-points", "id"], name="score_result_order")]


class AppealStatus(models.TextChoices):
    """States of an appeal."""

    SUBMITTED = "submitted", "待复核"
    CORRECTED = "corrected", "已更正"
    UPHELD = "upheld", "维持原记录"
    WITHDRAWN = "withdrawn", "已撤回"


class ScoreAppealQuerySet(models.QuerySet):
    """Reads of appeals."""

    def visible_to(self, user):
        """All appeals for the liaison office, for anybody else his own."""
        if user.has_role(Role.LIAISON):
            return self
        return self.filter(member__user_id=user.pk)


class ScoreAppeal(models.Model):
    """A member's appeal 申诉 against a row, or for one that is missing; answered with a reason."""

    Status = AppealStatus

    status = models.CharField("状态", max_length=10, choices=AppealStatus.choices, default=AppealStatus.SUBMITTED)
    member = models.ForeignKey(Member, models.PROTECT, related_name="score_appeals", verbose_name="委员")
    year = models.PositiveSmallIntegerField("年度")
    entry = models.ForeignKey(
        DutyEntry, models.PROTECT, null=True, blank=True, related_name="appeals", verbose_name="哪一条"
    )
    heading = models.CharField("哪一项", max_length=40, blank=True)
    text = models.TextField("应该怎样")
    made_at = models.DateTimeField("申诉时间", default=timezone.now)
    answer = models.CharField("复核意见", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)

    objects = ScoreAppealQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "积分申诉"
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "id"], name="appeal_by_status")]

    def get_absolute_url(self) -> str:
        """The appeal's page."""
        return reverse("members:appeal", args=[self.pk])
