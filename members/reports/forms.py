"""Forms of yearly duty reports 年度履职报告."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core import options
from members.activities.forms import files_field
from members.models import DutyReport, ReportRound

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoundForm(forms.Form):
    """A round: the year, the day, what is wished."""

    year = forms.TypedChoiceField(label="年度", coerce=int)
    due_on = forms.DateField(
        label="哪天前交", widget=DATE, help_text="到期前自动提醒没有交的委员，过期后也提醒委员联络室。"
    )
    note = forms.CharField(
        label="要求", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3, "data-count": 500}),
        help_text="写在通知里，也写在委员的报告页上。没有就空着。",
    )  # fmt: skip

    def __init__(self, *args: Any, row: ReportRound | None = None, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs.setdefault(
            "initial",
            {"due_on": row.due_on, "note": row.note} if row else {"year": today.year, "due_on": usual_day(today)},
        )
        super().__init__(*args, **kwargs)
        if row:
            del self.fields["year"]
        else:
            year: Any = self.fields["year"]
            year.choices = [(year, f"{year}年") for year in (today.year, today.year - 1)]


def usual_day(today: date) -> date:
    """The day that the settings name; two weeks on where it has gone by or cannot be read."""
    month, _, day = options.value("reports.due").partition("-")
    try:
        usual = date(today.year, int(month), int(day))
    except ValueError:
        usual = today
    return usual if usual > today else date.fromordinal(today.toordinal() + 14)


def _part(name: str, rows: int, help_text: str, *, required: bool = True) -> forms.CharField:
    field = DutyReport._meta.get_field(name)
    return forms.CharField(
        label=field.verbose_name, required=required, max_length=field.max_length, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "data-count": field.max_length}),
        error_messages={"required": f"请写{field.verbose_name}。"},
    )  # fmt: skip


class ReportForm(forms.Form):
    """The member's report in three parts; nothing need be complete while it is a draft."""

    done = _part("done", 16, "已按履职台账拟好，逐句核对，缺的补上，不合适的删去。")
    gains = _part("gains", 6, "今年履职的体会，存在哪些不足。几句话就行。")
    plans = _part("plans", 4, "明年打算做什么。不写也能交。", required=False)

    def __init__(self, *args: Any, complete: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = field.required and complete

    def text(self) -> dict[str, str]:
        """What could be read, by name."""
        return {name: self.cleaned_data[name] for name in DutyReport.PARTS if name in self.cleaned_data}


class AnswerForm(forms.Form):
    """A word to the member; what is to be bettered must be said."""

    answer = forms.CharField(
        label="给委员的话", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3, "data-count": 500}),
        help_text="退回的，写明要改什么；收下的可以不写。委员会收到。",
    )  # fmt: skip


class PaperForm(forms.Form):
    """A report that came on paper."""

    on = forms.DateField(label="哪天交来的", widget=DATE, initial=timezone.localdate)
    files = files_field("扫描件")  # type: ignore[assignment]
    answer = forms.CharField(label="给委员的话", required=False, max_length=500, help_text="不写就空着。")
