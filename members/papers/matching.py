"""Find the unit, member or body that a paper means by a name (对名), guessing nobody.

Papers write a unit's short name, an old name or a spoken one (城管局, 县河, 区教育局).
A name is matched exactly first, then by its core: without the place before it and the
kind of office after it. Only a single possible answer counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from members.models import Body, HandlingUnit, Member, Term

_PLACE = re.compile(
    r"^(?:中国共产党|中共|国家税务总局|陕西省|安康市|安康|汉滨区委(?!员会)|汉滨区|汉滨)*"
    r"(?:区委(?!员会)|区政府|区|市(?![场政民容]))?"
)
_INNER_PLACE = re.compile(r"(?:安康市|安康|汉滨区|汉滨)")
_OFFICE = re.compile(
    r"(?:人民政府|政府|街道办事处|街道办|办事处|街道|委员会|分局|总局|大队|支队|中心|公司|联合会|镇|乡|办|委|局)$"
)


def without_place(name: str) -> str:
    """A name without the places in it: 安康市汉滨区水利局 → 水利局; brackets, quotes and spaces go too."""
    bare = re.sub(r"[\s（）()“”\"·]", "", name)
    return _INNER_PLACE.sub("", _PLACE.sub("", bare)) or bare


def core_name(name: str) -> str:
    """A unit's name without the place before it and the kind of office after it: 汉滨区县河镇人民政府 → 县河."""
    bare = without_place(name)
    while len(bare) > 2:
        shorter = _OFFICE.sub("", bare)
        if shorter == bare or len(shorter) < 2:
            break
        bare = shorter
    return bare


def _is_part(part: str, full: str) -> bool:
    """Whether a core is the beginning, or a long enough piece, of a known one: 教育 of 教育体育."""
    return full.startswith(part) or (len(part) >= 3 and part in full)


def _is_abbreviation(short: str, full: str) -> bool:
    """Whether the characters of `short` stand in `full` in the same order, first one first."""
    if len(short) < 2 or not full.startswith(short[0]):
        return False
    rest = iter(full)
    return all(c in rest for c in short)


