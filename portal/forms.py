"""The filter of published proposals (提案公开): its state is the address."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from core import search
from core.templatetags.frame import cn_date
from members.models import HandlingUnit, Session
from portal.selectors import CLOSED, REPLIED
from proposals.models import Category, Proposal, ResultClass

ANY: list[tuple[Any, str]] = [("", "不限")]


class OpenFilter(forms.Form):
    """Fields of the filter bar; the hidden ones come from figures and notices."""

    q = forms.CharField(label="案号、案由、正文、姓名", required=False, max_length=100)
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None)
    result = forms.ChoiceField(label="答复分类", required=False)
    category = forms.ChoiceField(label="类别", required=False)
    unit = forms.ChoiceField(label="主办单位", required=False)
    on = forms.DateField(label="公开日期", required=False, widget=forms.HiddenInput)
    replied = forms.BooleanField(label="已答复", required=False, widget=forms.HiddenInput)
    closed = forms.BooleanField(label="已办结", required=False, widget=forms.HiddenInput)
    key = forms.BooleanField(label="重点提案", required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, auto_id="filter-%s", **kwargs)
        years = Session.objects.order_by("-year").values_list("year", flat=True).distinct()
        classes = ResultClass.objects.filter(is_active=True).values_list("letter", "name")
        choices: dict[str, list[tuple[Any, str]]] = {
            "year": [(year, f"{year}年") for year in years],
            "result": [(letter, f"{letter}　{name}") for letter, name in classes],
            "category": list(Category.objects.filter(is_active=True).values_list("code", "name")),
            "unit": list(HandlingUnit.objects.filter(is_active=True).values_list("pk", "short_name")),
        }
        for name, found in choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = ANY + found
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"
            elif isinstance(field.widget, forms.TextInput):
                field.widget.attrs["class"] = "form-control"
        self.fields["q"].widget.input_type = "search"

    def narrow(self, rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
        """The rows that meet every condition; a condition that means nothing finds nothing."""
        if not self.is_valid():
            return rows.none()
        value = self.cleaned_data
        plain = {
            "year": value["year"],
            "result_class__letter": value["result"],
            "category__code": value["category"],
            "lead_unit_id": value["unit"],
            "published_on": value["on"],
            "is_key": value["key"] or None,
        }
        rows = rows.filter(**{name: wanted for name, wanted in plain.items() if wanted not in (None, "")})
        if value["replied"]:
            rows = rows.filter(status__in=REPLIED)
        if value["closed"]:
            rows = rows.filter(status__in=CLOSED)
        return search.match(rows, value["q"], number_field="number")

    def active(self) -> list[tuple[str, str, str]]:
        """The conditions in force: (parameter, name, value in words)."""
        found: list[tuple[str, str, str]] = []
        for name, field in self.fields.items():
            raw = self.data.get(name, "")
            if raw == "":
                continue
            if name in self.errors:
                found.append((name, str(field.label), f"{raw}（读不懂）"))
                continue
            words = {str(code): label for code, label in getattr(field, "choices", ())}.get(raw, raw)
            if isinstance(field, forms.BooleanField):
                words = "是"
            elif isinstance(field, forms.DateField):
                words = cn_date(self.cleaned_data[name])
            found.append((name, str(field.label), words))
        return found
