"""Reception days 接待日 of studios: the rule, the day, who sits, the slots, and who booked one."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.fields import EncryptedCharField
from members.models.bodies import Studio
from members.models.people import Member


class RotaRule(models.Model):
    """A studio's rule for its reception days, such as 每月15日 or 每周三下午; the newest in force counts.

    ``text`` is read by ``members.studios.rota``; days already announced stay when a rule ends.
    """

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="rota_rules", verbose_name="工作室")
    text = models.CharField("接待日", max_length=80)
    starts = models.DateField("从哪天起")
    ends = models.DateField("到哪天止", null=True, blank=True)
    opens = models.TimeField("开始", default=time(9, 0))
    closes = models.TimeField("结束", default=time(11, 40))
    slot_minutes = models.PositiveSmallIntegerField("每位几分钟", default=20)
    hosts_each = models.PositiveSmallIntegerField("每次几位委员", default=2)

    class Meta:
        verbose_name = verbose_name_plural = "接待日规则"
        ordering = ["studio", "-starts", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=models.F("opens")), name="rota_rule_closes_after_opening"),
            models.CheckConstraint(condition=Q(slot_minutes__gte=5), name="rota_rule_slot_five_minutes"),
        ]

    def __str__(self) -> str:
        return self.text


class ReceptionDay(models.Model):
    """One day on which members receive at a studio.

    ``planned_on`` is the day that the rule gives, ``on`` the day after moving off a holiday;
    ``moved_because`` says why in words. A day is announced before it can be booked.
    """

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="reception_days", verbose_name="工作室")
    rule = models.ForeignKey(RotaRule, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="规则")
    on = models.DateField("日期")
    planned_on = models.DateField("按规则的日期", null=True, blank=True)
    moved_because = models.CharField("改期原因", max_length=120, blank=True)
    opens = models.TimeField("开始", default=time(9, 0))
    closes = models.TimeField("结束", default=time(11, 40))
    slot_minutes = models.PositiveSmallIntegerField("每位几分钟", default=20)
    place = models.CharField("地点", max_length=120, blank=True, help_text="不填就是工作室地点")
    hosts = models.ManyToManyField(
        Member, through="ReceptionHost", related_name="reception_days", verbose_name="接待委员"
    )
    announced_at = models.DateTimeField("公布时间", null=True, blank=True)
    held_at = models.DateTimeField("已接待", null=True, blank=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接待日"
        ordering = ["on", "id"]
        constraints = [models.UniqueConstraint(fields=["studio", "on"], name="reception_day_once")]
        indexes = [models.Index(fields=["on"], name="reception_day_on")]

    def __str__(self) -> str:
        return f"{self.studio}{self.on.month}月{self.on.day}日接待日"


class ReceptionHost(models.Model):
    """A member who sits on a reception day."""

    day = models.ForeignKey(ReceptionDay, models.CASCADE, related_name="seats", verbose_name="接待日")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name="接待委员")
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "接待委员"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["day", "member"], name="reception_host_once")]


class ReceptionSlot(models.Model):
    """A time of a reception day that one visitor may book."""

    day = models.ForeignKey(ReceptionDay, models.CASCADE, related_name="slots", verbose_name="接待日")
    starts = models.TimeField("几点")

    class Meta:
        verbose_name = verbose_name_plural = "接待时段"
        ordering = ["starts"]
        constraints = [models.UniqueConstraint(fields=["day", "starts"], name="reception_slot_once")]


class Booking(models.Model):
    """A slot booked by a resident from the portal 预约; at most one stands for each slot.

    The telephone is encrypted; its digest serves the limits against abuse. ``cancel_digest`` is that
    of the secret in the cancelling link.
    """

    slot = models.ForeignKey(ReceptionSlot, models.PROTECT, related_name="bookings", verbose_name="时段")
    receipt_code = models.CharField("回执号", max_length=10, unique=True)
    name = models.CharField("称呼", max_length=20)
    phone = EncryptedCharField("手机号", max_length=20)
    phone_digest = models.CharField(max_length=64, editable=False, db_index=True)
    source_digest = models.CharField(max_length=64, editable=False, blank=True, db_index=True)
    village = models.CharField("村（社区）", max_length=60, blank=True)
    matter = models.TextField("想说的事")
    consent_text = models.CharField("同意的内容", max_length=300)
    cancel_digest = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField("预约时间", default=timezone.now)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取消人",
        help_text="空的是来访人自己取消",
    )  # fmt: skip
    told_at = models.DateTimeField("改期或取消已电话告知", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "预约"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=Q(cancelled_at__isnull=True), name="one_booking_a_slot")
        ]
