"""Forms of the small acts on one proposal: a reason, a key proposal's leader, a change of wording."""

from typing import Any

from django import forms

from core.act_forms import ActForm
from proposals.models import Category, Proposal, ResultClass


class ReasonForm(ActForm):
    """An act with its reason."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        help_text="写进办理经过，有关的人都能看到。",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明理由。"},
    )


class KeyForm(ActForm):
    """A key proposal's leader and batch."""

    leader = forms.CharField(
        label="领衔督办领导", max_length=60, required=False, help_text="如：王主席。可以以后再定。"
    )
    batch = forms.CharField(label="督办批次", max_length=20, required=False, help_text="如：2026年第一批。")


class DayForm(ActForm):
    """The day on which the meeting decided; today where nothing is said."""

    on = forms.DateField(
        label="评定日期",
        required=False,
        help_text="主席会议审定的日期，计入那一年的履职档案；不填就是今天。",
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class EndFollowUpForm(ActForm):
    """The end of follow-up: the class that the case has now, and why."""

    result_class = forms.ModelChoiceField(
        label="现在的类别",
        queryset=ResultClass.objects.filter(is_active=True),
        empty_label="请选择",
        help_text="承诺兑现以后，一般改为A类。",
        error_messages={"required": "请选一个类别。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )


class WordingForm(ActForm):
    """The text as the office would have it; the number of suggestions stays."""

    title = forms.CharField(label="案由", max_length=120)
    category = forms.ModelChoiceField(
        label="类别", queryset=Category.objects.filter(is_active=True), required=False, empty_label="不改"
    )
    situation = forms.CharField(label="情况与问题", widget=forms.Textarea(attrs={"rows": 8}))
    analysis = forms.CharField(label="分析", required=False, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, data=None, files=None, *, record: Proposal):
        super().__init__(data, files, record=record)
        for name in ("title", "situation", "analysis", "category"):
            self.fields[name].initial = getattr(record, name)
        self.asks = []
        for row in record.suggestions.all():
            name = f"suggestion_{row.order}"
            self.fields[name] = forms.CharField(
                label=f"第{row.order}条建议", initial=row.text, widget=forms.Textarea(attrs={"rows": 3})
            )
            self.asks.append(name)
        self.fields["reason"] = forms.CharField(
            label="为什么改",
            max_length=300,
            help_text="原文留存，提案者会看到改了哪里、为什么。",
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"required": "请写明修改的理由。"},
        )

    def values(self) -> dict[str, Any]:
        """The text with its suggestions in order."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("title", "situation", "analysis", "category", "reason")}
        return {**plain, "suggestions": [data[name] for name in self.asks]}
