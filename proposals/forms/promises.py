"""Forms of promises 承诺: kept, or what became of one of which an old register says nothing."""

from django import forms
from django.utils import timezone


class KeepForm(forms.Form):
    """How and when a promise was kept 兑现."""

    on = forms.DateField(label="哪天兑现的", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    note = forms.CharField(
        label="兑现情况", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="做成了什么，在哪里能看到"
    )

    def clean_on(self):
        """A promise is kept in the past."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("这一天还没有到，请填已经做成的日子。")
        return day


class OutcomeForm(KeepForm):
    """What became of a promise of which an old register says nothing."""

    kept = forms.TypedChoiceField(
        label="结果",
        choices=[("1", "兑现"), ("0", "未兑现")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": "请选兑现还是未兑现。"},
    )
    field_order = ["kept", "on", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "哪天兑现的，或者哪天认定的"
        self.fields["note"].label = "情况"
        self.fields["note"].help_text = "办成了什么，或者为什么没有办成，怎么查实的"
