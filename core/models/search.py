"""The words of every record that can be searched (全文检索), one row per record."""

from django.db import models

from core.subjects import SubjectModel


class SearchDocument(SubjectModel):
    """The segmented words of one record, written by ``core.search`` only.

    On PostgreSQL a generated tsvector column with a GIN index, on SQLite an FTS5 table kept by
    triggers, stand beside ``tokens``; migration 0005 makes them.
    """

    tokens = models.TextField("词")

    class Meta:
        verbose_name = verbose_name_plural = "检索文档"
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id"], name="search_document_once")]
