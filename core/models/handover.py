"""Handover 转出: which record became the draft of which other."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Handover(models.Model):
    """One record that went on as another; both keep it on their pages."""

    source_type = models.CharField("来源类型", max_length=60)
    source_id = models.BigIntegerField("来源编号")
    target_type = models.CharField("去向类型", max_length=60)
    target_id = models.BigIntegerField("去向编号")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人"
    )
    made_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "转出"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "target_type", "target_id"], name="handover_once"
            )
        ]
        indexes = [models.Index(fields=["target_type", "target_id"], name="handover_target")]
