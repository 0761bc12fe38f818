"""Fields of the proposal list's filter 筛选项: several codes in one pulldown, days, numbers, words.

A pulldown keeps its options as drawn; the other controls are those of every form (core.form_renderer).
"""

from django import forms
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class ManySelect(forms.Select):
    """A pulldown whose value may be several codes joined by commas, kept as one entry of its own."""

    def value_from_datadict(self, data: QueryDict, files, name: str) -> str:
        """Every value given for ``name``, repeated or joined, as one text."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        parts = [part.strip() for value in given for part in value.split(",")]
        return ",".join(dict.fromkeys(part for part in parts if part))

    def render(self, name, value, attrs=None, renderer=None):
        """The pulldown as one string; its options are written once, and what is chosen is marked in them."""
        options = self.options
        if chosen := self.format_value(value)[0]:
            known = {str(code): str(words) for code, words in self.choices}
            words = known.get(chosen) or several([known.get(part, part) for part in chosen.split(",")])
            options = options | {chosen: format_html('<option value="{}" selected>{}</option>', chosen, words)}
        own = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        inner = format_html_join("", "{}", ((option,) for option in options.values()))
        return format_html("<select{}>{}</select>", own, inner)

    @cached_property
    def options(self) -> dict[str, SafeString]:
        """The options by their code, none of them chosen: the first stands for no condition."""
        return {str(code): format_html('<option value="{}">{}</option>', code, words) for code, words in self.choices}


def several(words: list[str]) -> str:
    """Several values in few words: 办理中等5项."""
    return words[0] if len(words) == 1 else f"{words[0]}等{len(words)}项"


class SearchField(forms.CharField):
    """Words to look for."""

    def __init__(self, *, placeholder: str, **kwargs):
        look = {"type": "search", "class": "form-control", "placeholder": placeholder}
        super().__init__(widget=forms.TextInput(attrs=look), **kwargs)


class NumberField(forms.IntegerField):
    """A whole number."""

    def __init__(self, **kwargs):
        widget = forms.NumberInput(attrs={"class": "form-control"})
        super().__init__(widget=widget, error_messages={"invalid": "要填数字。"}, **kwargs)


class ManyField(forms.Field):
    """One or more codes out of ``choices``; cleans to a list."""

    widget = ManySelect

    def __init__(self, *, label: str, choices, empty: str = "不限"):
        super().__init__(label=label, required=False)
        self.known = {str(code): str(words) for code, words in choices}
        self.widget.choices = [("", empty), *self.known.items()]
        self.widget.attrs["class"] = "form-select"

    def clean(self, value: str) -> list[str]:
        """The codes; an unknown one is an error."""
        codes = [code for code in (value or "").split(",") if code]
        unknown = [code for code in codes if code not in self.known]
        if unknown:
            raise forms.ValidationError(f"没有“{unknown[0][:20]}”这一项，请另选。")
        return codes

    def words(self, codes: list[str]) -> str:
        """The codes as a chip shows them."""
        return several([self.known[code] for code in codes])


class DayField(forms.DateField):
    """A day; ``1`` means today where ``or_today`` is set."""

    def __init__(self, *, label: str, or_today: bool = False):
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
            error_messages={"invalid": "要写成2026-03-05这样的日期。"},
        )
        self.or_today = or_today

    def to_python(self, value):
        """The day, or None."""
        return timezone.localdate() if self.or_today and value == "1" else super().to_python(value)
