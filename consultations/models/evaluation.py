"""Quality evaluation 协商议政质量评价 (domain rules §3): indicators as versions, anonymous answers, graded results.

No row here leads from an answer to a person: an :class:`EvaluationInvitation` knows whom it invites and whether it
was used, an :class:`EvaluationAnswer` knows neither invitation nor person nor hour. See decision 0011.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from consultations.models.sessions import Consultation
from members.activities.access import run_bodies
from members.models import Member, Role


class IndicatorSet(models.Model):
    """One version of the indicators 评价指标: parts with weighted indicators, the scale, the grades.

    Without ``in_force_at`` it is a draft. In force it never changes, and an evaluation keeps the version
    under which it was opened. The JSON is read by ``consultations.evaluation.results.Indicators``.
    """

    number = models.PositiveSmallIntegerField("版次", unique=True)
    title = models.CharField("名称", max_length=80)
    parts = models.JSONField("指标", default=list)
    levels = models.JSONField("评价档次", default=list)
    bands = models.JSONField("等次", default=list)
    from_year = models.PositiveSmallIntegerField("从哪年起", null=True, blank=True)
    in_force_at = models.DateTimeField("施行时间", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟定人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "评价指标"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.title}（第{self.number}版）"


class EvaluationStatus(models.TextChoices):
    """States of an evaluation."""

    OPEN = "open", "评价中"
    CLOSED = "closed", "已截止"
    PUBLISHED = "published", "已公布等次"


class EvaluationQuerySet(models.QuerySet):
    """Evaluations by who may see them."""

    def visible_to(self, user):
        """The liaison office and leaders see all; who took part, its units and its body see what was published."""
        if user.has_role(Role.LIAISON, Role.LEADER, Role.DISTRICT_LEADER):
            return self
        mine = Q(consultation__organizer_id__in=run_bodies(user))
        if user.member_id:
            mine |= Q(consultation__activity__attendances__member_id=user.member_id)
        if units := user.unit_ids():
            mine |= Q(consultation__units__in=units)
        ids = self.model._base_manager.filter(mine, status=EvaluationStatus.PUBLISHED).values("pk")
        return self.filter(pk__in=ids)

    def with_result(self):
        """Those that had enough answers; only these count in any summary."""
        return self.filter(points__isnull=False)

    def for_list(self):
        """The columns of a list row and of a summary, without any text column."""
        return self.select_related("consultation__organizer").only(
            "status", "ends_on", "indicators", "invited", "answered", "points", "grade", "minimum", "consultation__title",
            "consultation__on", "consultation__form", "consultation__organizer__name",
            "consultation__organizer__short_name",
        )  # fmt: skip


class Evaluation(models.Model):
    """The evaluation of one session by those who took part; ``status`` is written by core.workflow only.

    ``minimum`` is fixed on opening, so that lowering the option later shows nobody's answers. ``result`` is
    computed once on closing (``evaluation_results.compute``) and stays empty below the minimum.
    """

    Status = EvaluationStatus

    status = models.CharField("状态", max_length=10, choices=EvaluationStatus.choices, default=EvaluationStatus.OPEN)
    consultation = models.OneToOneField(Consultation, models.PROTECT, related_name="evaluation", verbose_name="协商")
    indicators = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="evaluations", verbose_name="指标")
    minimum = models.PositiveSmallIntegerField("至少几份才出结果")
    opened_on = models.DateField("开始日期")
    ends_on = models.DateField("截止日期")
    closed_on = models.DateField("实际截止", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    invited = models.PositiveSmallIntegerField("发出几份", default=0)
    answered = models.PositiveSmallIntegerField("收回几份", null=True, blank=True)
    points = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True, blank=True)
    grade = models.CharField("等次", max_length=10, blank=True)
    result = models.JSONField("结果", default=dict, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发起人"
    )

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "质量评价"
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "ends_on"], name="evaluation_by_end")]

    def __str__(self) -> str:
        return f"《{self.consultation.title}》质量评价"

    def get_absolute_url(self) -> str:
        """The evaluation's page."""
        return reverse("consultations:evaluation", args=[self.pk])


class EvaluationInvitation(models.Model):
    """One personal link 评价链接: to a member, or to a guest by a numbered slip; holds no more than that it was used.

    The code itself is nowhere stored, only its keyed digest; nothing says when it was used.
    """

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="invitations", verbose_name="评价")
    member = models.ForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="委员")
    slip = models.PositiveSmallIntegerField("来宾票号", null=True, blank=True)
    digest = models.CharField("链接指纹", max_length=64, unique=True)
    used = models.BooleanField("已用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "评价邀请"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "member"], name="invitation_once_a_member"),
            models.UniqueConstraint(fields=["evaluation", "slip"], name="invitation_once_a_slip"),
            models.CheckConstraint(
                condition=Q(member__isnull=True, slip__isnull=False) | Q(member__isnull=False, slip__isnull=True),
                name="invitation_member_or_slip",
            ),
        ]


class EvaluationAnswer(models.Model):
    """One anonymous answer 评价: indicator code to the place of the chosen level, and nothing else.

    The key is random, so that no order of arrival can be read from it.
    """

    id = models.UUIDField("编号", primary_key=True, default=uuid4, editable=False)
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="answers", verbose_name="评价")
    marks = models.JSONField("评价")

    class Meta:
        verbose_name = verbose_name_plural = "匿名评价"
        ordering = ["id"]


class EvaluationComment(models.Model):
    """One anonymous remark 意见, apart from the marks of whoever wrote it."""

    id = models.UUIDField("编号", primary_key=True, default=uuid4, editable=False)
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="comments", verbose_name="评价")
    text = models.CharField("意见", max_length=500)

    class Meta:
        verbose_name = verbose_name_plural = "匿名意见"
        ordering = ["id"]
