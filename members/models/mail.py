"""E-mail 邮件: where a person wants to be told, and the one mail of a day."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.fields import EncryptedCharField


class MailAddress(models.Model):
    """A person's e-mail address: used only after he confirmed it himself, and only while it is on."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_address", verbose_name="账号"
    )
    address = EncryptedCharField("邮箱", max_length=200, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    is_on = models.BooleanField("接收提醒邮件", default=True)
    told_upto = models.BigIntegerField("已告知到的消息", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "邮箱"


class Mail(models.Model):
    """The mail of one person on one day; the row is there before it is sent, so none is sent twice."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发"
        SENDING = "sending", "在发"
        SENT = "sent", "已发"
        NOTHING = "nothing", "不用发"
        FAILED = "failed", "没有发出"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mails", verbose_name="收件人")
    day = models.DateField("日期")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    notices = models.PositiveIntegerField("消息条数", default=0)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    run_after = models.DateTimeField("不早于", default=timezone.now)
    error = models.CharField("最近的错误", max_length=300, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒邮件"
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="mail_once_a_day")]
        indexes = [models.Index(fields=["run_after"], name="mail_waiting", condition=models.Q(state="waiting"))]
