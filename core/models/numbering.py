"""Counters behind gapless numbers (编号)."""

from django.db import models


class Counter(models.Model):
    """The last number given out in one scope, such as the cases of one session."""

    scope = models.CharField("范围", max_length=100, primary_key=True)
    value = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号"

    def __str__(self) -> str:
        return f"{self.scope}：{self.value}"
