"""Attachments 附件: files that belong to a record and are read through its permission."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.subjects import SubjectModel


def stored_name(instance: "Attachment", filename: str) -> str:
    """A path that tells nothing of the name given by the sender, under two spreading folders."""
    key = instance.uuid.hex
    return f"attachments/{key[:2]}/{key}"


class Attachment(SubjectModel):
    """One file as it was received; its name is data, never a path."""

    uuid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("种类", max_length=30, default="attachment")
    file = models.FileField("文件", upload_to=stored_name, max_length=120)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("散列", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="attachment_subject")]
