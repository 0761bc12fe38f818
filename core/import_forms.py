"""The form of the import page (导入): several files and the year of the papers."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files; cleaned to the list of them."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file; an empty choice says so in the field's own words."""
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files or [None]]


class ImportForm(forms.Form):
    """Which files, and of which year."""

    papers = SeveralFilesField(
        label="文件",
        help_text="xlsx、xls、et、csv，或整个文件夹压缩成的 zip；可以一次选几个，最多200个、合计200 MB。读过的再选，不会重复。",
        widget=SeveralFilesInput(attrs={"class": "form-control", "accept": ".xlsx,.xls,.et,.csv,.txt,.ods,.zip"}),
        allow_empty_file=True,
    )
    year = forms.IntegerField(
        label="哪一年",
        required=False,
        min_value=1949,
        max_value=2100,
        help_text="不填就看文件里怎么写。",
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
