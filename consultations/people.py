"""Members meant by a pasted list of names and codes 名单: who is unknown, or is several, is said by name."""

import re
from typing import Any

from members.models import Member

_BETWEEN = re.compile(r"[、，,；;\s]+")


def named_members(text: str, *, body_id: int | None = None, rows: bool = False) -> tuple[list[Any], str]:
    """Ids (or the members themselves) that a text names, and a sentence on what could not be matched.

    With ``body_id`` the members of that committee, sector or studio. Three queries at most.
    """
    words = [word for word in _BETWEEN.split(text.replace("\x00", "")) if word]
    found: list[Member] = []
    problems = []
    if words:
        known = list(Member.objects.filter(is_active=True, code__in=[word.upper() for word in words]))
        known += list(Member.objects.filter(is_active=True, name__in=words))
        for word in words:
            fits = {row.pk: row for row in known if word.upper() == row.code or word == row.name}
            if len(fits) == 1:
                found += fits.values()
            else:
                problems.append(f"“{word}”" + ("有几位，请写委员编号" if fits else "不在委员名录里"))
    if body_id is not None:
        active = Member.objects.filter(is_active=True)
        found += active.filter(committee=body_id) | active.filter(sector=body_id) | active.filter(studio=body_id)
    unique = {row.pk: row for row in found}
    sentence = "；".join(problems) + "。" if problems else ""
    return (list(unique.values()) if rows else list(unique)), sentence
