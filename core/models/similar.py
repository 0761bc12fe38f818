"""The telling words of each record (相似查找), by which records that say much the same are found."""

from django.db import models


class SimilarTerm(models.Model):
    """One signature term of one record; written by ``core.similar`` only."""

    kind = models.CharField("类型", max_length=40)
    term = models.CharField("词", max_length=20)
    subject_id = models.BigIntegerField("编号")

    class Meta:
        verbose_name = verbose_name_plural = "相似词"
        constraints = [models.UniqueConstraint(fields=["kind", "term", "subject_id"], name="similar_term_once")]
        indexes = [models.Index(fields=["kind", "subject_id"], name="similar_of_record")]
