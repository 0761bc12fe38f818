"""Forms of booking from the portal 预约: shape only, the service decides."""

from django import forms

from core.errors import Refusal
from members.services.booking import clean_phone


class BookingForm(forms.Form):
    """What a visitor says. ``website`` is left empty by people and filled by machines."""

    slot = forms.IntegerField(label="几点", error_messages={"required": "请选一个时段。"})
    matter = forms.CharField(
        label="想说什么事", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写一两句就行，委员好提前准备。诉讼、信访正在办的事，工作室不办，会告诉您找谁。",
    )  # fmt: skip
    name = forms.CharField(label="怎么称呼您", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label="手机号", max_length=20, help_text="只用来通知您，网上不显示。",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    village = forms.CharField(label="村（社区）", max_length=60, required=False)
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    consent = forms.BooleanField(label="同意", error_messages={"required": "要先同意，才能替您约。"})

    def clean_website(self) -> str:
        """Say it in words: a browser that fills in forms by itself may have done it."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError("请把“网址”一栏清空再提交，那一栏不用填。")
        return ""

    def clean_phone(self) -> str:
        """A number that can be telephoned."""
        try:
            return clean_phone(self.cleaned_data["phone"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class FindForm(forms.Form):
    """A receipt code and the last four digits of the number."""

    code = forms.CharField(
        label="回执号", max_length=20, help_text="10位数字",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    last_four = forms.CharField(
        label="手机号后四位",
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
