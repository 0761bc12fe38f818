"""Forms of what follows a report: several as one composite, a unit's answer, what its author says of it."""

from typing import Any

from django import forms

from core import attachments
from sentiment.forms.fields import TEXT, ManyFilesField, area
from sentiment.models import OpinionReport

MOST_ANSWER_FILES = 5


class CompositeForm(forms.Form):
    """The title of a new composite, or the open one into which the reports go."""

    whole = forms.ModelChoiceField(
        label="编到哪里", queryset=OpinionReport.objects.none(), required=False, empty_label="新编一篇综合",
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    title = forms.CharField(
        label="综合的标题", max_length=80, required=False, widget=forms.TextInput(attrs=TEXT),
        help_text="编进已有的综合时不用写。",
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        open_ones = OpinionReport.objects.filter(
            source=OpinionReport.Source.COMPOSITE, status=OpinionReport.Status.EDITING
        )
        self.fields["whole"].queryset = open_ones.only("title").order_by("-id")
        if not open_ones.exists():
            del self.fields["whole"]
            self.fields["title"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """A new composite needs a title."""
        data = super().clean() or self.cleaned_data
        if not data.get("whole") and not (data.get("title") or "").strip():
            self.add_error("title", "请填写综合的标题。")
        return data


class AnswerForm(forms.Form):
    """A unit's answer."""

    text = forms.CharField(
        label="答复", widget=area(12, **{"data-count": "5000"}), max_length=5000, help_text="调查的情况、已经办的、什么时候办完。",
        error_messages={"required": "请填写答复。"},
    )  # fmt: skip
    files = ManyFilesField(
        label="附件",
        required=False,
        help_text=f"盖章的答复、照片、清单：{attachments.WORDS}，最多{MOST_ANSWER_FILES}个。",
    )


class JudgeForm(forms.Form):
    """What the author says of an answer."""

    enough = forms.ChoiceField(
        label="这个答复", choices=[("1", "可以，谢谢"), ("0", "没有解决，请再办理")], widget=forms.RadioSelect,
        error_messages={"required": "请选一项。"},
    )  # fmt: skip
    comment = forms.CharField(
        label="想说的话", max_length=500, required=False, widget=area(3), help_text="请再办理的，请说明原因。"
    )

    def clean(self) -> dict[str, Any]:
        """Asking again needs a reason."""
        data = super().clean() or self.cleaned_data
        if data.get("enough") == "0" and not (data.get("comment") or "").strip():
            self.add_error("comment", "请写明为什么要再办理。")
        return data
