"""What was read from papers before (导入登记), so that a second reading changes nothing."""

from django.db import models
from django.utils import timezone


class PaperRow(models.Model):
    """One row of a paper as it was last taken: its natural key, and a digest of what it said.

    ``kind`` is the kind of paper (``core.papers.registry``), ``key`` tells the row apart within
    it, ``file`` and ``row`` say where it stood, for whoever asks where a record came from. ``made_in``
    is the import in the browser that made the record, if one did.
    """

    kind = models.CharField("种类", max_length=30)
    key = models.CharField("原始登记", max_length=200)
    digest = models.CharField("内容散列", max_length=64)
    file = models.CharField("文件", max_length=200)
    row = models.PositiveIntegerField("行")
    made_in = models.ForeignKey(
        "core.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="由哪次导入新建"
    )
    taken_at = models.DateTimeField("导入时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "导入登记"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="paper_row_once")]

    def __str__(self) -> str:
        return f"{self.file} 第{self.row}行"
