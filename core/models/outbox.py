"""Outbox 待执行事项: what must follow an act, kept in the same transaction as the act."""

from django.db import models
from django.utils import timezone


class Effect(models.Model):
    """One consequence to carry out after commit, at least once; ``key`` makes it happen once."""

    key = models.CharField("唯一键", max_length=160, unique=True)
    name = models.CharField("事项", max_length=80)
    payload = models.JSONField("参数", default=dict)
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    run_after = models.DateTimeField("不早于", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    last_error = models.TextField("最近的错误", blank=True)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待执行事项"
        indexes = [
            models.Index(fields=["run_after", "id"], name="effect_pending", condition=models.Q(done_at__isnull=True))
        ]
