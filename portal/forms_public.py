"""What forms share that anyone may send without signing in: a field that only machines fill, a telephone number."""

from django import forms

from core.errors import Refusal
from members.services.booking import clean_phone

A_YEAR = 365


class PublicForm(forms.Form):
    """A form for anyone. ``website`` is left empty by people and filled by machines."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

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


def term_words(days: int) -> str:
    """How long personal data is kept, in words."""
    return "一年" if days == A_YEAR else f"{days}天"
