"""The form that makes a name another name of a unit (记作别名)."""

from typing import cast

from django import forms

from members.models import HandlingUnit
from members.papers.matching import UnitIndex, UnitName


class AliasForm(forms.Form):
    """Which unit is meant by a name."""

    unit = forms.ModelChoiceField(
        label="是哪个单位", queryset=HandlingUnit.objects.none(), empty_label="请选择",
        help_text="写法最像的排在最前面。",
    )  # fmt: skip

    def __init__(self, *args, name: str, **kwargs):
        super().__init__(*args, **kwargs)
        units = list(HandlingUnit.objects.filter(is_active=True).order_by("order", "id"))
        index = UnitIndex(UnitName(u.name, u.short_name, tuple(u.aliases)) for u in units)
        near = index.nearest_names(name, most=5)
        units.sort(key=lambda unit: near.index(unit.name) if unit.name in near else len(near))
        field = cast(forms.ModelChoiceField, self.fields["unit"])
        field.queryset = HandlingUnit.objects.filter(is_active=True)
        head = [(u.pk, _shown(u)) for u in units if u.name in near]
        rest = [(u.pk, _shown(u)) for u in units if u.name not in near]
        field.choices = [("", "请选择"), *([("最像的", head)] if head else []), ("全部单位", rest)]


def _shown(unit: HandlingUnit) -> str:
    return unit.name if unit.short_name in ("", unit.name) else f"{unit.name}（{unit.short_name}）"
