"""Forms of an issue 刊期: to whom it goes, and that it went."""

from django import forms
from django.utils import timezone

from sentiment.forms.fields import area, date_field


class BulletinForm(forms.Form):
    """The addressees of an issue."""

    report_to = forms.CharField(label="报", widget=area(2), max_length=500, help_text="领导和上级，用顿号分开。")
    send_to = forms.CharField(label="送", widget=area(2), max_length=500, required=False)
    copies = forms.IntegerField(label="共印（份）", min_value=1, max_value=999)


class DistributeForm(forms.Form):
    """To whom an issue went."""

    recipients = forms.CharField(
        label="发给谁", widget=area(2), max_length=1000, help_text="用顿号分开，一次可以登记几处。"
    )
    way = forms.ChoiceField(label="方式", choices=[("paper", "纸质"), ("office", "机要交换"), ("online", "网上")])
    copies = forms.IntegerField(label="每处几份", min_value=1, max_value=99, initial=1)
    on = date_field("日期", initial=timezone.localdate)
