"""A person's own calendar link 日历订阅: one secret address, of which only the digest is kept."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class CalendarLink(models.Model):
    """The link under which a telephone or Outlook reads a person's calendar; making a new one ends the old."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_link", verbose_name="账号"
    )
    digest = models.CharField("密文摘要", max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("生成时间", default=timezone.now)
    read_on = models.DateField("最近读取", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历订阅"
