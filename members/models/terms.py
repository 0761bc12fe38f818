"""Terms 届 and plenary sessions 次."""

from django.db import models


class Term(models.Model):
    """A term 届 of five years."""

    number = models.PositiveSmallIntegerField("届", unique=True)
    name = models.CharField("名称", max_length=20, help_text="如：十六届")
    starts = models.DateField("开始")
    ends = models.DateField("结束", null=True, blank=True)
    is_current = models.BooleanField("本届", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "届"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=models.Q(is_current=True), name="one_current_term")
        ]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """A plenary session 次 of a term; case numbers run from it until the next one opens."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="sessions", verbose_name="届")
    number = models.PositiveSmallIntegerField("次")
    name = models.CharField("名称", max_length=40, help_text="如：十六届一次会议")
    year = models.PositiveSmallIntegerField("年份")
    opens = models.DateField("开幕")
    closes = models.DateField("闭幕")
    collects_from = models.DateField("大会提案征集开始")
    cut_off = models.DateTimeField("大会提案截止")
    is_current = models.BooleanField("现在的届次", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "届次"
        ordering = ["-opens"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="session_number_once"),
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_current_session"
            ),
        ]

    def __str__(self) -> str:
        return self.name
