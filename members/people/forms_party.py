"""Forms of party building 党建: a branch, who is put into it, who keeps contact."""

from typing import Any

from django import forms

from members.models import Body, Member, PartyBranch
from members.people.forms import DATE, day_field
from members.people.political import party_members


class BranchForm(forms.ModelForm):
    """A branch 党支部."""

    class Meta:
        model = PartyBranch
        fields = ["name", "body", "secretary", "founded_on", "is_active"]
        widgets = {"founded_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (Body.Kind.COMMITTEE, Body.Kind.SECTOR)
        self.fields["body"].queryset = Body.objects.filter(kind__in=kinds, is_active=True)
        self.fields["body"].empty_label = "不设在哪里"
        self.fields["secretary"].queryset = Member.objects.filter(party_members(), is_active=True)
        self.fields["secretary"].empty_label = "暂缺"

    def validate_unique(self) -> None:
        """The service says in words which name is taken."""


class BranchPlaceForm(forms.Form):
    """The branch into which picked members are put."""

    branch = forms.ModelChoiceField(
        PartyBranch.objects.filter(is_active=True), label="编入哪个支部", empty_label="请选"
    )
    on = day_field("从哪天起")


class ContactForm(forms.Form):
    """The Party member who keeps contact with the picked members."""

    contact = forms.ModelChoiceField(Member.objects.none(), label="由哪位党员委员联系", empty_label="请选")
    on = day_field("从哪天起")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Member.objects.filter(party_members(), is_active=True).order_by("name")
