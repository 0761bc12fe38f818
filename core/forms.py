"""Forms of the settings pages (参数、工作日历): shape and words only, the services decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core import options, workdays
from core.arrangement import lines_of
from core.errors import Refusal
from core.models import CalendarDay
from core.options import Option
from core.papers.workbooks import open_workbook

MAX_PASTE = 20_000


def _field(option: Option) -> forms.Field:
    """The form field for an option's type, with its limits in the help."""
    common: dict[str, Any] = {"label": option.label, "help_text": _help(option), "required": False}
    if option.type == "bool":
        widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
        return forms.BooleanField(widget=widget, **common)
    if option.type == "choice":
        select = forms.Select(attrs={"class": "form-select"})
        return forms.ChoiceField(choices=option.choices, widget=select, **common)
    # The rest are read by the option itself, so that each says in its own words what is wrong.
    return forms.CharField(widget=_widget(option), **common)


def _widget(option: Option) -> forms.Widget:
    look = {"class": "form-control"}
    limits = look | _known({"min": option.minimum, "max": option.maximum})
    widgets: dict[str, forms.Widget] = {
        "int": forms.NumberInput(attrs=limits | {"inputmode": "numeric"}),
        "decimal": forms.NumberInput(attrs=limits | {"step": "any"}),
        "date": forms.DateInput(attrs=look | {"type": "date"}),
        "list": forms.Textarea(attrs=look | {"rows": 5}),
    }
    return widgets.get(option.type, forms.TextInput(attrs=look))


def _known(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def _help(option: Option) -> str:
    parts = [option.help.rstrip("。")] if option.help else []
    if option.minimum is not None and option.maximum is not None:
        parts.append(f"{option.show(option.minimum)}至{option.show(option.maximum)}")
    elif option.minimum is not None:
        parts.append(f"不小于{option.show(option.minimum)}")
    elif option.maximum is not None:
        parts.append(f"不大于{option.show(option.maximum)}")
    if option.type == "list":
        parts.append("一行填一项")
    return "。".join(parts) + "。" if parts else ""


class OptionsForm(forms.Form):
    """The options of one group; carries the values it was drawn with, so that only what a person
    changed is saved, even when somebody else changed the rest meanwhile."""

    def __init__(self, group: Iterable[Option], *args: Any, **kwargs: Any) -> None:
        self.options = {option.key: option for option in group}
        initial = {key: self._typed(key) for key in self.options}
        super().__init__(*args, initial=initial, auto_id="opt-%s", **kwargs)
        for key, option in self.options.items():
            self.fields[key] = _field(option)
            self.fields[key].show_hidden_initial = True

    def _typed(self, key: str) -> Any:
        """The present value as it stands in the control."""
        value = options.value(key)
        kind = self.options[key].type
        if kind == "list":
            return "\r\n".join(value)
        return value if kind == "bool" else str(value)

    def clean(self) -> dict[str, Any]:
        """Check what was changed against each option's own limits."""
        cleaned = super().clean() or self.cleaned_data
        for key in self.changed_data:
            if key in cleaned:
                try:
                    self.options[key].clean(cleaned[key])
                except Refusal as refusal:
                    self.add_error(key, str(refusal))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Key and new value of what the person changed."""
        return {key: self.cleaned_data[key] for key in self.changed_data}


class YearField(forms.IntegerField):
    """A plausible year of the calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=workdays.FIRST_YEAR, max_value=workdays.LAST_YEAR, label="年份", **kwargs)


class CalendarDayForm(forms.ModelForm):
    """One day off or 调休; the date of an existing day cannot be changed."""

    class Meta:
        model = CalendarDay
        fields = ["date", "kind", "name", "source", "provisional"]
        widgets = {"date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "name": "如“春节”“国庆节”。",
            "source": "文件名称和文号，如“国办发明电〔2025〕7号”。",
            "provisional": "还没有正式公布的，请勾上；用到这一天的期限会标“暂定”。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["date"].disabled = True

    def validate_unique(self) -> None:
        """A day that is already listed is not an error but a change of it; the service says so."""


class ArrangementForm(forms.Form):
    """A year's arrangement as pasted text or a spreadsheet."""

    year = YearField()
    source = forms.CharField(label="依据", max_length=120, help_text="文件名称和文号，如“国办发明电〔2025〕7号”。")
    text = forms.CharField(
        label="放假安排",
        required=False,
        max_length=MAX_PASTE,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="把通知原文整段贴进来；或一行一天，如“2027-01-04 调休上班 元旦”。",
    )
    file = forms.FileField(
        label="或者传表格",
        required=False,
        help_text="前三列依次是日期、种类（放假或调休上班）、节日；.xlsx 或 .csv。",
    )

    def clean(self) -> dict[str, Any]:
        """Take the spreadsheet's rows as text where a file was given."""
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("file")
        if upload:
            try:
                sheets = open_workbook(upload, upload.name)
            except Refusal as refusal:
                self.add_error("file", str(refusal))
            else:
                cleaned["text"] = lines_of(row for sheet in sheets for row in sheet.rows.values())
        elif not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", ValidationError("请贴上放假安排，或传一个表格。"))
        return cleaned
