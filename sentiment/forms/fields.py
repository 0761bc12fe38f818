"""Fields that the forms of reports share: areas, days, several files, categories."""

from typing import Any

from django import forms

from core import attachments, options

TEXT = {"class": "form-control"}


def area(rows: int, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **TEXT, **attrs})


def date_field(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **TEXT}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": "要写成2026-03-05这样的日期。"}, **kwargs
    )


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files in one field, each looked into when it is stored."""

    widget = _ManyFiles(attrs={**TEXT, "accept": attachments.ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files as a list; none is an empty one."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given if one]


def category_choices(present: str = "") -> list[tuple[str, str]]:
    """The categories that staff keep, with one that a report bears from earlier."""
    names = list(options.value("sentiment.categories"))
    if present and present not in names:
        names.append(present)
    return [("", "请选择"), *((name, name) for name in names)]
