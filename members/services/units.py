"""What the proposals office keeps of handling units 承办单位: other names, contact, whether in use."""

from django.db import transaction

from core import audit
from core.errors import Refusal
from members.models import HandlingUnit, User
from members.selectors import MANAGES_UNITS

FIELDS = ("short_name", "aliases", "side", "leader_post", "contact_post", "phone", "is_active")


@transaction.atomic
def change_unit(unit: HandlingUnit, *, actor: User, **values) -> HandlingUnit:
    """Change a unit's particulars; an alias may not be another unit's name, or papers would go astray."""
    if not actor.has_role(*MANAGES_UNITS):
        raise Refusal("只有提案委能改承办单位。")
    if extra := set(values) - set(FIELDS):
        raise ValueError(f"not a field of this page: {sorted(extra)}")
    unit = HandlingUnit.objects.select_for_update().get(pk=unit.pk)
    taken = _names_of_others(unit)
    for alias in [*values.get("aliases", []), values.get("short_name", unit.short_name)]:
        if owner := taken.get(alias):
            raise Refusal(f"“{alias}”已经是{owner}的名称或别名，请先在那边去掉。", field="aliases")
    changed = {name: [getattr(unit, name), value] for name, value in values.items() if getattr(unit, name) != value}
    if not changed:
        return unit
    for name, value in values.items():
        setattr(unit, name, value)
    unit.save(update_fields=list(changed))
    audit.record(
        verb="unit.change", summary=f"改承办单位：{unit.name}", actor=actor, subject=unit, detail={"changes": changed}
    )
    return unit


@transaction.atomic
def add_alias(unit: HandlingUnit, alias: str, *, actor: User) -> HandlingUnit:
    """Remember one more name by which papers call a unit 记作别名; one known already changes nothing."""
    words = " ".join(alias.split())
    if not words or len(words) > 40:
        raise Refusal("别名要有1到40个字。", field="name")
    current = HandlingUnit.objects.select_for_update().get(pk=unit.pk)
    if words in (current.name, current.short_name, *current.aliases):
        return current
    return change_unit(current, actor=actor, aliases=[*current.aliases, words])


def _names_of_others(unit: HandlingUnit) -> dict[str, str]:
    rows = HandlingUnit.objects.exclude(pk=unit.pk).values_list("name", "short_name", "aliases")
    return {word: name for name, short, aliases in rows for word in (name, short, *aliases)}
