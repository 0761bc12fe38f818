"""Forms of studios and reception days: shape and words only, the services decide."""

from typing import Any

from django import forms
from django.utils import timezone

from core.attachments import ACCEPT, WORDS
from core.errors import Refusal
from members.models import Member, Sector, Studio, StudioRecord, StudioRequisite
from members.studios import rota


def _day(**attrs: str) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files at once; the service checks each."""

    def clean(self, data: Any, initial: Any = None) -> list:
        """A list, empty where nothing was chosen."""
        return [super(_FilesField, self).clean(one, initial) for one in data] if data else []


class StudioFilter(forms.Form):
    """The filter of the studios' lists; its state is the address."""

    q = forms.CharField(label="工作室、地点、召集人", required=False, max_length=40)
    scope = forms.ChoiceField(label="类型", required=False)
    township = forms.ChoiceField(label="镇（街道）", required=False)
    sector = forms.TypedChoiceField(label="界别", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, townships: list[str], sectors: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter-%s", **kwargs)
        choices: dict[str, list] = {
            "scope": list(Studio.Scope.choices), "township": [(name, name) for name in townships], "sector": sectors,
        }  # fmt: skip
        for name, found in choices.items():
            self.fields[name].choices = [("", "不限"), *found]
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["q"].widget.attrs["class"] = "form-control"

    def chosen(self) -> dict[str, Any]:
        """The conditions that mean something."""
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}


class _MapField(forms.URLField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)


class FactsForm(forms.ModelForm):
    """A studio's facts; only those that the person may change are asked for."""

    class Meta:
        model = Studio
        fields = (
            *("name", "scope", "sector", "convener", "founded_on", "is_active"),
            *("place", "township", "address", "map_url", "phone"),
            *("liaison_name", "liaison_phone", "motto", "introduction", "note"),
        )
        widgets = {"founded_on": _day(), "introduction": _area(4)}
        field_classes = {"map_url": _MapField}
        help_texts = {
            "address": "写到楼层，如：新城街道便民服务中心二楼，一楼有电梯",
            "map_url": "从地图里复制来的链接，群众点开能导航",
            "liaison_phone": "只在内部看，不对外公布",
        }

    def __init__(self, *args: Any, allowed: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(allowed):
            del self.fields[name]
        if "convener" in self.fields:
            members = Member.objects.filter(is_active=True)
            own = members.filter(studio=self.instance) if self.instance.pk else members
            self.fields["convener"].queryset = own.order_by("code")
            self.fields["sector"].queryset = Sector.objects.filter(is_active=True)


class RequisitesForm(forms.Form):
    """The five requisites, each ticked with a note."""

    def __init__(self, *args: Any, rows: list[StudioRequisite], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            label = row.get_item_display()
            self.fields[row.item] = forms.BooleanField(label=label, required=False, initial=row.is_met)
            self.fields[f"{row.item}_note"] = forms.CharField(
                label=f"{label}：说明", required=False, max_length=200, initial=row.note
            )

    def found(self) -> dict[str, tuple[bool, str]]:
        """Item to whether it is there and the note."""
        data = self.cleaned_data
        return {item: (data[item], data[f"{item}_note"]) for item in StudioRequisite.Item.values}


class RecordForm(forms.Form):
    """An entry of a ledger."""

    ledger = forms.ChoiceField(label="台账", choices=StudioRecord.Ledger.choices)
    on = forms.DateField(label="日期", widget=_day())
    title = forms.CharField(label="题目", max_length=120)
    text = forms.CharField(label="内容", widget=_area(8), required=False, max_length=20000)
    files = _FilesField(
        label="附件", required=False, widget=_Files(attrs={"accept": ACCEPT}), help_text=f"{WORDS}，可以选几个"
    )


class RuleForm(forms.Form):
    """A rule for reception days; hours left empty follow from its words."""

    text = forms.CharField(label="接待日", max_length=80, help_text=f"如：{rota.EXAMPLES}")
    starts = forms.DateField(label="从哪天起", widget=_day())
    opens = forms.TimeField(label="几点开始", required=False, widget=_clock(), help_text="不填就按上午、下午的惯例")
    closes = forms.TimeField(label="几点结束", required=False, widget=_clock())
    slot_minutes = forms.IntegerField(label="每位几分钟", min_value=5, max_value=120, initial=20)
    hosts_each = forms.IntegerField(label="每次几位委员", min_value=1, max_value=10, initial=2)

    def clean_text(self) -> str:
        """Say at once what is not understood."""
        try:
            rota.read(self.cleaned_data["text"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return self.cleaned_data["text"]


class HostsForm(forms.Form):
    """Who sits, among the studio's members in office."""

    hosts = forms.ModelMultipleChoiceField(
        label="接待委员", queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, studio: Studio, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hosts"].queryset = studio.members.filter(is_active=True).order_by("code")


class DayForm(HostsForm):
    """A single day beside the rule."""

    on = forms.DateField(label="日期", widget=_day())
    opens = forms.TimeField(label="几点开始", widget=_clock(), initial="09:00")
    closes = forms.TimeField(label="几点结束", widget=_clock(), initial="11:40")
    slot_minutes = forms.IntegerField(label="每位几分钟", min_value=5, max_value=120, initial=20)
    place = forms.CharField(label="地点", max_length=120, required=False, help_text="不填就是工作室地点")
    field_order = ("on", "opens", "closes", "slot_minutes", "place", "hosts")


class MoveForm(forms.Form):
    """Another date, and why."""

    on = forms.DateField(label="改到哪天", widget=_day())
    reason = forms.CharField(label="改期的原因", max_length=80, help_text="会写在门户和来访人的回执上")

    def clean_on(self):
        """Not in the past."""
        if self.cleaned_data["on"] < timezone.localdate():
            raise forms.ValidationError("这一天已经过了，请选今天或以后。")
        return self.cleaned_data["on"]


class ReasonForm(forms.Form):
    """Why something is cancelled or taken back."""

    reason = forms.CharField(label="原因", max_length=200, widget=_area(2))
