"""Generic keys to records of any app, so that core serves all of them and knows none."""

from typing import NamedTuple

from django.apps import apps
from django.db import models


class Key(NamedTuple):
    """A record named by its lower-case model label and primary key, where the record itself is not at hand."""

    label: str
    pk: int


def subject_key(obj: models.Model | Key) -> Key:
    """The pair under which core keeps facts about ``obj``."""
    return obj if isinstance(obj, Key) else Key(obj._meta.label_lower, obj.pk)


def load_subject(subject_type: str, subject_id: int) -> models.Model | None:
    """The record behind a key, or None when it (or its model) is gone."""
    try:
        model = apps.get_model(subject_type)
    except (LookupError, ValueError):
        return None
    return model._base_manager.filter(pk=subject_id).first()


class SubjectModel(models.Model):
    """Columns of a record that belongs to some other record (its subject)."""

    subject_type = models.CharField("所属类型", max_length=60)
    subject_id = models.BigIntegerField("所属编号")

    class Meta:
        abstract = True

    @property
    def subject(self) -> models.Model | None:
        """The record this one belongs to, loaded on each call."""
        return load_subject(self.subject_type, self.subject_id)
