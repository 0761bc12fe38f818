"""Read a pasted list of members 粘贴名单: by code or by name; who is unknown is named, the others are kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from members.models import Member
from members.papers.matching import PeopleIndex, Person

MOST = 2000
"""Entries that one pasted list may hold."""

_ENDS = re.compile(r"[\n\r,，、;；\t]+")
_SPACE = re.compile(r"[\s　]+")
_NUMBERED = re.compile(r"^\d{1,4}[.．、)）]\s*(?=\D)")


@dataclass
class Found:
    """The members that a list names (ids in its order, each once), and a sentence for each entry it could not."""

    ids: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Roll:
    """Members known by code, by the last digits of the code, and by name."""

    def __init__(self, members: Iterable[tuple[int, str, str, str]]) -> None:
        """``members`` are (id, code, name, sector)."""
        rows = list(members)
        self._ids = {code: pk for pk, code, _, _ in rows}
        self._people = PeopleIndex(Person(code, name, sector or "") for _, code, name, sector in rows)
        self._tails: dict[str, set[str]] = {}
        for _, code, _, _ in rows:
            digits = re.sub(r"\D", "", code)
            for length in range(3, len(digits) + 1):
                self._tails.setdefault(digits[-length:], set()).add(code)

    @classmethod
    def of(cls, members) -> "Roll":
        """A roll of a queryset of members; one query."""
        return cls(members.values_list("pk", "code", "name", "sector__name"))

    def find(self, written: str) -> tuple[int | None, str]:
        """The member an entry means, or None and why it could not be told."""
        plain = _SPACE.sub("", written)
        upper = plain.upper()
        if upper in self._ids:
            return self._ids[upper], ""
        if plain.isdecimal():
            codes = self._tails.get(plain, set())
            if len(codes) == 1:
                return self._ids[next(iter(codes))], ""
            why = f"有{len(codes)}个编号以它结尾，请写全" if codes else "名册里没有这个编号"
            return None, f"“{plain}”：{why}。"
        match = self._people.find(plain)
        if match.found is not None:
            return self._ids[match.found.code], ""
        if match.candidates:
            who = "、".join(f"{row.code}{('（' + row.sector + '）') if row.sector else ''}" for row in match.candidates)
            return None, f"“{plain}”：同名的有{len(match.candidates)}位：{who}。请改写编号。"
        return None, f"“{plain}”：名册里没有这个人。"


def read(text: str, roll: Roll) -> Found:
    """Understand a pasted list, one entry a line or parted by commas; a name may have a blank in it."""
    found = Found()
    for piece in _ENDS.split(text.strip())[:MOST]:
        entry = _NUMBERED.sub("", piece.strip())
        if not entry:
            continue
        pk, problem = roll.find(entry)
        if pk is None and _SPACE.search(entry):
            for word in _SPACE.split(entry):
                _take(found, *roll.find(word))
        else:
            _take(found, pk, problem)
    return found


def _take(found: Found, pk: int | None, problem: str) -> None:
    if pk is None:
        if problem not in found.problems:
            found.problems.append(problem)
    elif pk not in found.ids:
        found.ids.append(pk)


def in_office() -> Roll:
    """All members in office."""
    return Roll.of(Member.objects.filter(is_active=True))
