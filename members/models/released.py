"""Photographs of a studio's work released to the public 公开的照片: which file, with what words, on whose word."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import Attachment
from members.models.bodies import Studio


class ReleasedPhoto(models.Model):
    """A photograph that anyone may see on a studio's page, released by the office with the consent of those on it.

    Taken back it stays as a row; the same file can be released again.
    """

    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name="照片")
    studio = models.ForeignKey(Studio, models.PROTECT, related_name="released_photos", verbose_name="工作室")
    on = models.DateField("拍摄日期")
    caption = models.CharField("说明", max_length=80)
    consented = models.BooleanField("照片里的人同意公开")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="公开人")
    released_at = models.DateTimeField("公开时间", default=timezone.now)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开的照片"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(consented=True), name="released_photo_with_consent"),
            models.UniqueConstraint(
                fields=["file"], condition=Q(withdrawn_at__isnull=True), name="released_photo_once"
            ),
        ]
        indexes = [models.Index(fields=["studio", "-on", "-id"], name="released_photo_studio")]
