"""Forms of quality evaluation 质量评价: open, slips, the list's conditions, and the questionnaire itself."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone

from consultations.evaluation.results import UNKNOWN, Indicators
from consultations.models import EvaluationStatus
from consultations.services.evaluation import LENGTH, LONGEST, MOST_SLIPS
from core import options
from members.models import Body


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EndForm(forms.Form):
    """Until when answers are taken."""

    ends_on = forms.DateField(label="截止日期", widget=_day(), help_text=f"当天还收；最多{LONGEST}天以后。")

    def __init__(self, *args: Any, **kwargs: Any):
        """So many days ahead as the option says, unless another day is given."""
        later = timezone.localdate() + timedelta(options.value("consultations.evaluation_days"))
        kwargs.setdefault("initial", {"ends_on": later})
        super().__init__(*args, **kwargs)


class SlipForm(forms.Form):
    """How many slips for guests."""

    count = forms.IntegerField(label="来宾几人", min_value=1, max_value=MOST_SLIPS, initial=10)
    replace = forms.BooleanField(label="以前印的、没用的都作废", required=False)


class EvaluationFilter(forms.Form):
    """Evaluations by year, committee, grade and state."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    organizer = forms.ChoiceField(label="承办单位", required=False)
    grade = forms.ChoiceField(label="等次", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *EvaluationStatus.choices])

    def __init__(self, *args: Any, years: list[int], grades: list[str], **kwargs: Any):
        """``years`` and ``grades`` are those that occur; 0 is a session of no body of its own."""
        super().__init__(*args, **kwargs)
        bodies = Body.objects.filter(consultations__evaluation__isnull=False).distinct()
        offered: dict[str, list[tuple[Any, str]]] = {
            "year": [("", "全部年度"), *((year, f"{year}年") for year in years)],
            "organizer": [("", "全部单位"), *((str(body.pk), str(body)) for body in bodies), ("0", "政协机关")],
            "grade": [("", "全部等次"), *((grade, grade) for grade in grades)],
        }
        for name, choices in offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = choices
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class CodeForm(forms.Form):
    """The code of a slip, as typed by hand."""

    code = forms.CharField(
        label="评价码", max_length=40, help_text=f"印在评价票上，{LENGTH}位字母和数字，不分大小写。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The questionnaire: one choice for each indicator, and a remark."""

    comment = forms.CharField(
        label="意见建议",
        required=False,
        max_length=500,
        help_text="不用写姓名和单位。收回的份数够了，才和别人的意见打乱次序一起看。",
        widget=forms.Textarea(attrs={"rows": 3, "data-count": 500}),
    )

    def __init__(self, *args: Any, indicators: Indicators, **kwargs: Any):
        """One field for each indicator of the version."""
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        choices = [(str(at), level.label) for at, level in enumerate(indicators.levels)]
        for row in indicators.all:
            self.fields[f"m_{row.code}"] = forms.ChoiceField(
                label=row.label, choices=[*choices, (str(UNKNOWN), "不了解")], widget=forms.RadioSelect,
                error_messages={"required": "请选一个；不清楚的选“不了解”。"},
            )  # fmt: skip
        self.order_fields([f"m_{row.code}" for row in indicators.all])

    def parts(self) -> list[tuple[str, list[Any]]]:
        """The fields by the parts of the version."""
        return [(part.label, [self[f"m_{row.code}"] for row in part.indicators]) for part in self.indicators.parts]

    def clean(self) -> dict[str, Any]:
        """Whoever knows nothing of all need not answer."""
        values = super().clean() or {}
        marks = [value for name, value in values.items() if name.startswith("m_")]
        if not self.errors and set(marks) == {str(UNKNOWN)}:
            raise forms.ValidationError("全部选了“不了解”，等于没有评。请至少评一项。")
        return values

    def marks(self) -> dict[str, int]:
        """Code to the place of the chosen level."""
        return {row.code: int(self.cleaned_data[f"m_{row.code}"]) for row in self.indicators.all}
