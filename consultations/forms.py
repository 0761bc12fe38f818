"""What forms of consultations share: texts and days as phones know them, bodies to choose from, acts that ask for little."""

from typing import Any

from django import forms

from consultations.models import Consultation
from members.activities.access import run_bodies
from members.models import Body, Role

TEXT = {"class": "form-control"}
Form = Consultation.Form


def area(rows: int) -> forms.Textarea:
    """A text of so many lines."""
    return forms.Textarea(attrs={"rows": rows, **TEXT})


def day(label: str, **kwargs: Any) -> forms.DateField:
    """A day as phones know it."""
    widget = forms.DateInput(attrs={"type": "date", **TEXT}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": "要写成2026-03-05这样的日期。"}, **kwargs
    )


def bodies_of(user: Any):
    """The bodies for which a person may enter a session."""
    rows = Body.objects.filter(is_active=True, kind__in=("committee", "studio", "sector", "office"))
    return rows if user.has_role(Role.LIAISON) else rows.filter(pk__in=run_bodies(user))


class ReasonForm(forms.Form):
    """An act with its reason."""

    reason = forms.CharField(label="理由", max_length=500, widget=area(3), error_messages={"required": "请写明理由。"})
