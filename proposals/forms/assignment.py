"""Forms of assignment 交办: one case to its units, and a table of cases handed over at a meeting."""

from typing import Any

from django import forms
from django.utils import timezone

from members.models import HandlingUnit
from proposals.models import Handover, Proposal
from proposals.services.assignment import Assignment


def _units():
    return HandlingUnit.objects.filter(is_active=True)


class AssignForm(forms.Form):
    """Who handles one case, and how."""

    mode = forms.ChoiceField(
        label="办理方式", choices=Proposal.Mode.choices, widget=forms.RadioSelect, initial="sole",
        error_messages={"required": "请选一种办理方式。"},
    )  # fmt: skip
    lead = forms.ModelChoiceField(
        label="主办单位",
        queryset=None,
        required=False,
        empty_label="请选择",
        help_text="单办、主办会办时选；由它答复提案者。",
    )
    supports = forms.ModelMultipleChoiceField(
        label="会办单位", queryset=None, required=False, help_text="把意见交给主办单位，不直接答复提案者。",
        widget=forms.SelectMultiple(attrs={"size": "6"}),
    )  # fmt: skip
    splits = forms.ModelMultipleChoiceField(
        label="分办单位", queryset=None, required=False, help_text="分办时选，各自答复。",
        widget=forms.SelectMultiple(attrs={"size": "6"}),
    )  # fmt: skip
    on = forms.DateField(
        label="交办日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="空着就是今天；期限从这天次日起算。", error_messages={"invalid": "要写成2026-03-05这样的日期。"},
    )  # fmt: skip

    def __init__(self, data=None, *, proposal: Proposal):
        super().__init__(data)
        for name in ("lead", "supports", "splits"):
            self.fields[name].queryset = _units()
        suggested = list(proposal.suggested_units.all())
        if suggested:
            self.fields["lead"].initial = suggested[0].pk
            self.fields["supports"].initial = [unit.pk for unit in suggested[1:]]
            self.fields["mode"].initial = "lead_support" if len(suggested) > 1 else "sole"

    def clean(self) -> dict[str, Any]:
        """Only the units of the chosen way count; the others are left aside."""
        data = super().clean() or {}
        mode = data.get("mode")
        if mode == "split":
            data["lead"], data["supports"] = None, []
        else:
            data["splits"] = []
            if mode == "sole":
                data["supports"] = []
        return data

    def values(self) -> dict[str, Any]:
        """Keyword arguments of ``assign``."""
        return {name: self.cleaned_data[name] for name in ("mode", "lead", "supports", "splits", "on")}


class HandoverForm(forms.Form):
    """The meeting, and for each case its lead unit and its support units."""

    name = forms.CharField(label="交办会名称", max_length=60, error_messages={"required": "请写交办会的名称。"})
    held_on = forms.DateField(
        label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请写日期。", "invalid": "要写成2026-03-05这样的日期。"},
    )  # fmt: skip

    def __init__(self, data=None, *, proposals: list[Proposal]):
        today = timezone.localdate()
        super().__init__(data, initial={"name": f"{today.year}年提案交办会", "held_on": today})
        self.proposals = proposals
        units = list(_units())
        self.units = {str(unit.pk): unit for unit in units}
        choices = [("", "先不交办"), *((key, str(unit)) for key, unit in self.units.items())]
        for row in proposals:
            suggested = [unit for unit in row.suggested_units.all() if str(unit.pk) in self.units]
            self.fields[f"lead-{row.pk}"] = forms.ChoiceField(
                label=f"{row.title}的主办单位", choices=choices, required=False,
                initial=str(suggested[0].pk) if suggested else "",
                widget=forms.Select(attrs={"class": "form-select", "aria-label": f"{row.case_no}主办单位"}),
            )  # fmt: skip
            self.fields[f"support-{row.pk}"] = forms.CharField(
                label=f"{row.title}的会办单位", required=False, max_length=200,
                initial="、".join(str(unit) for unit in suggested[1:]),
                widget=forms.TextInput(
                    attrs={"class": "form-control", "aria-label": f"{row.case_no}会办单位", "list": "unit-names"}
                ),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[Proposal, Any, Any]]:
        """Each case with its two fields."""
        return [(row, self[f"lead-{row.pk}"], self[f"support-{row.pk}"]) for row in self.proposals]

    def clean(self) -> dict[str, Any]:
        """Support units by name, and at least one case to hand over."""
        data = super().clean() or {}
        names = {}
        for unit in self.units.values():
            names |= {unit.name: unit, unit.short_name: unit, **dict.fromkeys(unit.aliases, unit)}
        self.items: list[Assignment] = []
        for row in self.proposals:
            key = f"support-{row.pk}"
            given = [
                part for part in data.get(key, "").replace("，", "、").replace(",", "、").split("、") if part.strip()
            ]
            unknown = [part for part in given if part.strip() not in names]
            if unknown:
                self.add_error(key, f"没有“{unknown[0]}”这家单位，请按名册写，用顿号隔开。")
                continue
            supports = [names[part.strip()] for part in given]
            lead = self.units.get(data.get(f"lead-{row.pk}", ""))
            if lead is None:
                if supports:
                    self.add_error(f"lead-{row.pk}", "写了会办单位，还要选主办单位。")
                continue
            mode = "lead_support" if supports else "sole"
            self.items.append(Assignment(row.pk, mode, lead, supports))
        if not self.items and not self.errors:
            raise forms.ValidationError("还没有选一家主办单位，没有可交办的。")
        return data

    def handover(self) -> Handover:
        """The meeting, made on its first hand-over."""
        data = self.cleaned_data
        return Handover.objects.get_or_create(name=data["name"].strip(), held_on=data["held_on"])[0]
