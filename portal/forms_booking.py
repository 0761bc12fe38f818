"""Forms of booking from the portal 预约: shape only, the service decides."""

from django import forms

from portal.forms_public import PublicForm


class BookingForm(PublicForm):
    """What a visitor says."""

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
    consent = forms.BooleanField(label="同意", error_messages={"required": "要先同意，才能替您约。"})


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
