"""Forms of one act 办理 on one record: what the service of the act needs besides the record and the person."""

from typing import Any

from django import forms


class ActForm(forms.Form):
    """A form of one act on ``record``; ``values()`` are the service's keyword arguments."""

    takes_files = False

    def __init__(self, data: Any = None, files: Any = None, *, record: Any = None):
        super().__init__(data, files)
        self.record = record

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return dict(self.cleaned_data)


class PlainForm(ActForm):
    """An act that asks for nothing; the field only makes an empty form valid when posted."""

    sure = forms.CharField(required=False, widget=forms.HiddenInput, initial="1")

    def values(self) -> dict[str, Any]:
        """Nothing."""
        return {}
