"""What past assignments teach about words and units, kept so that a page reads only the words of its own text."""

from django.db import models


class UnitTerm(models.Model):
    """In how many assigned cases a word stands, and which units handled those; written by ``proposals.recommending`` only.

    ``units`` maps a unit's id to its count: 1 for a case that it led, less where it only supported.
    The row with an empty word counts all cases.
    """

    term = models.CharField("词", max_length=20, unique=True)
    cases = models.PositiveIntegerField("件数")
    units = models.JSONField("各单位", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "单位用词"
