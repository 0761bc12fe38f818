"""Messages 消息 to a person inside the workspace."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Notice(models.Model):
    """One message to one person; ``key`` is unique per recipient, so a repeat writes nothing."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    key = models.CharField("唯一键", max_length=160)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容", blank=True)
    url = models.CharField("去处", max_length=200, blank=True)
    urgent = models.BooleanField("紧急", default=False)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("读于", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_inbox"),
            models.Index(fields=["recipient"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
        ]
