"""Forms of duty files, appeals and years of scores."""

from typing import Any

from django import forms
from django.utils import timezone

from members.duty import acts as duty_acts
from members.models import AppealStatus, ScoreAppeal, ScoreRules, Sector
from members.services.appeals import LONGEST, Correction


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


class AppealForm(forms.Form):
    """What a member says is wrong: which heading (or which row), and how it should be."""

    about = forms.ChoiceField(label="哪一项")
    text = forms.CharField(
        label="应该怎样",
        max_length=LONGEST,
        help_text="10个工作日内告诉您改不改、为什么；那以前原来的分照记。",
        widget=forms.Textarea(attrs={"rows": 3, "data-count": LONGEST}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], days: int, **kwargs: Any):
        """``choices`` are pairs of heading code or "row:<id>" and its words."""
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = choices
        self.fields["text"].help_text = f"{days}个工作日内告诉您改不改、为什么；那以前原来的分照记。"


class AnswerForm(forms.Form):
    """The office's answer: correct by taking back and adding, or uphold."""

    verdict = forms.ChoiceField(
        label="怎么办",
        choices=[("correct", "更正"), ("uphold", "维持原记录")],
        widget=forms.RadioSelect,
    )
    take_back = forms.BooleanField(label="冲销申诉的这一条", required=False)
    act = forms.ChoiceField(label="补记的事项", required=False, help_text="不补记就空着。")
    on = forms.DateField(label="补记的日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    quantity = forms.DecimalField(
        label="数量", required=False, initial=1, max_digits=6, decimal_places=2, help_text="整场为1，半场为0.5。"
    )
    summary = forms.CharField(label="补记的说明", required=False, max_length=200)
    answer = forms.CharField(
        label="复核意见",
        max_length=500,
        help_text="写明依据；委员会看到。",
        widget=forms.Textarea(attrs={"rows": 3, "data-count": 500}),
    )

    def __init__(self, *args: Any, appeal: ScoreAppeal, **kwargs: Any):
        """Without a disputed row there is nothing to take back."""
        super().__init__(*args, **kwargs)
        acts = [(act.code, act.label) for act in duty_acts.of_target("member")]
        self.fields["act"].choices = [("", "不补记"), *acts]
        if appeal.entry_id is None:
            del self.fields["take_back"]

    def clean(self) -> dict[str, Any]:
        """A row to be added needs its day and its words."""
        values = super().clean() or {}
        if values.get("verdict") == "correct" and values.get("act"):
            for name, words in (("on", "请填写补记的日期。"), ("summary", "请填写补记的说明。")):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return values

    def correction(self) -> Correction | None:
        """The row to be added, if any."""
        values = self.cleaned_data
        if not values.get("act"):
            return None
        return Correction(values["act"], values["on"], values["summary"], values.get("quantity") or 1)


class AppealFilter(forms.Form):
    """Appeals by state."""

    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *AppealStatus.choices], widget=_select()
    )


class LedgerFilter(forms.Form):
    """A member's ledger by act and year."""

    act = forms.ChoiceField(label="事项", required=False, widget=_select())
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None, widget=_select())

    def __init__(self, *args: Any, years: list[int], **kwargs: Any):
        """``years`` are those that may be chosen."""
        super().__init__(*args, **kwargs)
        acts = [(act.code, act.label) for act in duty_acts.of_target("member")]
        self.fields["act"].choices = [("", "全部事项"), *acts]
        self.fields["year"].choices = [("", "全部年度"), *((year, f"{year}年") for year in years)]


class ScoreFilter(forms.Form):
    """Results by name, band and sector."""

    q = forms.CharField(
        label="姓名", required=False, max_length=40, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    band = forms.ChoiceField(label="等次", required=False, widget=_select())
    sector = forms.ModelChoiceField(
        Sector.objects.none(), label="界别", required=False, empty_label="全部界别", widget=_select()
    )

    def __init__(self, *args: Any, target: str, bands: list[str], **kwargs: Any):
        """``bands`` are those of the year's rules; studios have no sector here."""
        super().__init__(*args, **kwargs)
        self.fields["band"].choices = [("", "全部等次"), *((band, band) for band in bands)]
        if target == ScoreRules.Target.MEMBER:
            self.fields["sector"].queryset = Sector.objects.filter(is_active=True)
        else:
            del self.fields["sector"]
            self.fields["q"].label, self.fields["band"].label = "工作室", "星级"
            self.fields["band"].choices = [("", "全部星级"), *((band, band) for band in bands)]


class ForceForm(forms.Form):
    """From which year a version rules."""

    from_year = forms.IntegerField(label="从哪年起施行", min_value=2000, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any):
        """This year unless another is given."""
        kwargs.setdefault("initial", {"from_year": timezone.localdate().year})
        super().__init__(*args, **kwargs)