@dataclass(frozen=True, slots=True)
class Match:
    """What a name was matched to: `found`, or None with the `candidates` it could have meant.

    `note` says in Chinese by what assumption it was found, when it was not by its own name.
    """

    found: Any
    candidates: tuple[Any, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitName:
    """A handling unit as papers know it."""

    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every name by which the unit is known."""
        return tuple(n for n in (self.name, self.short_name, *self.aliases) if n)


class UnitIndex:
    """All handling units by every way of naming them."""

    def __init__(self, units: Iterable[UnitName] = ()):
        self.units: dict[str, UnitName] = {}
        self._exact: dict[str, dict[str, UnitName]] = {}
        self._cores: dict[str, dict[str, UnitName]] = {}
        for unit in units:
            self.add(unit)

    def add(self, unit: UnitName) -> None:
        """Make a unit known; a unit of the same full name is replaced."""
        self.units[unit.name] = unit
        for name in unit.all_names:
            self._exact.setdefault(_plain(name), {})[unit.name] = unit
            self._cores.setdefault(core_name(name), {})[unit.name] = unit

    def find(self, name: str) -> Match:
        """The unit meant by a name, by full name, short name, alias, then by the core of the name."""
        plain = _plain(name)
        if found := self._exact.get(plain):
            # Its own full name settles what an alias shared by two units leaves open.
            return Match(found[plain]) if plain in found else _only(found.values())
        core = core_name(name)
        if len(core) < 2:
            return Match(None)
        if found := self._cores.get(core):
            return _only(found.values())
        for fits in (_is_part, _is_abbreviation):
            near = {
                unit.name: unit
                for known, units in self._cores.items()
                if fits(core, known)
                for unit in units.values()
                # The name that fits must itself end alike: 水理局 is not short for 水务管理处, another name of 水利局.
                if any(plain[-1] == name[-1] and core_name(name) == known for name in unit.all_names)
            }
            if near:
                match = _only(near.values())
                note = f"按“{match.found.name}”认；如不对，请改写全称。" if match.found else ""
                return Match(match.found, match.candidates, note)
        return Match(None)

    def split_pair(self, name: str) -> list[str] | None:
        """Two known units joined by 和, 及 or 与 in one name, such as 区财政局和区民政局."""
        for joint in re.finditer(r"[和及与]", name):
            left, right = name[: joint.start()], name[joint.end() :]
            if self.is_known(left) and self.is_known(right):
                return [left, right]
        return None

    def nearest(self, name: str) -> UnitName | None:
        """The unit whose name is written most like this one, to be shown to a person and never taken."""
        names = self.nearest_names(name, most=1, least=65)
        return self.units[names[0]] if names else None

    def nearest_names(self, name: str, *, most: int, least: int = 40) -> list[str]:
        """Full names of the units written most like a name, the likest first; ``least`` of 100."""
        names = {known: unit.name for unit in self.units.values() for known in unit.all_names}
        found = process.extract(_plain(name), names.keys(), scorer=fuzz.ratio, score_cutoff=least, limit=most * 3)
        return list(dict.fromkeys(names[known] for known, _, _ in found))[:most]

    def is_known(self, name: str) -> bool:
        """Whether a name is exactly some unit's full name, short name or alias."""
        return _plain(name) in self._exact


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", name)


def _only(found: Iterable[UnitName]) -> Match:
    units = list(found)
    return Match(units[0], tuple(units)) if len(units) == 1 else Match(None, tuple(units))


@dataclass(frozen=True, slots=True)
class Person:
    """A member as papers know him; the code tells him apart."""

    code: str
    name: str
    sector: str = ""
    phone: str = ""
    studio: str = ""
    post: str = ""


_HINT = re.compile(r"^(.*?)[（(【\[]([^）)】\]]+)[）)】\]]$")
_TITLE = re.compile(r"(?:政协)?(?:委员|常委|副?主席|秘书长|同志|先生|女士|召集人)$|^(?:区?政协)?委员(?=..)")
_NO_HINT = frozenset(
    {"男", "女", "委员", "政协委员", "常委", "主席", "副主席", "第一提案人", "执笔", "领衔", "召集人", "等"}
)
"""What stands in brackets behind a name and does not tell namesakes apart."""


def _bare(name: str) -> str:
    """A name without the spaces in it: 李　明 is 李明; 巴图 · 孟和 keeps its dot."""
    return re.sub(r"\s+", "", name)


class PeopleIndex:
    """All members by name; a name may be borne by several."""

    def __init__(self, people: Iterable[Person] = ()):
        self.by_code: dict[str, Person] = {}
        self._by_name: dict[str, dict[str, Person]] = {}
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        """Make a member known; one of the same code is replaced."""
        old = self.by_code.get(person.code)
        if old is not None:
            self._by_name[old.name].pop(old.code, None)
        self.by_code[person.code] = person
        self._by_name.setdefault(person.name, {})[person.code] = person

    def find(self, written: str, *, sector: str = "", phone: str = "", studio: str = "") -> Match:
        """The member meant by a name, told apart by studio, sector, a hint in brackets, or telephone."""
        name, said = self._split(written)
        known = list(self._by_name.get(name, {}).values())
        if said.upper() in self.by_code and self.by_code[said.upper()].name == name:
            return Match(self.by_code[said.upper()])
        own = [person for person in known if studio and person.studio == studio]
        if len(own) == 1 and not said:
            return Match(own[0], tuple(known))
        wanted = said or sector
        if len(known) == 1:
            only = known[0]
            if wanted and only.sector and not _same_sector(wanted, only.sector):
                return Match(only, (only,), f"名册里{name}的界别是“{only.sector}”，与这里写的“{wanted}”不同，请核对。")
            return Match(only, (only,))
        for narrowed in (
            [p for p in known if wanted and _same_sector(wanted, p.sector)],
            [p for p in known if phone and p.phone == phone],
        ):
            if len(narrowed) == 1:
                return Match(narrowed[0], tuple(known))
        return Match(None, tuple(known))

    def bare_name(self, written: str) -> str:
        """The name without a hint in brackets, spaces inside, and a title such as 委员."""
        return self._split(written)[0]

    def _split(self, written: str) -> tuple[str, str]:
        """Name and hint; a title is taken off only where the whole is nobody's name."""
        hint = _HINT.match(written)
        name, said = (hint[1].strip(), hint[2].strip()) if hint else (written, "")
        name = name if name in self._by_name else _bare(name)
        if name not in self._by_name:
            untitled = _TITLE.sub("", name)
            name = untitled if len(untitled) >= 2 else name
        return name, "" if said in _NO_HINT else said


def _same_sector(one: str, other: str) -> bool:
    short = [re.sub(r"界别?$|[、和与\s]", "", name) for name in (one, other)]
    return short[0] == short[1] or (min(map(len, short)) >= 2 and (short[0] in short[1] or short[1] in short[0]))


@dataclass(frozen=True, slots=True)
class BodyName:
    """A body (界别, 专委会, 党派, 人民团体, 工作室) as papers know it."""

    kind: str
    name: str
    aliases: tuple[str, ...] = ()


_BODY_NOISE = re.compile(r"^(?:政协)?(?:安康市)?(?:汉滨区)?(?:区)?(?:政协)?|[“”\"'‘’\s\-—－–]|界别?$")


class BodyIndex:
    """All bodies by kind and name; quotation marks, 区政协 before and 界别 after do not count."""

    def __init__(self, bodies: Iterable[BodyName] = ()):
        self._by_kind: dict[str, dict[str, BodyName]] = {}
        for body in bodies:
            self.add(body)

    def add(self, body: BodyName) -> None:
        """Make a body known."""
        for name in (body.name, *body.aliases):
            self._by_kind.setdefault(body.kind, {}).setdefault(self.key(name), body)

    def find(self, kind: str, name: str) -> BodyName | None:
        """The body of a kind meant by a name."""
        known = self._by_kind.get(kind, {})
        return known.get(self.key(name))

    @staticmethod
    def key(name: str) -> str:
        """A body's name without what varies from paper to paper."""
        bare = _BODY_NOISE.sub("", name)
        return bare or name


@dataclass
class Directory:
    """Who is who in one import: what is stored, and what the papers read before would add."""

    units: UnitIndex = field(default_factory=UnitIndex)
    people: PeopleIndex = field(default_factory=PeopleIndex)
    bodies: BodyIndex = field(default_factory=BodyIndex)
    terms: set[int] = field(default_factory=set)

    @classmethod
    def load(cls, context: Any = None) -> Directory:
        """Read units, members, bodies and terms from the database, four queries."""
        units = HandlingUnit.objects.filter(is_active=True).values_list("name", "short_name", "aliases")
        columns = ("code", "name", "sector__name", "phone", "studio__name", "post")
        people = Member.objects.values_list(*columns)
        bodies = Body.objects.values_list("kind", "name", "short_name", "aliases")
        return cls(
            UnitIndex(UnitName(name, short, tuple(aliases or ())) for name, short, aliases in units),
            PeopleIndex(Person(*(value or "" for value in row)) for row in people),
            BodyIndex(
                BodyName(kind, name, tuple(a for a in (short, *(aliases or ())) if a))
                for kind, name, short, aliases in bodies
            ),
            set(Term.objects.values_list("number", flat=True)),
        )
