"""The form by which the office releases a photograph: on which studio's page, with which words, with consent."""

from typing import Any

from django import forms

from members.models import Studio


class ReleaseForm(forms.Form):
    """``studio`` is asked only where the photograph does not come from a studio's own ledger."""

    studio = forms.ModelChoiceField(
        label="登在哪个工作室的页面",
        queryset=Studio.objects.filter(is_active=True).order_by("order", "id"),
        empty_label="请选工作室",
        error_messages={"required": "请选工作室。"},
    )
    caption = forms.CharField(
        label="照片说明", max_length=80, help_text="写在照片下面，大家都看得到。不写来访群众的姓名。",
        error_messages={"required": "请填写照片说明。"},
    )  # fmt: skip
    consented = forms.BooleanField(
        label="照片里的人同意公开", error_messages={"required": "要先得到照片里的人同意，才能公开。"}
    )

    def __init__(self, *args: Any, own: Studio | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        if own is not None:
            del self.fields["studio"]

    @property
    def chosen(self) -> Studio:
        """The studio on whose page it goes."""
        return self.own or self.cleaned_data["studio"]
