"""Marks by which each process sees that a small shared table has changed (版本标记)."""

from django.db import models


class Revision(models.Model):
    """The present mark of one cached table; written by ``core.revisions.bump`` only.

    The mark is random and never comes back, so a mark seen inside a transaction that was
    rolled back can never be mistaken for a later one.
    """

    name = models.CharField("名称", max_length=40, primary_key=True)
    token = models.CharField("标记", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "版本标记"

    def __str__(self) -> str:
        return self.name
