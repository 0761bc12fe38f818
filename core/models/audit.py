"""Operation log 操作记录: append-only entries, each bound to the one before by its hash."""

from django.conf import settings
from django.db import models


class AuditHead(models.Model):
    """The end of the chain: one row, locked by whoever appends."""

    count = models.BigIntegerField("条数", default=0)
    last_hash = models.CharField("末条散列", max_length=64, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录链头"


class AuditEntry(models.Model):
    """One thing that somebody did; written once by ``core.audit``, never changed or deleted.

    ``occurred_on`` is the day on which the event took place when it differs from the
    recording (papers entered later). ``root_*`` is the case whose timeline shows it.
    """

    seq = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("记录时间")
    occurred_on = models.DateField("发生日期", null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=80, blank=True)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    verb = models.CharField("操作", max_length=60)
    subject_type = models.CharField("对象类型", max_length=60, blank=True)
    subject_id = models.BigIntegerField("对象编号", null=True, blank=True)
    root_type = models.CharField("所属事项类型", max_length=60, blank=True)
    root_id = models.BigIntegerField("所属事项编号", null=True, blank=True)
    summary = models.CharField("内容", max_length=300)
    reason = models.TextField("理由", blank=True)
    detail = models.JSONField("前后对照", default=dict, blank=True)
    prev_hash = models.CharField("前条散列", max_length=64, blank=True)
    hash = models.CharField("散列", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["root_type", "root_id", "seq"], name="audit_root"),
            models.Index(fields=["subject_type", "subject_id", "seq"], name="audit_subject"),
            models.Index(fields=["actor", "seq"], name="audit_actor"),
        ]

    def save(self, *args, **kwargs):
        """Refuse: entries are inserted by ``core.audit`` only."""
        raise TypeError("操作记录只能追加，请用 core.audit.record。")

    def delete(self, *args, **kwargs):
        """Refuse: nothing is taken out of the log."""
        raise TypeError("操作记录不能删除。")
