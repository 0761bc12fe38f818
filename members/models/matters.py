"""Matters 民情事项: what a visitor raised at a studio, and how it went on (domain rules §5)."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.fields import EncryptedCharField
from members.models.bodies import HandlingUnit, Studio
from members.models.people import Member
from members.models.reception import Booking, ReceptionDay


class MatterStatus(models.TextChoices):
    """States of a matter."""

    RECORDED = "recorded", "已登记"
    TRIAGED = "triaged", "已分流"
    IN_PROGRESS = "in_progress", "办理中"
    ANSWERED = "answered", "已有结果"
    INFORMED = "informed", "已告知来访人"
    CLOSED = "closed", "已办结"


class MatterQuerySet(models.QuerySet):
    """Matters by who may see them."""

    def visible_to(self, user) -> "MatterQuerySet":
        """Those of one's own studio, those one received or recorded, those sent to one's unit; all for the office."""
        from members.matters.access import visible

        return visible(self, user)


class Matter(models.Model):
    """One matter of one visitor; ``status`` is written by core.workflow only.

    ``client_key`` is made on the phone before there is a signal, so that a matter sent twice is kept
    once. ``result`` is what the visitor and the public may read: plain words without names.
    """

    class Route(models.TextChoices):
        ON_SPOT = "on_spot", "当场答复"
        TO_UNIT = "to_unit", "转有关单位"
        TO_PROPOSAL = "to_proposal", "转为提案"
        TO_OPINION = "to_opinion", "转为社情民意"
        TO_MICRO = "to_micro_consultation", "转微协商"
        REFERRED = "referred", "引导到信访、法律途径"

    class Rating(models.TextChoices):
        SATISFIED = "satisfied", "满意"
        BASICALLY = "basically", "基本满意"
        UNSATISFIED = "unsatisfied", "不满意"

    Status = MatterStatus

    status = models.CharField("状态", max_length=12, choices=MatterStatus.choices, default=MatterStatus.RECORDED)
    client_key = models.UUIDField("登记键", unique=True, default=uuid.uuid4, editable=False)
    receipt_code = models.CharField("回执号", max_length=10, unique=True)
    studio = models.ForeignKey(Studio, models.PROTECT, related_name="matters", verbose_name="工作室")
    day = models.ForeignKey(
        ReceptionDay, models.PROTECT, null=True, blank=True, related_name="matters", verbose_name="接待日"
    )
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="visit", verbose_name="预约"
    )
    host = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="matters", verbose_name="接待委员"
    )
    received_on = models.DateField("接待日期")
    visitor_name = models.CharField("来访人", max_length=20)
    visitor_phone = EncryptedCharField("来访人电话", max_length=20, blank=True)
    village = models.CharField("村（社区）", max_length=60, blank=True)
    category = models.CharField("类别", max_length=20, blank=True)
    text = models.TextField("反映的事")
    consented_at = models.DateTimeField("来访人同意时间", null=True, blank=True)

    route = models.CharField("处理方式", max_length=24, choices=Route.choices, blank=True)
    unit = models.ForeignKey(
        HandlingUnit, models.PROTECT, null=True, blank=True, related_name="matters", verbose_name="转办单位"
    )
    answer = models.TextField("答复", blank=True)
    result = models.TextField("公开的结果", blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    informed_on = models.DateField("告知日期", null=True, blank=True)
    informed_how = models.CharField("告知方式", max_length=20, blank=True)
    rating = models.CharField("群众评价", max_length=12, choices=Rating.choices, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    next_due = models.DateField("最近期限", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    source_key = models.CharField("原始登记", max_length=80, unique=True, null=True, blank=True)

    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "民情事项"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["studio", "-id"], name="matter_of_studio"),
            models.Index(fields=["unit", "-id"], name="matter_of_unit"),
            models.Index(fields=["status", "-id"], name="matter_by_status"),
            models.Index(fields=["received_on"], name="matter_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.text[:30]}"

    def get_absolute_url(self) -> str:
        """The matter's page in the workspace."""
        return reverse("members:matter", args=[self.pk])
