"""The conditions of the report list 筛选 as a form: what a person may ask for, and in which words it is said."""

from typing import Any, cast

from django import forms

from core import options
from members.models import HandlingUnit, Role
from sentiment import ranking
from sentiment.models import Level, OpinionReport, Reporter, ReportStatus

TEXT = {"class": "form-control"}
AGES = {"week": "一周以内", "month": "一周到一个月", "older": "一个月以上"}
"""How long ago a report came in."""


class ReportFilter(forms.Form):
    """The conditions of the list, in the address; the hidden ones stand behind the numbers of the board."""

    STATES = [
        ("office", "待收稿、编辑中"), ("passing", "待核稿、待签发、待刊发"), ("out", "已刊发及以后"),
        *ReportStatus.choices,
    ]  # fmt: skip

    q = forms.CharField(
        label="标题、正文、反映人",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={**TEXT, "type": "search"}),
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *STATES])
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "全部来源"), *OpinionReport.Source.choices])
    category = forms.ChoiceField(label="类别", required=False)
    year = forms.IntegerField(
        label="年份", required=False, min_value=1950, max_value=2150, widget=forms.NumberInput(attrs=TEXT)
    )
    level = forms.ChoiceField(
        label="采用层级", required=False, choices=[("", "不限"), ("any", "已采用"), *Level.choices]
    )
    due = forms.ChoiceField(
        label="期限", required=False, choices=[("", "不限"), ("overdue", "已超期"), ("open", "有期限")]
    )
    mine = forms.BooleanField(required=False, widget=forms.HiddenInput)
    turn = forms.BooleanField(required=False, widget=forms.HiddenInput)
    counted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    nocategory = forms.BooleanField(required=False, widget=forms.HiddenInput)
    noted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    aged = forms.ChoiceField(label="来稿多久", required=False, choices=[("", "不限"), *AGES.items()])
    unit = forms.ModelChoiceField(
        label="转办单位", required=False, queryset=HandlingUnit.objects.all(), widget=forms.HiddenInput
    )
    answer = forms.ChoiceField(
        label="答复",
        required=False,
        choices=[("", ""), ("waiting", "待答复"), ("done", "已答复")],
        widget=forms.HiddenInput,
    )
    by = forms.CharField(label="反映人", required=False, max_length=18, widget=forms.HiddenInput)

    ALONE = {  # conditions without a value
        "mine": "我的来稿", "turn": "轮到我办", "counted": "不含综合", "nocategory": "没有选类别", "noted": "获领导批示",
    }  # fmt: skip
    GROUPS = {
        "office": ("submitted", "editing"), "passing": ("edited", "checked", "signed"),
        "out": ("issued", "forwarded", "answered", "closed"),
    }  # fmt: skip

    def __init__(self, data: Any, *, user: Any):
        super().__init__(data)
        if not ranking.opens_lists(user):
            del self.fields["by"]  # who reported is not for everybody
        cast(forms.ChoiceField, self.fields["category"]).choices = [
            ("", "全部类别"),
            *((c, c) for c in options.value("sentiment.categories")),
        ]
        if not user.has_role(Role.INFO_EDITOR, Role.INFO_CHECKER, Role.INFO_SIGNER):
            self.fields["aged"].widget = forms.HiddenInput()  # a question of the office's queues
        for name in ("state", "source", "category", "level", "due", "aged"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def active(self) -> list[tuple[str, Any, str]]:
        """The conditions that are set: parameter, name, value in words."""
        if not self.is_valid():
            return []
        found = []
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if not value:
                continue
            words = dict(getattr(field, "choices", [])).get(value, value)
            if name == "by":
                words = self.who(value)
            alone = self.ALONE.get(name)
            found.append((name, "只看", alone) if alone else (name, field.label, str(words)))
        return found

    def who(self, key: str) -> str:
        """The name behind ``by``, for the chip; the key itself where nobody stands behind it."""
        row = Reporter.objects.filter(**(ranking.named(key) or {"pk": 0})).only("name").first()
        return row.name if row else key
