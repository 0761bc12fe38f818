"""Pulldowns of small tables 选项, drawn from what the process holds until the table changes."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator

from core import revisions


class _KeptIterator(ModelChoiceIterator):
    """The choices of a ``KeptChoiceField``."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        field: Any = self.field
        if field.empty_label is not None:
            yield "", field.empty_label
        yield from field.kept.get()


class KeptChoiceField(forms.ModelChoiceField):
    """A pulldown that reads its rows only when one was changed; what is chosen is looked up as ever.

    ``marks`` names the tables of ``core.revisions`` on which the rows depend. ``queryset`` is the same
    for everybody; where it depends on the person, use Django's own field.
    """

    iterator = _KeptIterator

    def __init__(self, queryset: QuerySet, *, marks: str | tuple[str, ...], **kwargs: Any) -> None:
        self.kept = revisions.Cached(marks, lambda: self._read(queryset))
        super().__init__(queryset, **kwargs)

    def _read(self, queryset: QuerySet) -> list[tuple[Any, str]]:
        return [(self.prepare_value(row), self.label_from_instance(row)) for row in queryset.all()]
