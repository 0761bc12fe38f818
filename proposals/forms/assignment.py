"""Forms of assignment 交办: units by any of their names, one case or a whole hand-over meeting."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.utils import timezone

from members.models import HandlingUnit
from members.papers.matching import UnitIndex, UnitName
from proposals.models import Handover, Proposal
from proposals.recommending import Recommendation
from proposals.services.assignment import Assignment

SEPARATORS = re.compile(r"[、，,;；/\s]+")


class UnitBook:
    """All units in use, found by full name, short name, alias or the core of the name."""

    def __init__(self):
        self.units = {unit.name: unit for unit in HandlingUnit.objects.filter(is_active=True)}
        self.index = UnitIndex(
            UnitName(unit.name, unit.short_name, tuple(unit.aliases)) for unit in self.units.values()
        )

    def find(self, text: str) -> HandlingUnit:
        """The unit meant; raises a form error that says what to write instead."""
        match = self.index.find(text)
        if match.found:
            return self.units[match.found.name]
        if match.candidates:
            names = "、".join(unit.short_name or unit.name for unit in match.candidates[:4])
            raise forms.ValidationError(f"“{text}”可能是{names}，请写清是哪一家。")
        raise forms.ValidationError(f"没有“{text}”这家单位，请从下拉提示里选，或写全称。")

    def find_many(self, text: str) -> list[HandlingUnit]:
        """Several units separated by 、, comma or space, each once."""
        found = [self.find(part) for part in SEPARATORS.split(text.strip()) if part]
        return list(dict.fromkeys(found))


class UnitField(forms.CharField):
    """One unit, typed or picked from the list of hints; cleans to a HandlingUnit or None."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}), **kwargs)

    book: UnitBook

    def clean(self, value):
        """The unit."""
        text = super().clean(value)
        return self.book.find(text) if text else None


class UnitsField(UnitField):
    """Several units in one field; cleans to a list."""

    def clean(self, value):
        """The units."""
        text = forms.CharField.clean(self, value)
        return self.book.find_many(text) if text else []


class AssignForm(forms.Form):
    """Who handles one case, and how."""

    mode = forms.ChoiceField(
        label="办理方式", choices=Proposal.Mode.choices, widget=forms.RadioSelect, initial=Proposal.Mode.SOLE
    )
    lead = UnitField(label="主办单位", required=False, help_text="单办、主办会办填这里；写简称也行。")
    supports = UnitsField(label="会办单位", required=False, help_text="主办会办才填，几家用顿号分开。")
    splits = UnitsField(label="分办单位", required=False, help_text="分办才填，每家各自答复，至少两家。")
    on = forms.DateField(
        label="交办日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )

    def __init__(self, data=None, *, book: UnitBook, initial=None):
        super().__init__(data, initial={"on": timezone.localdate(), **(initial or {})})
        for name in ("lead", "supports", "splits"):
            self.fields[name].book = book


class MeetingForm(forms.Form):
    """The hand-over meeting 交办会 at which the cases are given."""

    name = forms.CharField(label="交办会名称", max_length=60, error_messages={"required": "请写交办会的名称。"})
    held_on = forms.DateField(
        label="开会日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填开会日期。"},
    )

    def clean_held_on(self):
        """A meeting that has taken place."""
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("开会日期还没有到，请在会后交办，或填今天。")
        return day

    def meeting(self) -> Handover:
        """The meeting's row, made once per name and day."""
        return Handover.objects.get_or_create(**self.cleaned_data)[0]


class RowForm(forms.Form):
    """One case of a hand-over: a lead unit and perhaps support units; left empty, the case stays."""

    lead = UnitField(label="主办单位", required=False)
    supports = UnitsField(label="会办单位", required=False)

    def __init__(self, data=None, *, proposal: Proposal, book: UnitBook, likely: Sequence[Recommendation] = ()):
        suggested = [unit.short_name or unit.name for unit in proposal.suggested_units.all()]
        initial = {"lead": suggested[0] if suggested else "", "supports": "、".join(suggested[1:])}
        super().__init__(data, prefix=str(proposal.pk), initial=initial)
        self.proposal = proposal
        self.likely = likely[:3]
        for field in self.fields.values():
            field.book = book
            field.widget.attrs["class"] = "form-control"

    def clean(self):
        """Support units need a lead."""
        values = super().clean()
        if values.get("supports") and not values.get("lead") and "lead" not in self.errors:
            self.add_error("lead", "填了会办单位，还要填主办单位。")
        return values

    def assignment(self) -> Assignment | None:
        """What the service takes; None when nothing was filled in."""
        lead, supports = self.cleaned_data.get("lead"), self.cleaned_data.get("supports") or []
        if lead is None:
            return None
        mode = Proposal.Mode.LEAD_SUPPORT if supports else Proposal.Mode.SOLE
        return Assignment(self.proposal.pk, mode, lead, supports)


@dataclass
class HandoverForms:
    """The meeting and its rows as one form."""

    meeting: MeetingForm
    rows: list[RowForm]

    def is_valid(self) -> bool:
        """Whether the meeting and every row can be taken; all are checked, so all errors show."""
        checks = [self.meeting.is_valid(), *(row.is_valid() for row in self.rows)]
        return all(checks)
