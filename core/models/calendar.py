"""Days that differ from plain Monday to Friday (放假、调休)."""

from django.db import models


class CalendarDay(models.Model):
    """One day off 放假, or one weekend day worked 调休上班, with the paper that says so.

    Rows with ``provisional`` stand for days known by law or almanac before the State Council's
    yearly arrangement is out; deadlines computed with them are 暂定.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "放假"
        WORKDAY = "workday", "调休上班"

    date = models.DateField("日期", primary_key=True)
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    name = models.CharField("节日", max_length=20)
    source = models.CharField("依据", max_length=120)
    provisional = models.BooleanField("暂定", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "放假和调休"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}{self.get_kind_display()}"
