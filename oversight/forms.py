"""Forms of host units and supervisors, and the filter of the list: shape only."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core import paging
from members.models import Member
from oversight.models import HostUnit
from oversight.selectors import TIMES

DAY = {"type": "date", "class": "form-control"}


class SupervisorFilter(forms.Form):
    """Unit or member, kind of unit, present or past."""

    q = forms.CharField(
        label="单位、委员", required=False, max_length=40, widget=forms.TextInput({"class": "form-control"})
    )
    category = forms.ChoiceField(label="类型", required=False, widget=forms.Select({"class": "form-select"}))
    time = forms.ChoiceField(
        label="什么时候", required=False, choices=TIMES, widget=forms.Select({"class": "form-select"})
    )

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "全部"), *((name, name) for name in categories)]

    def chips(self, query: QueryDict) -> list[tuple[str, str, str]]:
        """(name, value in words, address without it) of every condition that differs from the list as it opens."""
        found = []
        for name, given in (self.cleaned_data if self.is_valid() else {}).items():
            if given in ("", TIMES[0][0]):
                continue
            field = self.fields[name]
            words = dict(field.choices).get(given, given) if isinstance(field, forms.ChoiceField) else given
            found.append((str(field.label), str(words), paging.without(query, name)))
        return found


class HostUnitForm(forms.ModelForm):
    """A host unit; the service says which name is taken."""

    class Meta:
        model = HostUnit
        fields = ("name", "category", "contact", "is_active", "note")

    def validate_unique(self) -> None:
        """The service says in words which name is taken."""


class DispatchForm(forms.Form):
    """Who is sent, and for how long."""

    member = forms.CharField(
        label="委员",
        max_length=40,
        help_text="写姓名；有同名的写委员编号。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    starts = forms.DateField(label="聘期开始", widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    ends = forms.DateField(
        label="聘期结束", required=False, help_text="不定期的可以不填。", widget=forms.DateInput(DAY, format="%Y-%m-%d")
    )

    def clean_member(self) -> Member:
        """The one member in office of that name or code."""
        written = self.cleaned_data["member"].strip()
        found = list(Member.objects.filter(code=written.upper(), is_active=True).select_related("sector"))
        found = found or list(Member.objects.filter(name=written, is_active=True).select_related("sector"))
        if not found:
            raise ValidationError("在任委员里没有这个人，请核对姓名或编号。")
        if len(found) > 1:
            several = "、".join(f"{person.sector or '界别不详'}（{person.code}）" for person in found)
            raise ValidationError(f"有{len(found)}位{written}：{several}，请写委员编号。")
        return found[0]


class RecallForm(forms.Form):
    """The last day, and why."""

    on = forms.DateField(label="到哪天为止", widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    reason = forms.CharField(label="原因", max_length=120, help_text="如：工作调动、本人申请。")
