"""Topics put in 议题建议 for the yearly plan: by members, bodies, units, and by the public with a receipt code."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from consultations.models.plans import PLAN_READERS, AnnualPlan, PlanItem
from core.fields import EncryptedCharField
from members.models import Body, HandlingUnit


class TopicSender(models.Model):
    """Who of the public 群众 sent topics: name and telephone encrypted, and the code that tells what became of them."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="senders", verbose_name="计划")
    name = EncryptedCharField("称呼", max_length=20, blank=True)
    phone = EncryptedCharField("手机号", max_length=20, blank=True)
    phone_digest = models.CharField("手机号摘要", max_length=64, blank=True, db_index=True)
    receipt_code = models.CharField("回执号", max_length=10, unique=True)
    sent_on = models.DateField("来件日期")

    class Meta:
        verbose_name = verbose_name_plural = "议题来件人"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"回执{self.receipt_code}"


class TopicStatus(models.TextChoices):
    """What became of a topic that was put in."""

    SUBMITTED = "submitted", "待研究"
    KEPT = "kept", "留作备选"
    TAKEN = "taken", "已列入"
    DECLINED = "declined", "未列入"
    WITHDRAWN = "withdrawn", "已撤回"


def put_in_by(user) -> Q:
    """What the person put in, or what was put in for a body or unit that he acts for."""
    found = Q(user_id=user.pk)
    if user.body_ids:
        found |= Q(body_id__in=user.body_ids)
    if units := user.unit_ids():
        found |= Q(unit_id__in=units)
    return found


class TopicQuerySet(models.QuerySet):
    """Suggested topics by who may see them."""

    def visible_to(self, user):
        """All for those who make and decide the plan; others their own, their bodies' and their units'."""
        if user.has_role(*PLAN_READERS):
            return self
        return self.filter(put_in_by(user))

    def for_list(self):
        """The columns of a list row, without any text column."""
        return self.select_related("plan", "body", "unit", "item").only(
            "status", "source", "title", "proposer", "form", "sent_on", "plan__year", "plan__status", "body__name",
            "body__short_name", "unit__name", "unit__short_name", "item__topic", "reply",
        )  # fmt: skip


class TopicSuggestion(models.Model):
    """One topic that somebody would have discussed; ``status`` is written by core.workflow only.

    ``item`` is the topic of the plan that it went into; several may have gone into one.
    """

    class Source(models.TextChoices):
        MEMBER = "member", "委员"
        COMMITTEE = "committee", "专委会"
        PARTY = "party", "党派团体界别"
        UNIT = "unit", "部门镇办"
        PUBLIC = "public", "群众"
        OFFICE = "office", "机关代录"

    Status = TopicStatus

    status = models.CharField("状态", max_length=10, choices=TopicStatus.choices, default=TopicStatus.SUBMITTED)
    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="suggestions", verbose_name="计划")
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    title = models.CharField("议题", max_length=60)
    text = models.TextField("为什么要议、希望解决什么", max_length=1000)
    form = models.CharField("建议的形式", max_length=12, blank=True)
    proposer = models.CharField("提出人", max_length=60, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出的账号"
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出的组织")
    unit = models.ForeignKey(
        HandlingUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提出的单位"
    )
    sender = models.ForeignKey(
        TopicSender, models.CASCADE, null=True, blank=True, related_name="topics", verbose_name="来件人"
    )
    item = models.ForeignKey(
        PlanItem, models.SET_NULL, null=True, blank=True, related_name="suggestions", verbose_name="列入的议题"
    )
    reply = models.CharField("答复", max_length=300, blank=True)
    sent_on = models.DateField("提出日期", default=timezone.localdate)
    decided_on = models.DateField("处理日期", null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "议题建议"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["plan", "status", "-id"], name="topic_of_plan"),
            models.Index(fields=["plan", "source", "-id"], name="topic_by_source"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The suggestion's page."""
        return reverse("consultations:suggestion", args=[self.pk])

    @property
    def by(self) -> str:
        """Who put it in, in words without a telephone."""
        if self.source == self.Source.PUBLIC:
            return "群众"
        return str(self.body or self.unit or self.proposer or self.get_source_display())
