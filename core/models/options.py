"""Values that staff have changed from their declared default (参数)."""

from django.conf import settings
from django.db import models


class OptionValue(models.Model):
    """The changed value of one option declared with ``core.options.declare``.

    ``value`` holds the JSON form (dates and decimals as text). An option without a row has its
    default.
    """

    key = models.CharField("参数", max_length=80, primary_key=True)
    value = models.JSONField("值")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="修改人",
    )
    changed_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "参数"

    def __str__(self) -> str:
        return self.key
